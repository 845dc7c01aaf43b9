"""Who may read and change the register of people, organisations and posts.

What is guarded is filtered in the database besides: a permission opens the room, and the
visibility of each record says what is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.contacts.models import Person

PERMISSIONS = {
    "contacts.see": _("Read people, organisations and posts"),
    "contacts.edit": _("Add and change people, organisations and posts"),
    "contacts.see_missions": _("Read what was said with diplomatic missions"),
    "contacts.see_private": _("See private telephone numbers and addresses"),
    "contacts.import": _("Bring in spreadsheets and cards of people"),
    "contacts.merge": _("Decide which records are one person"),
    "contacts.export": _("Take people out as files"),
}


def can_see_contact(user: Somebody) -> bool:
    """Return whether the user may read the register."""
    return has_permission(user, "contacts.see")


def can_edit_contact(user: Somebody) -> bool:
    """Return whether the user may add and change people, organisations and posts."""
    return has_permission(user, "contacts.edit")


def can_see_mission(user: Somebody) -> bool:
    """Return whether the user may read what was said with diplomatic missions."""
    return has_permission(user, "contacts.see_missions")


def can_see_private_point(user: Somebody) -> bool:
    """Return whether the user may see private telephone numbers and addresses."""
    return has_permission(user, "contacts.see_private")


def can_import_contact(user: Somebody) -> bool:
    """Return whether the user may bring in files of people and undo that."""
    return has_permission(user, "contacts.import")


def can_merge_person(user: Somebody) -> bool:
    """Return whether the user may decide which records are one person."""
    return has_permission(user, "contacts.merge")


def can_export_contact(user: Somebody) -> bool:
    """Return whether the user may take people out as files."""
    return has_permission(user, "contacts.export")


def is_live(person: Person) -> bool:
    """Return whether a record stands: neither removed nor merged into another."""
    return person.removed_at is None and person.merged_into_id is None
