"""What laws wait for, by day: stages whose clock runs, consultations that close or owe answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.accounts.queries import readable_by
from hiwar.common.dates import local_day
from hiwar.legislation.models import Consultation, LawVersion, LegislativeStep
from hiwar.legislation.queries.laws import dated_steps
from hiwar.places.queries.calendars import the_calendar
from hiwar.places.queries.deadlines import DaysOff, Interruption, days_off, reckon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Law
    from hiwar.places.queries.deadlines import Step

K = LegislativeStep.Kind
OVER = frozenset([K.WITHDRAWN, K.LAPSED])
# How long before its day a deadline stands on the morning page.
SOON = timedelta(days=14)
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of the stage at which a law stands.

    ``day`` is the last one by which it goes on, with its derivation; None while the law is
    suspended, since ``paused_on``.
    """

    step: LegislativeStep
    day: date | None
    steps: tuple[Step, ...] = ()
    is_estimated: bool = False
    paused_on: date | None = None


@dataclass(frozen=True, slots=True)
class LawDeadline:
    """A day that a law waits for: ``kind`` is clock, closing or answers; ``text`` says it."""

    law: UUID
    kind: str
    day: date
    text: str
    consultation: Consultation | None = None
    clock: Clock | None = None


def clock_of(steps: Sequence[LegislativeStep], off: DaysOff) -> Clock | None:
    """Return the clock of the stage at which a law stands, None where none runs.

    Days of a suspension do not count: from its day to the day before the law was resumed. Steps
    without a day start no clock.
    """
    dated = dated_steps(steps)
    at = max((place for place, step in enumerate(dated) if step.stage_id), default=None)
    if at is None or dated[-1].kind in OVER:
        return None
    stage = dated[at].stage
    came_on = dated[at].happened_on
    if stage is None or came_on is None or not stage.clock_days:
        return None
    paused_on, pauses = _pauses(dated[at + 1 :])
    if paused_on is not None:
        return Clock(dated[at], None, paused_on=paused_on)
    end = reckon(
        off, came_on, stage.clock_days, "working_days" if stage.counts_working_days else "days",
        roll="next_working_day" if stage.rolls else "none", interruptions=pauses,
    )  # fmt: skip
    return Clock(dated[at], end.day, end.steps, end.is_estimated)


def _pauses(later: Iterable[LegislativeStep]) -> tuple[date | None, list[Interruption]]:
    paused_on: date | None = None
    pauses = []
    for step in later:
        assert step.happened_on is not None  # noqa: S101 - the steps are dated
        if step.kind == K.SUSPENDED and paused_on is None:
            paused_on = step.happened_on
        elif step.kind == K.RESUMED and paused_on is not None:
            if step.happened_on > paused_on:
                pauses.append(Interruption(paused_on, step.happened_on - _ONE, str(step)))
            paused_on = None
    return paused_on, pauses


def calendar_of(steps: Iterable[LegislativeStep]) -> DaysOff:
    """Return the days off that clocks of some laws meet; none where there is no calendar."""
    days = [step.happened_on for step in steps if step.happened_on is not None]
    calendar = the_calendar()
    if calendar is None or not days:
        return DaysOff(frozenset(), ())
    return days_off(calendar, min(days))


def deadlines_of(user: User, laws: Iterable[Law], now: datetime) -> list[LawDeadline]:
    """Return what laws wait for, as a user may know it, the first day first; five queries.

    A consultation that closed with comments unanswered waits since its last day; so does one that
    all comments of are answered and that nobody closed.
    """
    by_key = {law.pk: law for law in laws}
    deadlines = [*_clocks(by_key), *_consultations(user, by_key, now)]
    return sorted(deadlines, key=lambda deadline: (deadline.day, deadline.text))


def _clocks(laws: Mapping[UUID, Law]) -> Iterable[LawDeadline]:
    by_law: dict[UUID, list[LegislativeStep]] = {}
    steps = LegislativeStep.objects.filter(law__in=list(laws)).select_related("stage")
    for step in steps.order_by("recorded_at", "pk"):
        by_law.setdefault(step.law_id, []).append(step)
    off = calendar_of(step for steps_of_law in by_law.values() for step in steps_of_law)
    for key, steps_of_law in by_law.items():
        clock = clock_of(steps_of_law, off)
        if clock is not None and clock.day is not None:
            text = _("%(stage)s: the time ends") % {"stage": str(clock.step)}
            yield LawDeadline(key, "clock", clock.day, text, clock=clock)


def _consultations(user: User, laws: Mapping[UUID, Law], now: datetime) -> Iterable[LawDeadline]:
    consultations = Consultation.objects.filter(
        readable_by(user, LawVersion, path="version__"), law__in=list(laws), answered_at=None
    )
    owed = Count("comments", filter=Q(comments__disposition=""))
    for consultation in consultations.annotate(owed=owed).order_by("closes_on", "pk"):
        state = consultation.state(now)
        closes = consultation.closes_on
        if state == "coming":
            yield LawDeadline(
                consultation.law_id, "opening", consultation.opens_on,
                _("The consultation opens"), consultation,
            )  # fmt: skip
        elif state == "open":
            yield LawDeadline(
                consultation.law_id, "closing", closes, _("The consultation closes"), consultation
            )
        else:
            count: int = consultation.owed
            text = ngettext(
                "%(n)s comment waits for what becomes of it",
                "%(n)s comments wait for what becomes of them",
                count,
            ) % {"n": count}
            if not count:
                text = _("Every comment is answered: the consultation can be closed")
            yield LawDeadline(consultation.law_id, "answers", closes, text, consultation)


def urgent(deadlines: Iterable[LawDeadline], now: datetime) -> list[LawDeadline]:
    """Return those that are over, or come within two weeks."""
    last = local_day(now) + SOON
    return [deadline for deadline in deadlines if deadline.day <= last]
