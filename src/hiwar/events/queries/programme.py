"""Questions about the programme of an event: agenda, rooms, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hiwar.events.models import AgendaItem, EventRole
from hiwar.events.queries.attribution import in_force

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.events.models import Event, Preparation, Room


@dataclass(frozen=True, slots=True)
class Line:
    """An agenda item with the time at which its turn comes, and the rule in force."""

    item: AgendaItem
    starts: str
    ends: str
    attribution: str
    is_own_rule: bool


@dataclass(frozen=True, slots=True)
class Timetable:
    """An agenda in time: its lines, their sum, and how that fits the length of the event."""

    lines: tuple[Line, ...]
    minutes: int
    available: int

    @property
    def left(self) -> int:
        """Minutes that are left; below zero what is too much."""
        return self.available - self.minutes


def agenda_of(event: Event) -> QuerySet[AgendaItem]:
    """Return the items of an event in their order."""
    return event.agenda.select_related("owner").order_by("position", "pk")


def rooms_of(event: Event) -> list[Room]:
    """Return the rooms of an event in their order."""
    return list(event.rooms.select_related("facilitator", "place").order_by("position", "pk"))


def preparations_of(event: Event) -> list[Preparation]:
    """Return what an event needs, in order."""
    return list(event.preparations.select_related("done_by").order_by("position", "pk"))


def roles_of(event: Event) -> list[EventRole]:
    """Return who does what at an event, in the order of the roles."""
    order = list(EventRole.Code)
    event_roles = event.roles.select_related("user", "person").order_by("pk")
    return sorted(event_roles, key=lambda role: order.index(EventRole.Code(role.code)))


def timetable(event: Event) -> Timetable:
    """Return the agenda with times on the wall clock of the event."""
    zone = ZoneInfo(event.zone)
    at: datetime = event.starts_at
    lines, total = [], 0
    for item in agenda_of(event):
        end = at + timedelta(minutes=item.minutes)
        lines.append(
            Line(
                item=item,
                starts=f"{at.astimezone(zone):%H:%M}",
                ends=f"{end.astimezone(zone):%H:%M}",
                attribution=in_force(event, item),
                is_own_rule=bool(item.attribution),
            )
        )
        total += item.minutes
        at = end
    available = int(event.length.total_seconds() // 60)
    return Timetable(tuple(lines), total, available)
