"""Days that asks wait for: reckoned by the calendar of the place, never by adding days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hiwar.places.queries.calendars import the_calendar
from hiwar.places.queries.deadlines import deadline

if TYPE_CHECKING:
    from datetime import date


def answer_day(received_on: date, working_days: int) -> date:
    """Return the last day for an answer; what came on a day off counts from the next working day.

    Without a calendar every day is a working day.
    """
    calendar = the_calendar()
    if calendar is None:
        return received_on + timedelta(days=working_days)
    return deadline(calendar, received_on, working_days, "working_days", start_rule="receipt").day
