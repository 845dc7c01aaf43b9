"""A visit's programme as one reading of the tables: what pages, files and checks are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.translation import get_language

from hiwar.accounts.models import User
from hiwar.events.models import Event, Venue
from hiwar.places.models import Calendar
from hiwar.visits.models import Booking, Permit, Visit, VisitItem
from hiwar.visits.queries.routes import town_name, town_of
from hiwar.visits.queries.times import sunset_on

if TYPE_CHECKING:
    from hiwar.visits.models import Leg

OFF = frozenset({Event.State.CANCELLED, Event.State.POSTPONED})


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a stop."""

    origin: str
    typical: int
    bad: int
    buffer: int = 0
    crossing: str = ""
    opens: time | None = None
    closes: time | None = None
    permit: str = ""


@dataclass(frozen=True, slots=True)
class StopView:
    """An item as checks read it; times are those of the place's clock."""

    key: str
    title: str
    kind: str
    starts: datetime
    ends: datetime
    town: str = ""
    town_name: str = ""
    venue: str = ""
    venue_name: str = ""
    venue_place: str = ""
    is_online: bool = False
    is_off: bool = False
    is_step_free: bool | None = None
    capacity: int | None = None
    opens: time | None = None
    closes: time | None = None
    speakers: frozenset[tuple[str, str]] = frozenset()
    override: str = ""
    colleagues: int = 0
    most_people: int | None = None
    needs_interpreter: bool = False
    interpreter: str = ""
    has_fallback: bool = False
    sunset: time | None = None
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """How many travel, how many need step-free ways, and who has leave for what."""

    people: int = 0
    step_free: int = 0
    names: tuple[str, ...] = ()
    permits: frozenset[tuple[str, str, date | None, date | None]] = frozenset()


@dataclass(frozen=True, slots=True)
class PauseView:
    """A weekly pause."""

    name: str
    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class SeasonView:
    """Days that a calendar names, on this side or at home."""

    name: str
    kind: str
    first: date
    last: date
    is_home: bool = False
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class Lodging:
    """Where nights are spent."""

    key: str
    title: str
    is_step_free: bool | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class StepFree:
    """A venue without steps that could stand in."""

    name: str
    town: str
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that conflicts are found in."""

    stops: tuple[StopView, ...] = ()
    party: Party = field(default_factory=Party)
    pauses: tuple[PauseView, ...] = ()
    seasons: tuple[SeasonView, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    venues: tuple[StepFree, ...] = ()
    buffer: int = 30


def items_of(visit: Visit) -> list[VisitItem]:
    """Return the items of a visit in the order of time, with what their pages show."""
    items = VisitItem.objects.filter(visit=visit).select_related(
        "visit", "event__venue__place", "leg"
    )
    staff = Prefetch("staff", User.objects.order_by("email", "pk"))
    items = items.prefetch_related("organisations", "posts", "speakers", staff, "themes")
    return list(items.order_by("event__starts_at", "event__code", "pk"))


def leg_of(item: VisitItem) -> Leg | None:
    """Return the way to an item, if there is one."""
    return getattr(item, "leg", None)


def plan_of(visit: Visit, items: list[VisitItem] | None = None) -> Plan:
    """Return the plan of a visit for the conflict engine, in the reader's language."""
    items = items_of(visit) if items is None else items
    travellers = list(visit.travellers.order_by("number", "pk"))
    permits = Permit.objects.filter(traveller__visit=visit, state=Permit.State.GIVEN)
    party = Party(
        people=len(travellers),
        step_free=sum(traveller.is_step_free for traveller in travellers),
        names=tuple(traveller.name for traveller in travellers),
        permits=frozenset(
            (permit.kind, permit.traveller.name, permit.valid_from, permit.valid_until)
            for permit in permits.select_related("traveller")
        ),
    )
    pauses, seasons = _calendars(visit)
    nights = visit.bookings.filter(kind=Booking.Kind.NIGHTS).exclude(
        state__in=(Booking.State.CANCELLED, Booking.State.TO_CANCEL)
    )
    free = Venue.objects.filter(is_step_free=True).select_related("place").order_by("code", "pk")
    grounds = grounds_of(items)
    return Plan(
        stops=tuple(_stop(visit, item, grounds) for item in items),
        party=party,
        pauses=pauses,
        seasons=seasons,
        lodgings=tuple(
            Lodging(
                key=str(booking.pk),
                title=str(booking.title),
                is_step_free=booking.venue.is_step_free if booking.venue else None,
                place=str(booking.venue.place or "") if booking.venue else "",
            )
            for booking in nights.select_related("venue__place").order_by("starts_on", "pk")
        ),
        venues=tuple(
            StepFree(str(venue.name), str(venue.place or ""), venue.capacity) for venue in free
        ),
        buffer=visit.buffer_minutes,
    )


def grounds_of(items: list[VisitItem]) -> dict[str, tuple[float, float]]:
    """Return coordinates for the towns of a programme: those of the first venue that has any."""
    centres: dict[str, tuple[float, float]] = {}
    for item in items:
        venue = item.event.venue
        if venue is None or venue.latitude is None or venue.longitude is None:
            continue
        centres.setdefault(
            town_of(item.event.where), (float(venue.latitude), float(venue.longitude))
        )
    return centres


def _sunset(visit: Visit, item: VisitItem, grounds: dict[str, tuple[float, float]]) -> time | None:
    """Return when the sun sets where an item is, if coordinates of its venue or town are known."""
    venue = item.event.venue
    if venue is not None and venue.latitude is not None and venue.longitude is not None:
        ground: tuple[float, float] | None = (float(venue.latitude), float(venue.longitude))
    else:
        ground = grounds.get(town_of(item.event.where))
    if ground is None or item.event.form == Event.Form.ONLINE:
        return None
    day = item.event.starts_on
    return sunset_on(day, latitude=ground[0], longitude=ground[1], zone=visit.zone)


def _stop(visit: Visit, item: VisitItem, grounds: dict[str, tuple[float, float]]) -> StopView:
    event, venue, zone = item.event, item.event.venue, ZoneInfo(visit.zone)
    hours = (venue.features or {}).get("hours", {}) if venue else {}
    speakers = [(f"person:{person.pk}", str(person)) for person in item.speakers.all()]
    speakers += [(f"user:{user.pk}", str(user.name)) for user in item.staff.all()]
    leg, language = leg_of(item), get_language() or ""
    return StopView(
        key=event.code,
        title=str(event.title),
        kind=event.kind,
        starts=event.starts_at.astimezone(zone),
        ends=event.ends_at.astimezone(zone),
        town=town_of(event.where),
        town_name=town_name(event.where, language),
        venue=str(venue.pk) if venue else "",
        venue_name=str(venue.name) if venue else "",
        venue_place=str(venue.place or "") if venue else "",
        is_online=event.form == Event.Form.ONLINE,
        is_off=event.state in OFF,
        is_step_free=venue.is_step_free if venue else None,
        capacity=venue.capacity if venue else None,
        opens=_time(hours.get("opens")),
        closes=_time(hours.get("closes")),
        speakers=frozenset(speakers),
        override=item.override_reason,
        colleagues=len(item.staff.all()),
        most_people=item.most_people,
        needs_interpreter=item.needs_interpreter,
        interpreter=item.interpreter,
        has_fallback=bool(item.fallback or item.plan_b),
        sunset=_sunset(visit, item, grounds),
        way=_way(leg) if leg else None,
    )


def _way(leg: Leg) -> Way:
    return Way(
        origin=str(leg.origin),
        typical=leg.typical_minutes,
        bad=leg.bad_day_minutes,
        buffer=leg.buffer_minutes,
        crossing=str(leg.crossing),
        opens=leg.opens,
        closes=leg.closes,
        permit=leg.permit,
    )


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _calendars(visit: Visit) -> tuple[tuple[PauseView, ...], tuple[SeasonView, ...]]:
    pauses: list[PauseView] = []
    seasons: list[SeasonView] = []
    zones = {visit.zone, visit.home_zone} - {""}
    calendars = Calendar.objects.filter(time_zone__in=zones).order_by("code", "pk")
    for calendar in calendars.prefetch_related("pauses", "working_hours"):
        is_home = calendar.time_zone != visit.zone
        hours = {
            working_hours.season_kind: working_hours.closes
            for working_hours in calendar.working_hours.all()
        }
        within = calendar.seasons.filter(starts_on__lte=visit.ends_on, ends_on__gte=visit.starts_on)
        seasons += [
            SeasonView(str(season.name), season.kind, season.starts_on, season.ends_on, is_home,
                       hours.get(season.kind))
            for season in within.order_by("starts_on", "pk")
        ]  # fmt: skip
        if not is_home:
            pauses += [
                PauseView(str(pause.name), pause.weekday, pause.starts, pause.ends)
                for pause in sorted(
                    calendar.pauses.all(), key=lambda pause: (pause.weekday, pause.starts)
                )
            ]
    return tuple(pauses), tuple(seasons)


def key_of(code: str) -> str:
    """Return the number of an item within its visit, from the code of its event."""
    return code.rpartition("-")[2]
