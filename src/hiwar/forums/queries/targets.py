"""For which groups a floor can be set: those of targets of dialogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.forums.models import Forum, ForumTarget


def targets_of(forum: Forum) -> QuerySet[ForumTarget]:
    """Return the floors of a forum, shares of people before places."""
    return forum.targets.order_by("count", "-share", "attribute", "pk")
