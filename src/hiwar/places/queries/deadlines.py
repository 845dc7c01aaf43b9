"""When a period ends, and why on that day: holidays, weekends, interruptions, extensions."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from hiwar.places.models import Season

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.places.models import Calendar

Unit = Literal["days", "working_days", "weeks", "months", "years"]
StartRule = Literal["day_after", "same_day", "receipt"]
Roll = Literal["none", "next_working_day", "previous_working_day"]
StepKind = Literal[
    "event", "received", "first", "weekend", "holiday", "interrupted", "counted", "rolled",
    "extended", "end",
]  # fmt: skip
_LONGEST = {"days": 3660, "working_days": 2600, "weeks": 520, "months": 120, "years": 10}
_ONE = timedelta(days=1)
_MOST_DAYS = 20_000


@dataclass(frozen=True, slots=True)
class DaysOff:
    """On which days nobody works.

    Attributes
    ----------
    weekend : frozenset of int
        ISO weekdays, 1 for Monday.
    holidays : tuple of (date, date, str, bool)
        First and last day, name, and whether it is calculated and may move.
    """

    weekend: frozenset[int]
    holidays: tuple[tuple[date, date, str, bool], ...]

    def reason(self, day: date) -> tuple[StepKind, str, bool] | None:
        """Return why a day is off: kind, name and whether it may move; None for a working day."""
        for first, last, name, is_estimated in self.holidays:
            if first <= day <= last:
                return "holiday", name, is_estimated
        return ("weekend", "", False) if day.isoweekday() in self.weekend else None


@dataclass(frozen=True, slots=True)
class Interruption:
    """A stretch of days that does not count, such as a recess: first and last day, and a reason."""

    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A period that was made longer: by how much, and why."""

    length: int
    unit: Unit
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """A day in the derivation of a deadline.

    Attributes
    ----------
    day : date
        The day.
    kind : str
        `event`, `received` (it counts as received then), `first` day that counts, `weekend`,
        `holiday` or `interrupted` (skipped), `counted` (the last day of the period as counted),
        `rolled` (put off to then), `extended`, `end`.
    name : str
        Of a holiday, interruption or extension; else empty.
    is_estimated : bool
        The day off is calculated and may move.
    """

    day: date
    kind: StepKind
    name: str = ""
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period, and how it follows.

    Attributes
    ----------
    day : date
        The last day on which the act is in time.
    before : tuple of date
        The last days before each extension, oldest first.
    steps : tuple of Step
        The derivation in the order of reckoning; every skipped day stands in it.
    is_estimated : bool
        A day off that decided it may move.
    """

    day: date
    before: tuple[date, ...]
    steps: tuple[Step, ...]
    is_estimated: bool


def days_off(calendar: Calendar, start: date) -> DaysOff:
    """Return the weekend of a calendar and its holidays from a day on, with one query."""
    seasons = calendar.seasons.filter(kind=Season.Kind.HOLIDAY, ends_on__gte=start)
    holidays = tuple(
        (season.starts_on, season.ends_on, str(season.name), season.is_estimated)
        for season in seasons.order_by("starts_on", "pk")
    )
    return DaysOff(frozenset(calendar.weekend), holidays)


def deadline(
    calendar: Calendar, start: date, length: int, unit: Unit = "days", *,
    start_rule: StartRule = "day_after", roll: Roll = "next_working_day",
    interruptions: Sequence[Interruption] = (), extensions: Sequence[Extension] = (),
) -> Deadline:  # fmt: skip
    """Return when a period ends by a calendar, with its derivation; see `reckon`.

    ``start`` is a day at the place (`dates.local_day` of an instant). Raises ``ValueError``.
    """
    return reckon(
        days_off(calendar, start), start, length, unit, start_rule=start_rule, roll=roll,
        interruptions=interruptions, extensions=extensions,
    )  # fmt: skip


def reckon(
    off: DaysOff, start: date, length: int, unit: Unit = "days", *,
    start_rule: StartRule = "day_after", roll: Roll = "next_working_day",
    interruptions: Sequence[Interruption] = (), extensions: Sequence[Extension] = (),
) -> Deadline:  # fmt: skip
    """Return when a period ends, and every step that leads there.

    ``start_rule``: `day_after` counts from the day after the event, `same_day` counts its day as
    the first, `receipt` takes what comes on a day off as received on the next working day and
    counts from the day after that. ``unit``: `working_days` skip days off; `days` and `weeks` count
    every day; `months` and `years` end on the day of the same number, or the last day of the month.
    Days inside an interruption never count; a period of months is longer by as many days.
    ``roll``: what is done where the last day is a day off. An extension counts on from the last day
    as counted, before it was put off. Raises ``ValueError`` for a length below 1 or above ten years
    or where no end is found in 20,000 days.
    """
    for count, kind in ((length, unit), *((more.length, more.unit) for more in extensions)):
        if not 1 <= count <= _LONGEST[kind]:
            msg = f"a period of {count} {kind} is not one that can be reckoned"
            raise ValueError(msg)
    work = _Reckoning(off, tuple(interruptions))
    last = work.count(work.begin(start, start_rule), length, unit)
    day = work.rolled(last, roll)
    before = []
    for extension in extensions:
        before.append(day)
        work.add(day, "extended", extension.name)
        last = work.count(last + _ONE, extension.length, extension.unit)
        day = work.rolled(last, roll)
    work.add(day, "end")
    return Deadline(day, tuple(before), tuple(work.steps), any(s.is_estimated for s in work.steps))


class _Reckoning:
    def __init__(self, off: DaysOff, interruptions: tuple[Interruption, ...]) -> None:
        self.off, self.interruptions = off, interruptions
        self.steps: list[Step] = []

    def add(self, day: date, kind: StepKind, name: str = "", *, is_estimated: bool = False) -> None:
        self.steps.append(Step(day, kind, name, is_estimated))

    def begin(self, start: date, rule: StartRule) -> date:
        """Return the first day that counts."""
        self.add(start, "event")
        if rule == "receipt" and self.off.reason(start):
            start = self._working(start, _ONE)
            self.add(start, "received")
        return start if rule == "same_day" else start + _ONE

    def count(self, first: date, length: int, unit: Unit) -> date:
        """Return the last day of a period as counted, and note what was skipped."""
        self.add(first, "first")
        if unit in {"months", "years"}:
            last = self._months(first, length * (12 if unit == "years" else 1))
        else:
            last = self._days(first, length * (7 if unit == "weeks" else 1), unit == "working_days")
        self.add(last, "counted")
        return last

    def _days(self, first: date, length: int, only_working: bool) -> date:
        day = first
        for _step in range(_MOST_DAYS):
            if not self._skips(day, only_working):
                length -= 1
                if not length:
                    return day
            day += _ONE
        msg = "no end was found: the calendar has too few working days"
        raise ValueError(msg)

    def _skips(self, day: date, only_working: bool) -> bool:
        for interruption in self.interruptions:
            if interruption.first <= day <= interruption.last:
                self.add(day, "interrupted", interruption.name)
                return True
        reason = self.off.reason(day) if only_working else None
        if reason:
            self.add(day, reason[0], reason[1], is_estimated=reason[2])
        return reason is not None

    def _months(self, first: date, months: int) -> date:
        """Return the last day of some months: before the one on which they would begin again."""
        before = first - _ONE
        year, month = divmod(before.year * 12 + before.month - 1 + months, 12)
        last = date(year, month + 1, min(before.day, monthrange(year, month + 1)[1]))
        day = first
        while day <= last:
            if self._skips(day, only_working=False):
                last += _ONE
            day += _ONE
            if (day - first).days > _MOST_DAYS:
                msg = "no end was found: the interruption has none"
                raise ValueError(msg)
        return last

    def rolled(self, day: date, roll: Roll) -> date:
        """Return the day to which the last day is put off, and note the days off between."""
        if roll == "none" or not self.off.reason(day):
            return day
        moved = self._working(day, _ONE if roll == "next_working_day" else -_ONE)
        self.add(moved, "rolled")
        return moved

    def _working(self, day: date, step: timedelta) -> date:
        for _step in range(_MOST_DAYS):
            reason = self.off.reason(day)
            if reason is None:
                return day
            self.add(day, reason[0], reason[1], is_estimated=reason[2])
            day += step
        msg = "no working day was found"
        raise ValueError(msg)
