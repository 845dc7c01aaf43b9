"""Who may read forums, plan them, approve them and tell participants what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.forums.models import Forum

PERMISSIONS = {
    "forums.see": _("Read policy forums"),
    "forums.plan": _("Plan policy forums, their stages and their targets"),
    "forums.approve": _("Approve policy forums, and what participants are told"),
}


def can_see_forums(user: Somebody) -> bool:
    """Return whether the user may read forums at all."""
    return has_permission(user, "forums.see")


def can_see_forum(user: Somebody, forum: Forum) -> bool:
    """Return whether the user may read one forum: it, and its dossier if it has one."""
    is_open = forum.dossier is None or is_readable_by(user, forum.dossier)
    return can_see_forums(user) and is_open and is_readable_by(user, forum)


def can_plan_forums(user: Somebody) -> bool:
    """Return whether the user may begin and plan forums at all."""
    return has_permission(user, "forums.plan")


def can_plan_forum(user: Somebody, forum: Forum) -> bool:
    """Return whether the user may change one forum, its stages and its targets."""
    return can_plan_forums(user) and can_see_forum(user, forum)


def can_approve_forums(user: Somebody) -> bool:
    """Return whether the user may approve forums at all."""
    return has_permission(user, "forums.approve")


def can_approve_forum(user: Somebody, forum: Forum) -> bool:
    """Return whether the user may approve one forum, close it, and release what people are told."""
    return can_approve_forums(user) and can_see_forum(user, forum)
