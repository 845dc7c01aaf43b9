"""Recommendations that are put to the last round of a dialogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.actions.votes import (
    LATEST,
    DialogueClosed,
    InvalidVote,
    NoRoundOpen,
    ParticipantBlocked,
)
from hiwar.dialogues.models import Dialogue, Participant, Recommendation, Round, Support

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User


LONGEST_REASON = 300


class ReasonTooLong(Refused):
    """A reason is a sentence or two."""

    code = "reason_too_long"
    message = _("This reason is longer than 300 characters.")


class NoRecommendationRound(Refused):
    """Only a round for recommendations takes them."""

    code = "no_recommendation_round"
    message = _("This round is not for recommendations, or it is closed.")


class AnsweredAlready(Refused):
    """People have answered these words, so the words stay."""

    code = "answered_already"
    message = _("People have answered this recommendation already, so it stays as it is.")


@transaction.atomic
def set_recommendations(
    *, actor: User, round: Round, texts: Mapping[str, Mapping[str, str]], now: datetime
) -> list[Recommendation]:
    """Write recommendations by their code, each in its languages; others stay.

    Raises ``NotAllowed``, ``NoRecommendationRound``, and ``AnsweredAlready`` for other words of
    one that was answered.
    """
    if not rules.can_run_dialogue(actor):
        raise NotAllowed
    if round.kind != Round.Kind.RECOMMEND or round.state == Round.State.CLOSED:
        raise NoRecommendationRound
    recommendations: list[Recommendation] = []
    for code, text in texts.items():
        there = Recommendation.objects.filter(round=round, code=code).first()
        recommendation = there or Recommendation(round=round, code=code)
        is_reworded = there is not None and there.text != dict(text)
        if is_reworded and Support.objects.filter(recommendation=there).exists():
            raise AnsweredAlready
        recommendation.text = dict(text)
        recommendation.full_clean()
        recommendation.save()
        recommendations.append(recommendation)
    audit(actor, "dialogues.round.recommend", round, at=now, changed={"codes": list(texts)})
    return recommendations


@transaction.atomic
def answer_recommendation(
    *,
    recommendation: Recommendation,
    participant: Participant,
    choice: str,
    sequence: int,
    reason: str = "",
) -> Support:
    """Take what a participant says to a recommendation; of two answers the later one stands.

    The same answer may be sent any number of times. Returns the answer that stands. Raises
    ``DialogueClosed``, ``NoRoundOpen``, ``ParticipantBlocked``, ``InvalidVote`` and
    ``ReasonTooLong``.
    """
    stage = Round.objects.select_related("dialogue").get(pk=recommendation.round_id)
    # The lock on the dialogue holds up its closing until this answer is written.
    dialogue = Dialogue.objects.select_for_update(no_key=True).get(pk=stage.dialogue_id)
    stage.refresh_from_db()
    if dialogue.state != Dialogue.State.OPEN:
        raise DialogueClosed
    if stage.state != Round.State.OPEN:
        raise NoRoundOpen
    person = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    if person.is_blocked:
        raise ParticipantBlocked
    is_ours = person.dialogue_id == dialogue.pk
    if not is_ours or choice not in Support.Choice.values or not 0 < sequence < LATEST:
        raise InvalidVote
    said = reason.strip() if choice == Support.Choice.OBJECT else ""
    if len(said) > LONGEST_REASON:
        raise ReasonTooLong
    answer, is_new = Support.objects.get_or_create(
        recommendation=recommendation,
        participant=person,
        defaults={"choice": choice, "reason": said, "sequence": sequence},
    )
    if not is_new and sequence > answer.sequence:
        answer.choice, answer.reason, answer.sequence = choice, said, sequence
        answer.save(update_fields=["choice", "reason", "sequence"])
    return answer
