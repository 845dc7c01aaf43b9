"""Answers of posts: recorded at the desk, confirmed, corrected by another answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.actions.points import change_state
from hiwar.asks.models import Addressee, Answer, AnswerPoint, AskPoint
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User

State = Addressee.State
Verdict = AnswerPoint.Verdict


@dataclass(frozen=True, slots=True)
class Reply:
    """What an addressee says: a verdict by the key of each point, words, a day, and who says it."""

    verdicts: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    until: date | None = None
    giver_name: str = ""
    giver_function: str = ""
    capacity: str = Answer.Capacity.HOLDER
    kind: str = Answer.Kind.ANSWER
    may_publish: bool = False


class NotAskedYet(Refused):
    """Who was not asked has not answered."""

    code = "not_asked_yet"
    message = _("The ask is not approved for this post yet, so there is nothing to answer.")


class VerdictMissing(Refused):
    """An answer says something about at least one point."""

    code = "verdict_missing"
    message = _("Choose an answer for at least one point.")


class TimeWithoutDay(Refused):
    """Who needs time says until when."""

    code = "time_without_day"
    message = _("Say until when time is needed; the day must still be to come.")


class AnsweredLater(Refused):
    """What was answered was not answered on a day to come."""

    code = "answered_later"
    message = _("An answer cannot have been given on a day that is still to come.")


@transaction.atomic
def record_answer(
    *,
    actor: User,
    addressee: Addressee,
    way: str,
    answered_on: date,
    reply: Reply,
    now: datetime,
    corrects: Answer | None = None,
    is_demo: bool = False,
) -> Answer:
    """Write down what a post answered by letter, in a meeting, by telephone or in public.

    Raises ``NotAllowed``, ``NotAskedYet``, ``AnsweredLater``, ``VerdictMissing``,
    ``TimeWithoutDay`` and ``ValidationError``.
    """
    if not rules.can_record_position(actor, addressee.ask):
        raise NotAllowed
    if answered_on > dates.local_day(now):
        raise AnsweredLater
    answer = Answer(
        addressee=addressee, way=way, answered_on=answered_on, recorded_at=now, recorded_by=actor,
        corrects=corrects, is_demo=is_demo,
    )  # fmt: skip
    return keep_answer(answer, reply, actor=actor, now=now)


def keep_answer(answer: Answer, reply: Reply, *, actor: User | None, now: datetime) -> Answer:
    """Save an answer with its verdicts, and take its addressee on; the rule was asked before.

    Raises ``NotAskedYet``, ``VerdictMissing``, ``TimeWithoutDay`` and ``ValidationError``.
    """
    addressee = Addressee.objects.select_for_update().select_related("ask").get(
        pk=answer.addressee_id
    )  # fmt: skip
    if addressee.state == State.DRAFTED:
        raise NotAskedYet
    points = {str(point.pk): point for point in AskPoint.objects.filter(ask=addressee.ask)}
    verdicts = {
        key: verdict
        for key, verdict in reply.verdicts.items()
        if key in points and verdict in Verdict.values
    }
    if reply.kind == Answer.Kind.ANSWER and not verdicts:
        raise VerdictMissing
    needs_time = Verdict.TIME in verdicts.values()
    if needs_time and (reply.until is None or reply.until < dates.local_day(now)):
        raise TimeWithoutDay
    answer.kind, answer.words, answer.until = reply.kind, reply.words.strip()[:4000], reply.until
    answer.giver_name = reply.giver_name.strip()[:200]
    answer.giver_function = reply.giver_function.strip()[:200]
    answer.capacity, answer.may_publish = reply.capacity, reply.may_publish
    answer.full_clean()
    answer.save()
    if reply.kind == Answer.Kind.ANSWER:
        AnswerPoint.objects.bulk_create(
            AnswerPoint(answer=answer, point=points[key], verdict=verdict)
            for key, verdict in verdicts.items()
        )
        addressee.needs_time_until = reply.until if needs_time else None
        addressee.save(update_fields=["needs_time_until"])
        only_time = set(verdicts.values()) == {Verdict.TIME}
        state = State.DISCUSSED if only_time else State.ANSWERED
        change_state(addressee, state, actor=actor, now=now, day=answer.answered_on)
    changed: dict[str, Any] = {"post": str(addressee), "kind": ["", answer.kind]}
    audit(actor, "asks.answer.record", addressee.ask, at=now, changed=changed)
    return answer


@transaction.atomic
def confirm_answer(*, actor: User, answer: Answer, confirmed_as: str, now: datetime) -> Answer:
    """Say how an answer that came by a link was confirmed; raises ``NotAllowed``.

    Raises ``ValidationError`` for what is no way of confirming.
    """
    locked = Answer.objects.select_for_update(of=("self",)).select_related("addressee__ask").get(
        pk=answer.pk
    )  # fmt: skip
    if not rules.can_record_position(actor, locked.addressee.ask):
        raise NotAllowed
    before = locked.confirmed_as
    locked.confirmed_as, locked.confirmed_by, locked.confirmed_at = confirmed_as, actor, now
    locked.full_clean()
    locked.save(update_fields=["confirmed_as", "confirmed_by", "confirmed_at"])
    audit(actor, "asks.answer.confirm", locked.addressee.ask, at=now,
          changed={"confirmed": [before, confirmed_as]})  # fmt: skip
    return locked
