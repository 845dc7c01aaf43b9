"""Quiet hours: nights, weekly pauses, holidays and the breaking of the fast, at the recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from hiwar.places.models import Season
from hiwar.places.queries import the_calendar

if TYPE_CHECKING:
    from datetime import date

    from hiwar.channels.models import Channel

MIDNIGHT = time()
# Without coordinates the hour of sunset is not known; in a fasting month the evening is left free.
FAST_BROKEN = (time(16), time(20))
MOST_STEPS = 400


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is written to who does not wait for it, in the calendar of the house."""

    zone: str
    night: tuple[time, time] | None
    pauses: tuple[tuple[int, time, time], ...]
    holidays: tuple[tuple[date, date], ...]
    fasts: tuple[tuple[date, date], ...]

    def until(self, at: datetime, zone: str = "") -> datetime | None:
        """Return when a message may leave that is due at an instant; None if it may leave now."""
        local = start = at.astimezone(ZoneInfo(zone or self.zone))
        for _step in range(MOST_STEPS):
            end = self._end(local)
            if end is None:
                break
            local = end
        return None if local == start else local

    def _end(self, local: datetime) -> datetime | None:
        """Return the end of a quiet stretch that holds a local time."""
        day, clock = local.date(), local.time()
        if any(first <= day <= last for first, last in self.holidays):
            return _at(local, day + timedelta(days=1), MIDNIGHT)
        if self.night is not None:
            begins, ends = self.night
            if begins > ends and clock >= begins:
                return _at(local, day + timedelta(days=1), ends)
            if (begins > ends and clock < ends) or begins <= clock < ends:
                return _at(local, day, ends)
        for weekday, begins, ends in self.pauses:
            if day.isoweekday() == weekday and begins <= clock < ends:
                return _at(local, day, ends)
        begins, ends = FAST_BROKEN
        if any(first <= day <= last for first, last in self.fasts) and begins <= clock < ends:
            return _at(local, day, ends)
        return None


def quiet_hours(channel: Channel) -> QuietHours:
    """Return the quiet hours of a channel, by the calendar of the installation."""
    calendar = the_calendar()
    night = None
    if channel.quiet_from is not None and channel.quiet_until is not None:
        night = (channel.quiet_from, channel.quiet_until)
    if calendar is None:
        return QuietHours(settings.TIME_ZONE, night, (), (), ())
    seasons = list(calendar.seasons.order_by("starts_on", "pk"))
    return QuietHours(
        zone=calendar.time_zone,
        night=night,
        pauses=tuple(
            (pause.weekday, pause.starts, pause.ends)
            for pause in calendar.pauses.order_by("weekday", "starts", "pk")
        ),
        holidays=_days(seasons, Season.Kind.HOLIDAY),
        fasts=_days(seasons, Season.Kind.FASTING),
    )


def _days(seasons: list[Season], kind: str) -> tuple[tuple[date, date], ...]:
    return tuple((season.starts_on, season.ends_on) for season in seasons if season.kind == kind)


def _at(local: datetime, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, local.tzinfo)
