"""Recommendations that are put to the last round of a dialogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.models import Recommendation, Round, Support

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User


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
    found: list[Recommendation] = []
    for code, text in texts.items():
        there = Recommendation.objects.filter(round=round, code=code).first()
        one = there or Recommendation(round=round, code=code)
        is_reworded = there is not None and there.text != dict(text)
        if is_reworded and Support.objects.filter(recommendation=there).exists():
            raise AnsweredAlready
        one.text = dict(text)
        one.full_clean()
        one.save()
        found.append(one)
    audit(actor, "dialogues.round.recommend", round, at=now, changed={"codes": list(texts)})
    return found
