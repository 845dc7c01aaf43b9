"""What people say to the recommendations of a dialogue's last round."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.multilingual import MultilingualText
from hiwar.common.personal.details import masked
from hiwar.dialogues.models import Participant, Recommendation, Round, Support

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.dialogues.models import Dialogue

Slot = tuple["UUID", int]


@dataclass(frozen=True, slots=True)
class Answered:
    """A recommendation with how many people support it, abstain and object, and why they object."""

    code: str
    text: MultilingualText
    support: int
    abstain: int
    object: int
    reasons: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """How many answered."""
        return self.support + self.abstain + self.object


def open_recommendations(dialogue: Dialogue) -> QuerySet[Recommendation]:
    """Return the recommendations that can be answered now, by their code."""
    recommendations = Recommendation.objects.filter(
        round__dialogue=dialogue,
        round__kind=Round.Kind.RECOMMEND,
        round__state=Round.State.OPEN,
    )
    return recommendations.order_by("round__number", "code", "pk")


def answers_of(participant: int, dialogue: Dialogue) -> dict[UUID, Support]:
    """Return what a participant answered, by recommendation."""
    supports = Support.objects.filter(
        participant=participant, recommendation__round__dialogue=dialogue
    )
    return {support.recommendation_id: support for support in supports.order_by("pk")}


def answered_recommendations(dialogue: Dialogue) -> list[Answered]:
    """Return every recommendation with its answers; objections stand beside support.

    People who are blocked are left out. Registrations that were joined count once, with the later
    of their answers. Reasons are in the words of participants, private details masked: for the
    desk, never published.
    """
    standing = _standing(dialogue)
    counts = Counter((slot[0], answer.choice) for slot, answer in standing.items())
    reasons: dict[UUID, list[str]] = {}
    for (recommendation, _person), answer in standing.items():
        if answer.reason and answer.choice == Support.Choice.OBJECT:
            reasons.setdefault(recommendation, []).append(masked(answer.reason))
    rows = Recommendation.objects.filter(round__dialogue=dialogue)
    return [
        Answered(
            row.code,
            MultilingualText({k: v for k, v in row.text.items() if isinstance(v, str)}),
            counts[row.pk, Support.Choice.SUPPORT.value],
            counts[row.pk, Support.Choice.ABSTAIN.value],
            counts[row.pk, Support.Choice.OBJECT.value],
            tuple(sorted(reasons.get(row.pk, ()))),
        )
        for row in rows.order_by("round__number", "code", "pk")
    ]


def people_answering(dialogue: Dialogue) -> int:
    """Return how many people answered at least one recommendation."""
    return len({person for _recommendation, person in _standing(dialogue)})


def _standing(dialogue: Dialogue) -> dict[Slot, Support]:
    """Return the answer that stands for each recommendation and person."""
    into = dict(
        Participant.objects.filter(dialogue=dialogue)
        .exclude(merged_into=None)
        .order_by("pk")
        .values_list("pk", "merged_into_id")
    )
    blocked = set(
        Participant.objects.filter(dialogue=dialogue, is_blocked=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    answers = Support.objects.filter(recommendation__round__dialogue=dialogue)
    standing: dict[Slot, Support] = {}
    for answer in answers.order_by("sequence", "pk"):
        person = answer.participant_id
        while person in into:
            person = into[person]
        if person not in blocked:
            standing[answer.recommendation_id, person] = answer
    return standing
