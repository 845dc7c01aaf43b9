"""What people say to the recommendations of a dialogue's last round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hiwar.common.multilingual import MultilingualText
from hiwar.dialogues.models import Recommendation, Support

if TYPE_CHECKING:
    from hiwar.dialogues.models import Dialogue


@dataclass(frozen=True, slots=True)
class Answered:
    """A recommendation with how many people support it, abstain and object."""

    code: str
    text: MultilingualText
    support: int
    abstain: int
    object: int

    @property
    def people(self) -> int:
        """How many answered."""
        return self.support + self.abstain + self.object


def answered_recommendations(dialogue: Dialogue) -> list[Answered]:
    """Return every recommendation with its answers; objections stand beside support.

    People who are blocked are left out. Registrations that were joined count once, because only
    the kept one answers.
    """
    counted = Q(answers__participant__is_blocked=False, answers__participant__merged_into=None)
    rows = (
        Recommendation.objects.filter(round__dialogue=dialogue)
        .order_by("round__number", "code", "pk")
        .annotate(
            n_support=Count("answers", filter=counted & Q(answers__choice="support")),
            n_abstain=Count("answers", filter=counted & Q(answers__choice="abstain")),
            n_object=Count("answers", filter=counted & Q(answers__choice="object")),
        )
        .values_list("code", "text", "n_support", "n_abstain", "n_object")
    )
    return [Answered(code, MultilingualText(text), *numbers) for code, text, *numbers in rows]


def people_answering(dialogue: Dialogue) -> int:
    """Return how many people answered at least one recommendation."""
    answers = Support.objects.filter(
        recommendation__round__dialogue=dialogue,
        participant__is_blocked=False,
        participant__merged_into=None,
    )
    return answers.values("participant").distinct().count()
