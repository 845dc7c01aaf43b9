"""Who may read what is not published yet, write it, and let it out: never the one who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.publishing.models import Item, ItemVersion

PERMISSIONS = {
    "publishing.see": _("Read what is written for the site before it is published"),
    "publishing.edit": _("Write for the site"),
    "publishing.publish": _("Publish on the site and withdraw what others wrote"),
}


def can_see_items(user: Somebody) -> bool:
    """Return whether the user may read unpublished items at all."""
    return has_permission(user, "publishing.see")


def can_see_item(user: Somebody, item: Item) -> bool:
    """Return whether the user may read one item: it, and its dossier if it has one."""
    return can_see_items(user) and (item.dossier is None or is_readable_by(user, item.dossier))


def can_edit_items(user: Somebody) -> bool:
    """Return whether the user may write for the site at all."""
    return has_permission(user, "publishing.edit")


def can_edit_item(user: Somebody, item: Item) -> bool:
    """Return whether the user may write one item."""
    return can_edit_items(user) and can_see_item(user, item)


def can_publish_items(user: Somebody) -> bool:
    """Return whether the user may publish and withdraw at all."""
    return has_permission(user, "publishing.publish")


def can_publish_item(user: Somebody, item: Item) -> bool:
    """Return whether the user may withdraw one item, or publish a version that others wrote."""
    return can_publish_items(user) and can_see_item(user, item)


def is_second_person(user: Somebody, version: ItemVersion) -> bool:
    """Return whether the user did not write the version: nobody approves their own words."""
    return version.saved_by_id != user.pk
