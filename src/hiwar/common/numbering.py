"""Numbers of letters and papers: in order within a series and a year, none twice, none missing.

A number is taken in the transaction of what bears it: who fails gives it back, and who comes at
the same moment waits. What was numbered and never sent keeps its number, marked as void, so
that a register on paper and this one tell the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common import dates
from hiwar.common.models import IssuedNumber, NumberSeries
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Manager, QuerySet
    from django.utils.functional import _StrPromise


def next_number(rows: QuerySet[Any] | Manager[Any], field: str = "number") -> int:
    """Return the number after the highest of some rows, 1 for the first; the caller holds the lock.

    Rows are not counted: where one was erased, the count is a number that is there already.
    """
    highest: int | None = rows.aggregate(highest=Max(field))["highest"]
    return (highest or 0) + 1


class VoidWithoutReason(Refused):
    """A number that was given out is struck out with a reason."""

    code = "void_without_reason"
    message = _("Say why the number is void.")


class VoidAlready(Refused):
    """A number is struck out once."""

    code = "void_already"
    message = _("This number is void already.")


@dataclass(frozen=True, slots=True)
class Series:
    """A series of numbers: its code, what it is called, and how a number is written.

    ``pattern`` may use ``number``, ``year`` and ``code``, as in ``{code}-{number:03}/{year}``.
    """

    code: str
    label: str | _StrPromise
    pattern: str = "{number}/{year}"


# For every letter that leaves the house, whichever room writes it.
LETTERS = Series("letters", pgettext_lazy("series", "Outgoing letters"))
_series: dict[str, Series] = {}


def register_series(series: Series) -> None:
    """Register a series when a room starts; raises ``ValueError`` for another of that code."""
    if _series.setdefault(series.code, series) != series:
        raise ValueError(f"two series are named {series.code}")


def all_series() -> list[Series]:
    """Return every registered series, by code."""
    return [_series[code] for code in sorted(_series)]


@transaction.atomic
def take_number(*, series: str, now: datetime, year: int | None = None) -> IssuedNumber:
    """Give out the next number of a series in a year, which is the local one of ``now``.

    To be called in the transaction that makes what bears the number: others wait until that ends,
    and a number whose transaction fails was never given out. Raises ``KeyError`` for a series
    that nobody registered.
    """
    code = _series[series].code
    of_year = dates.local_day(now).year if year is None else year
    NumberSeries.objects.get_or_create(code=code, year=of_year)
    counter = NumberSeries.objects.select_for_update().get(code=code, year=of_year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return IssuedNumber.objects.create(series=counter, number=counter.last, issued_at=now)


@transaction.atomic
def void_number(*, issued: IssuedNumber, reason: str, now: datetime) -> IssuedNumber:
    """Strike out a number that was given out: it stays in the list and is never given again.

    Raises ``VoidWithoutReason`` and ``VoidAlready``.
    """
    if not reason.strip():
        raise VoidWithoutReason
    kept = IssuedNumber.objects.select_for_update().get(pk=issued.pk)
    if kept.voided_at is not None:
        raise VoidAlready
    kept.voided_at, kept.void_reason = now, reason.strip()[:300]
    kept.save(update_fields=["voided_at", "void_reason"])
    return kept


def written(issued: IssuedNumber) -> str:
    """Return a number as its series writes it, in Western digits, as on the letter."""
    counter = issued.series
    return _series[counter.code].pattern.format(
        number=issued.number, year=counter.year, code=counter.code
    )


def missing_numbers(series: str, year: int) -> list[int]:
    """Return the numbers of a year that are neither given out nor void: always none."""
    counter = NumberSeries.objects.filter(code=series, year=year).first()
    if counter is None:
        return []
    there = set(IssuedNumber.objects.filter(series=counter).values_list("number", flat=True))
    return [number for number in range(1, counter.last + 1) if number not in there]
