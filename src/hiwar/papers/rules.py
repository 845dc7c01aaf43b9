"""Who may read papers, write them, freeze and publish them; who comments was asked by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.papers.models import Paper, Review

PERMISSIONS = {
    "papers.see": _("Read papers before they are published"),
    "papers.edit": _("Write papers and ask for reviews"),
    "papers.publish": _("Freeze, publish, correct and withdraw papers"),
}


def can_see_papers(user: Somebody) -> bool:
    """Return whether the user may read unpublished papers at all."""
    return has_permission(user, "papers.see")


def can_see_paper(user: Somebody, paper: Paper) -> bool:
    """Return whether the user may read one paper: it, and its dossier if it has one."""
    is_open = paper.dossier is None or is_readable_by(user, paper.dossier)
    return can_see_papers(user) and is_open and is_readable_by(user, paper)


def can_edit_papers(user: Somebody) -> bool:
    """Return whether the user may write papers at all."""
    return has_permission(user, "papers.edit")


def can_edit_paper(user: Somebody, paper: Paper) -> bool:
    """Return whether the user may write one paper."""
    return can_edit_papers(user) and can_see_paper(user, paper)


def can_publish_paper(user: Somebody, paper: Paper) -> bool:
    """Return whether the user may freeze, publish, correct and withdraw one paper."""
    return has_permission(user, "papers.publish") and can_see_paper(user, paper)


def can_comment_on(user: Somebody, review: Review) -> bool:
    """Return whether the user may comment: who was asked to, until they have finished."""
    is_asked = review.finished_at is None and review.reviewer_id == user.pk
    return is_asked and can_see_paper(user, review.paper)
