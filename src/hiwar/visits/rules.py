"""Who may read, run and publish visits, and who may open travellers' documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.visits.models import Visit

PERMISSIONS = {
    "visits.see": _("Read visits and their programmes"),
    "visits.run": _("Plan visits, change programmes and make packs"),
    "visits.see_documents": _("Open the travel documents of visitors"),
    "visits.publish": _("Make the fact of a visit public"),
}


def can_see_visits(user: Somebody) -> bool:
    """Return whether the user may read visits at the desk."""
    return has_permission(user, "visits.see")


def can_see_visit(user: Somebody, visit: Visit) -> bool:
    """Return whether the user may read one visit."""
    return can_see_visits(user) and is_readable_by(user, visit)


def can_run_visits(user: Somebody) -> bool:
    """Return whether the user may plan visits."""
    return has_permission(user, "visits.run")


def can_run_visit(user: Somebody, visit: Visit) -> bool:
    """Return whether the user may change one visit."""
    return can_run_visits(user) and is_readable_by(user, visit)


def can_note_visit(user: Somebody, visit: Visit) -> bool:
    """Return whether the user may write down what was said at an item of a visit."""
    return can_see_visit(user, visit)


def can_open_documents(user: Somebody) -> bool:
    """Return whether the user may open travel documents at all."""
    return has_permission(user, "visits.see_documents")


def can_see_documents(user: Somebody, visit: Visit) -> bool:
    """Return whether the user may open the travel documents of a visit."""
    return can_open_documents(user) and is_readable_by(user, visit)


def can_publish_visits(user: Somebody) -> bool:
    """Return whether the user may make visits public at all."""
    return has_permission(user, "visits.publish")


def can_publish_visit(user: Somebody, visit: Visit) -> bool:
    """Return whether the user may make the fact of a visit public."""
    return can_publish_visits(user) and is_readable_by(user, visit)
