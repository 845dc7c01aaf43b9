"""Questions about the place tree, and what a calendar has to say about a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common import dates
from hiwar.places.models import Calendar, Pause, Place, Season, WorkingHours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

VERBS = {
    "places.calendar.load": gettext_lazy("loaded a calendar"),
    "places.calendar.add": gettext_lazy("entered a calendar"),
    "places.calendar.change": gettext_lazy("changed a calendar"),
    "places.place.add": gettext_lazy("entered a place"),
    "places.place.change": gettext_lazy("changed a place"),
    "places.place.remove": gettext_lazy("removed a place"),
}
# A dialogue of weeks is told its seasons, and not each of its weekends.
LONGEST_MEETING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TimeWarning:
    """What stands against a time, and what would suit better; never a ban.

    Attributes
    ----------
    code : str
        weekend, pause, fasting, holiday, busy or outside_hours.
    message, proposal : str
        In the reader's language; the proposal may be empty.
    """

    code: str
    message: str
    proposal: str


def units_of_report() -> QuerySet[Place]:
    """Return the places by which coverage is told: the finest level that is no locality.

    A locality is a place that says what kind it is; below that level places are too small.
    """
    settled = list(Place.objects.filter(kind="").values_list("pk", "parent_id", "level"))
    parents = {parent for _key, parent, _level in settled}
    leaves = {level for key, _parent, level in settled if key not in parents}
    return Place.objects.filter(kind="", level__in=leaves).order_by("code", "pk")


def unit_of() -> dict[object, object]:
    """Return, for each place at or below the level of report, the key of its unit of report."""
    parent = dict(Place.objects.values_list("pk", "parent_id"))
    units = set(units_of_report().values_list("pk", flat=True))
    units_by_key: dict[object, object] = {}
    for key in parent:
        at: object = key
        while at is not None and at not in units:
            at = parent.get(at)  # type: ignore[call-overload]
        if at is not None:
            units_by_key[key] = at
    return units_by_key


def the_calendar() -> Calendar | None:
    """Return the calendar of the house: the first on its clock, or the first there is."""
    on_the_clock = ExpressionWrapper(Q(time_zone=settings.TIME_ZONE), output_field=BooleanField())
    return Calendar.objects.order_by(on_the_clock.desc(), "code", "pk").first()


def names_of_calendars(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of calendars by key."""
    return {
        str(calendar.pk): str(calendar) for calendar in Calendar.objects.filter(pk__in=list(keys))
    }


def time_warnings(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> list[TimeWarning]:
    """Return what stands against a time, the weightiest first.

    Raises ``ValueError`` when the end is before the start.
    """
    if ends_at < starts_at:
        msg = "the end is before the start"
        raise ValueError(msg)
    zone = ZoneInfo(calendar.time_zone)
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    seasons = _seasons(calendar, starts.date(), ends.date())
    warnings = [*_of_seasons(calendar, seasons, starts, ends)]
    if ends - starts <= LONGEST_MEETING:
        warnings += _of_meeting(calendar, seasons, starts, ends)
    return warnings


def season_warnings(calendar: Calendar, starts_on: date, ends_on: date) -> list[TimeWarning]:
    """Return what stands against days that have no hours, such as those of a round."""
    zone = ZoneInfo(calendar.time_zone)
    starts = datetime.combine(starts_on, time(), zone)
    ends = datetime.combine(ends_on, time.max, zone)
    return list(_of_seasons(calendar, _seasons(calendar, starts_on, ends_on), starts, ends))


def _seasons(calendar: Calendar, first: date, last: date) -> list[Season]:
    seasons = calendar.seasons.filter(starts_on__lte=last, ends_on__gte=first)
    return list(seasons.order_by("starts_on", "pk"))


def _of_seasons(
    calendar: Calendar, seasons: list[Season], starts: datetime, ends: datetime
) -> Iterator[TimeWarning]:
    hours = {
        working_hours.season_kind: working_hours for working_hours in calendar.working_hours.all()
    }
    order = (Season.Kind.HOLIDAY, Season.Kind.FASTING, Season.Kind.BUSY)
    for season in sorted(seasons, key=lambda season_row: order.index(Season.Kind(season_row.kind))):
        message = _season_message(season)
        if season.kind == Season.Kind.FASTING:
            yield TimeWarning("fasting", message, _fasting_proposal(hours.get(season.kind)))
        else:
            days = {
                "until": dates.day(season.starts_on - timedelta(days=1)),
                "from": dates.day(season.ends_on + timedelta(days=1)),
            }
            proposal = _("Until %(until)s, or from %(from)s.") % days
            yield TimeWarning(season.kind, message, proposal)


def _season_message(season: Season) -> str:
    parts = {
        "season": str(season.name),
        "from": dates.day(season.starts_on),
        "until": dates.day(season.ends_on),
    }
    if season.is_estimated:
        return _("%(season)s: %(from)s to %(until)s (calculated, may move).") % parts
    return _("%(season)s: %(from)s to %(until)s.") % parts


def _fasting_proposal(hours: WorkingHours | None) -> str:
    if hours is None:
        return _("In the evening, after the meal.")
    return _("Between %(from)s and %(until)s, or in the evening after the meal.") % {
        "from": f"{hours.opens:%H:%M}",
        "until": f"{hours.closes:%H:%M}",
    }


def _of_meeting(
    calendar: Calendar, seasons: list[Season], starts: datetime, ends: datetime
) -> Iterator[TimeWarning]:
    for pause in calendar.pauses.order_by("weekday", "starts", "pk"):
        if _meets(pause, starts, ends):
            parts = {"pause": str(pause.name), "from": f"{pause.starts:%H:%M}",
                     "until": f"{pause.ends:%H:%M}"}  # fmt: skip
            message = _("%(pause)s: %(from)s to %(until)s.") % parts
            proposal = _("End by %(from)s, or begin after %(until)s.") % parts
            yield TimeWarning("pause", message, proposal)
    if starts.isoweekday() in calendar.weekend or ends.isoweekday() in calendar.weekend:
        after = _next_working_day(calendar, ends.date())
        message = _("This falls on the weekend.")
        proposal = _("The next working day is %(day)s.") % {"day": dates.day(after)}
        yield TimeWarning("weekend", message, proposal)
        return
    is_fasting = any(season.kind == Season.Kind.FASTING for season in seasons)
    kind = Season.Kind.FASTING if is_fasting else ""
    hours = calendar.working_hours.filter(season_kind=kind).first()
    if hours is not None and (
        starts.time() < hours.opens or ends.time() > hours.closes or starts.date() != ends.date()
    ):
        parts = {"from": f"{hours.opens:%H:%M}", "until": f"{hours.closes:%H:%M}"}
        message = _("This is outside working hours, %(from)s to %(until)s.") % parts
        yield TimeWarning("outside_hours", message, _("Fine for people who work or study by day."))


def _meets(pause: Pause, starts: datetime, ends: datetime) -> bool:
    day = starts.date()
    while day <= ends.date():
        if day.isoweekday() == pause.weekday:
            opens = datetime.combine(day, pause.starts, starts.tzinfo)
            closes = datetime.combine(day, pause.ends, starts.tzinfo)
            if starts < closes and ends > opens:
                return True
        day += timedelta(days=1)
    return False


def _next_working_day(calendar: Calendar, day: date) -> date:
    for _step in range(7):
        day += timedelta(days=1)
        if day.isoweekday() not in calendar.weekend:
            break
    return day
