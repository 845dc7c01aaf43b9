"""Questions about the place tree, calendars and deadlines."""

from hiwar.places.queries.calendars import (
    LONGEST_MEETING,
    VERBS,
    TimeWarning,
    names_of_calendars,
    season_warnings,
    the_calendar,
    time_warnings,
    unit_of,
    units_of_report,
)
from hiwar.places.queries.deadlines import (
    DaysOff,
    Deadline,
    Extension,
    Interruption,
    Step,
    days_off,
    deadline,
    reckon,
)

__all__ = [
    "LONGEST_MEETING",
    "VERBS",
    "DaysOff",
    "Deadline",
    "Extension",
    "Interruption",
    "Step",
    "TimeWarning",
    "days_off",
    "deadline",
    "names_of_calendars",
    "reckon",
    "season_warnings",
    "the_calendar",
    "time_warnings",
    "unit_of",
    "units_of_report",
]
