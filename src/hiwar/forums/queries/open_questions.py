"""What a forum leaves open, and how many people may be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hiwar.events.models import Event, OpenQuestion
from hiwar.events.queries.series import agreed_to_contact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from hiwar.forums.models import Stage


@dataclass(frozen=True, slots=True)
class Again:
    """A session of a forum, and how many of those who came agreed to be asked again."""

    event: Event
    agreed: int


def questions_left_open(stages: Iterable[Stage], readable: Collection[UUID]) -> list[OpenQuestion]:
    """Return the questions that readable sessions left open and that no later one took up."""
    keys = {stage.event_id for stage in stages if stage.event_id} & set(readable)
    questions = OpenQuestion.objects.filter(event__in=keys, answered_at=None)
    open_ones = questions.annotate(later=Count("carried_to", filter=Q(carried_to__event__in=keys)))
    return list(
        open_ones.filter(later=0)
        .select_related("event")
        .order_by("event__starts_at", "position", "pk")
    )


def who_may_be_asked_again(stages: Iterable[Stage], readable: Collection[UUID]) -> list[Again]:
    """Return readable sessions with how many people agreed; of people nothing else is told."""
    return [
        Again(stage.event, len(agreed_to_contact(stage.event)))
        for stage in stages
        if stage.event is not None and stage.event_id in readable
    ]
