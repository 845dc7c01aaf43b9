"""For which groups a floor can be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.multilingual import MultilingualText
from hiwar.dialogues.queries.attributes import answers
from hiwar.dialogues.queries.dialogues import dialogue_templates

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.forums.models import Forum, ForumTarget

YOUNG = ("18-19", "20-24", "25-29", "18-29")
PLACE = "place"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people, or places: key, name, and the answers by which it is known."""

    key: str
    name: MultilingualText
    attribute: str
    values: tuple[str, ...]


def groups() -> dict[str, Group]:
    """Return the groups a floor can be set for, by key."""
    known = {
        (entry["attribute"], *entry["values"]): MultilingualText(entry["label"])
        for plan in dialogue_templates().values()
        for entry in plan["targets"]
    }
    offered = [
        Group("women", known["sex", "female"], "sex", ("female",)),
        Group("youth", known[("age_band", *YOUNG)], "age_band", YOUNG),
        Group("disability", known["disability", "yes"], "disability", ("yes",)),
        Group(PLACE, known[(PLACE,)], PLACE, ()),
        *(
            Group(f"sector-{code}", name, "sector", (code,))
            for code, name in answers("sector").items()
        ),
    ]
    return {group.key: group for group in offered}


def targets_of(forum: Forum) -> QuerySet[ForumTarget]:
    """Return the floors of a forum, shares of people before places."""
    return forum.targets.order_by("count", "-share", "attribute", "pk")
