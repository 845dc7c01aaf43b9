"""Reminders of answers that posts owe: which day is near, which letter is due; days are data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hiwar.asks.models import Addressee, LetterAddressee
from hiwar.asks.queries.positions import reminder_days
from hiwar.common import dates
from hiwar.places.queries.calendars import the_calendar
from hiwar.places.queries.deadlines import DaysOff, days_off

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hiwar.asks.models import Letter

# The day is near in calendar days, so that few are looked at: twice the working days, and a week.
FARTHEST = timedelta(days=30)
WAITING = (
    Addressee.State.SENT,
    Addressee.State.DELIVERED,
    Addressee.State.ACKNOWLEDGED,
    Addressee.State.DISCUSSED,
)


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer that a post owes: its day, and the working days until it (less than 0 after it)."""

    addressee: Addressee
    due: date
    days: int

    @property
    def letters_wanted(self) -> int:
        """How many letters are to be written since the day passed: a reminder, a second letter."""
        days = reminder_days()
        return sum(-self.days >= days[name] for name in ("reminder_after", "second_letter_after"))

    @property
    def is_near(self) -> bool:
        """Whether the day is near enough to stand on the morning page."""
        return 0 <= self.days <= reminder_days()["ahead"]


def owed_answers(addressees: QuerySet[Addressee], today: date) -> list[Owed]:
    """Return the answers that are owed by some addressees, with their working days."""
    rows = addressees.filter(state__in=WAITING).select_related("ask__dossier", "ask__owner", "post")
    dated = [(row, row.needs_time_until or row.answer_due) for row in rows]
    named = [(row, due) for row, due in dated if due is not None and due <= today + FARTHEST]
    calendar = the_calendar()
    first = min((due for _row, due in named), default=today)
    off = DaysOff(frozenset(), ()) if calendar is None else days_off(calendar, min(first, today))
    return [Owed(row, due, _working_days(off, today, due)) for row, due in named]


def letters_since(owed: Iterable[Owed]) -> dict[object, list[Letter]]:
    """Return the letters drafted to addressees after the day for their answer, by addressee."""
    due_by_key = {row.addressee.pk: row.due for row in owed}
    letters: dict[object, list[Letter]] = {key: [] for key in due_by_key}
    carried = LetterAddressee.objects.filter(addressee__in=due_by_key).select_related("letter")
    for row in carried.order_by("letter__drafted_at", "pk"):
        if dates.local_day(row.letter.drafted_at) > due_by_key[row.addressee_id]:
            letters[row.addressee_id].append(row.letter)
    return letters


def reminders_due(now: datetime) -> int:
    """Return to how many posts a letter is due that nobody drafted yet."""
    owed = owed_answers(Addressee.objects.order_by("pk"), dates.local_day(now))
    letters = letters_since(owed)
    return sum(row.letters_wanted > len(letters[row.addressee.pk]) for row in owed)


def _working_days(off: DaysOff, today: date, due: date) -> int:
    """Return how many working days lie between two days, the later one counted."""
    first, last = sorted((today, due))
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    counted = sum(off.reason(day) is None for day in days)
    return counted if due >= today else -counted
