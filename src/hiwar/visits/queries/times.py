"""Clocks: how far two places are apart, and when a clock is put forward or back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import sunset

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A clock that is put forward (minutes above 0) or back on a day, and at what time it reads."""

    zone: str
    day: date
    at: time
    minutes: int


def clock_changes(zone: str, first: date, last: date) -> list[ClockChange]:
    """Return the changes of a zone's clock on the days from first to last."""
    return list(_changes(ZoneInfo(zone), zone, first, last)) if zone else []


def _changes(zone: ZoneInfo, name: str, first: date, last: date) -> Iterator[ClockChange]:
    day = first
    while day <= last:
        begins = datetime.combine(day, time(), zone)
        ends = datetime.combine(day + timedelta(days=1), time(), zone)
        before, after = begins.utcoffset(), ends.utcoffset()
        if before != after and before is not None and after is not None:
            quarter = _quarter(begins, before)
            yield ClockChange(name, day, quarter, int((after - before).total_seconds() // 60))
        day += timedelta(days=1)


def _quarter(begins: datetime, before: timedelta) -> time:
    """Return what the clock reads when it is changed, to a quarter of an hour."""
    zone = begins.tzinfo
    start = begins.timestamp()
    for quarter in range(26 * 4):
        instant = datetime.fromtimestamp(start + quarter * 900, zone)
        if instant.utcoffset() != before:
            minutes = quarter * 15
            return time(minutes // 60 % 24, minutes % 60)
    return time()


def differs(zone: str, other: str, instant: datetime) -> bool:
    """Return whether two places' clocks read differently at an instant."""
    if not zone or not other:
        return False
    here, there = instant.astimezone(ZoneInfo(zone)), instant.astimezone(ZoneInfo(other))
    return here.utcoffset() != there.utcoffset()


def clock_at(zone: str, instant: datetime) -> str:
    """Return what the clock of a zone reads."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def sunset_on(day: date, *, latitude: float, longitude: float, zone: str) -> time | None:
    """Return when the sun sets at a place on a day, on the clock of a zone, to the minute.

    None where the sun does not set. The horizon is taken as level, which is how almanacs print it.
    """
    try:
        at = sunset(Observer(latitude, longitude), date=day, tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
    return (at + timedelta(seconds=30)).time().replace(second=0, microsecond=0)
