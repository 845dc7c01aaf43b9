"""What the calendar says to the days of a forum."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hiwar.places.queries import TimeWarning, season_warnings, the_calendar, time_warnings

if TYPE_CHECKING:
    from hiwar.forums.models import Forum, Stage
    from hiwar.places.models import Calendar

PAUSE = "pause"


def calendar_of(forum: Forum) -> Calendar | None:
    """Return the calendar by which a forum is planned."""
    return forum.calendar or the_calendar()


def warnings_of_days(
    calendar: Calendar | None, first: date | None, last: date | None,
    starts: time | None = None, ends: time | None = None,
) -> list[TimeWarning]:  # fmt: skip
    """Return what stands against days, and against hours where they are set; never a ban.

    Nothing stands against days that are not set, or that end before they begin.
    """
    last = last or first
    if calendar is None or first is None or last is None or last < first:
        return []
    if starts is None or ends is None or (first == last and ends < starts):
        return season_warnings(calendar, first, last)
    zone = ZoneInfo(calendar.time_zone)
    return time_warnings(
        calendar, datetime.combine(first, starts, zone), datetime.combine(last, ends, zone)
    )


def warnings_of_stage(calendar: Calendar | None, stage: Stage) -> list[TimeWarning]:
    """Return what stands against the time of a stage that is not over."""
    if stage.is_done:
        return []
    event = stage.event
    starts, ends = (event.starts, event.ends) if event else (stage.starts, stage.ends)
    return warnings_of_days(calendar, stage.first_day, stage.last_day, starts, ends)
