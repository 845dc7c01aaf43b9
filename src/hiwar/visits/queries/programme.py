"""The programme by day, as pages, files and the private link show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from hiwar.events.models import Event
from hiwar.visits.queries.plans import OFF, items_of, key_of, leg_of
from hiwar.visits.queries.routes import town_name
from hiwar.visits.queries.times import ClockChange, clock_at, clock_changes, differs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.visits.models import Leg, Visit, VisitItem
    from hiwar.visits.queries.conflicts import Conflict


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as a reader of the programme sees it."""

    item: VisitItem
    event: Event
    number: str
    starts: str
    ends: str
    home_starts: str
    home_ends: str
    leg: Leg | None
    leaves: str
    leaves_bad: str
    is_off: bool
    conflicts: tuple[Conflict, ...] = ()

    @property
    def town(self) -> str:
        """The town alone, for who need not know the house."""
        return town_name(self.event.where, get_language() or "")

    @property
    def is_online(self) -> bool:
        """Whether people meet over a line."""
        return self.event.form == Event.Form.ONLINE

    @property
    def hosts(self) -> list[str]:
        """Who receives: organisations, posts, and colleagues where nobody else does."""
        named = [str(organisation.name) for organisation in self.item.organisations.all()]
        named += [f"{post.title}" for post in self.item.posts.all()]
        return named

    @property
    def speakers(self) -> list[str]:
        """Who speaks, colleagues last."""
        named = [str(person) for person in self.item.speakers.all()]
        return named + [str(member.name) for member in self.item.staff.all()]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a visit: its entries, what the clocks do, and how far home is."""

    day: date
    number: int
    entries: tuple[Entry, ...]
    changes: tuple[ClockChange, ...]
    is_home_other: bool
    offset: str
    home_offset: str

    @property
    def count(self) -> int:
        """How many entries take place."""
        return sum(not entry.is_off for entry in self.entries)


def programme_of(
    visit: Visit, *, items: list[VisitItem] | None = None, conflicts: Iterable[Conflict] = ()
) -> list[Day]:
    """Return every day of a visit, empty ones too."""
    items = items_of(visit) if items is None else items
    by_key: dict[str, list[Conflict]] = {}
    for conflict in conflicts:
        by_key.setdefault(conflict.key, []).append(conflict)
    entries: dict[date, list[Entry]] = {}
    for item in items:
        entry = _entry(visit, item, by_key.get(item.event.code, []))
        entries.setdefault(item.event.starts_on, []).append(entry)
    zones = dict.fromkeys(zone for zone in (visit.zone, visit.home_zone) if zone)
    changes = [
        change for zone in zones for change in clock_changes(zone, visit.starts_on, visit.ends_on)
    ]
    days = []
    for number in range((visit.ends_on - visit.starts_on).days + 1):
        day = visit.starts_on + timedelta(days=number)
        own = tuple(entries.get(day, ()))
        days.append(_day(visit, day, number + 1, own, changes))
    return days


def _day(
    visit: Visit, day: date, number: int, own: tuple[Entry, ...], changes: list[ClockChange]
) -> Day:
    noon = datetime.combine(day, time(12), ZoneInfo(visit.zone))
    home = noon.astimezone(ZoneInfo(visit.home_zone or visit.zone))
    return Day(
        day=day,
        number=number,
        entries=own,
        changes=tuple(change for change in changes if change.day == day),
        is_home_other=differs(visit.zone, visit.home_zone, noon),
        offset=_offset(noon),
        home_offset=_offset(home),
    )


def _offset(instant: datetime) -> str:
    text = f"{instant:%z}"
    return f"{text[:3]}:{text[3:]}"


def _entry(visit: Visit, item: VisitItem, own: list[Conflict]) -> Entry:
    event = item.event
    is_other = differs(visit.zone, visit.home_zone, event.starts_at)
    leg = leg_of(item)
    leaves = leaves_bad = ""
    if leg is not None:
        spare = leg.buffer_minutes
        usual = event.starts_at - timedelta(minutes=leg.typical_minutes + spare)
        early = event.starts_at - timedelta(minutes=leg.bad_day_minutes)
        leaves_bad, leaves = sorted(
            (clock_at(visit.zone, min(usual, early)), clock_at(visit.zone, max(usual, early)))
        )
    return Entry(
        item=item,
        event=event,
        number=key_of(event.code),
        starts=clock_at(visit.zone, event.starts_at),
        ends=clock_at(visit.zone, event.ends_at),
        home_starts=clock_at(visit.home_zone, event.starts_at) if is_other else "",
        home_ends=clock_at(visit.home_zone, event.ends_at) if is_other else "",
        leg=leg,
        leaves=leaves,
        leaves_bad=leaves_bad,
        is_off=event.state in OFF,
        conflicts=tuple(own),
    )


def counts_of(days: Iterable[Day]) -> dict[str, int]:
    """Return how many entries take place, by kind and in all, with those moved or changed."""
    alive = [entry for day in days for entry in day.entries if not entry.is_off]
    kinds = {kind: sum(entry.event.kind == kind for entry in alive) for kind in Event.Kind.values}
    return {
        "all": len(alive),
        "moved": sum(entry.item.has_moved for entry in alive),
        "other_form": sum(entry.item.has_other_form for entry in alive),
        **{kind: count for kind, count in kinds.items() if count},
    }
