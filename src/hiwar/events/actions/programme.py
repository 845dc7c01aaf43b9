"""The programme of an event: from a template, its agenda, rooms, roles and preparations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.events import rules
from hiwar.events.actions.attribution import is_looser, refuse_loosening
from hiwar.events.actions.events import Wall, make_event
from hiwar.events.models import AgendaItem, Event, EventRole, Preparation, Room
from hiwar.events.queries.programme import agenda_of, rooms_of
from hiwar.events.queries.templates import find_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Person


class UnknownTemplate(Refused):
    """There is no template of this name."""

    code = "unknown_template"
    message = _("There is no such template.")


class RoomInUse(Refused):
    """Somebody has been checked in there, or people vote there."""

    code = "room_in_use"
    message = _("People have been checked in to this room or vote in it, so it stays.")


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event is: its day, its beginning and its zone."""

    day: date
    starts: time
    zone: str


@transaction.atomic
def create_from_template(
    *,
    actor: User,
    template: str,
    title: Mapping[str, str],
    moment: Moment,
    now: datetime,
    more: Mapping[str, object] | None = None,
) -> Event:
    """Make an event with the agenda, roles and preparations of a template.

    Raises ``UnknownTemplate`` and whatever ``create_event`` raises.
    """
    plan = find_template(template)
    if plan is None:
        raise UnknownTemplate
    length = timedelta(minutes=plan.minutes)
    event = make_event(
        actor=actor,
        kind=plan.kind,
        title=title,
        wall=Wall.lasting(moment.day, moment.starts, moment.zone, length),
        now=now,
        more={"template": template, "quota": plan.quota, **(more or {})},
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(
            event=event,
            position=number,
            minutes=item.minutes,
            title=item.title,
            purpose=item.purpose,
            role=item.role,
            attribution=item.attribution,
        )
        for number, item in enumerate(plan.agenda, start=1)
    )
    EventRole.objects.bulk_create(EventRole(event=event, code=code) for code in plan.roles)
    Preparation.objects.bulk_create(
        Preparation(event=event, position=number, kind=kind, text=text)
        for number, (kind, text) in enumerate(plan.preparations, start=1)
    )
    return event


@transaction.atomic
def add_item(
    *, actor: User, event: Event, now: datetime, values: Mapping[str, object]
) -> AgendaItem:
    """Put an item at the end of an agenda; raises ``NotAllowed`` and ``ValidationError``."""
    _need_runner(actor, event)
    item = AgendaItem(event=event, position=_next(event), **values)
    item.full_clean()
    item.save()
    audit(actor, "events.event.change_agenda", event, at=now, changed={"added": item})
    return item


@transaction.atomic
def update_item(
    *, actor: User, item: AgendaItem, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change an item; its rule is loosened after the event only with every speaker's consent.

    Raises ``NotAllowed``, ``AttributionBinding`` and ``ValidationError``.
    """
    event = item.event
    _need_runner(actor, event)
    wished = str(changes.get("attribution", item.attribution))
    old, new = item.attribution or event.attribution, wished or event.attribution
    if is_looser(new, old):
        refuse_loosening(event, new, item=item, now=now)
    return update_record(actor=actor, record=item, changes=changes, at=now)


@transaction.atomic
def move_item(*, actor: User, item: AgendaItem, by: int, now: datetime) -> None:
    """Move an item up (-1) or down (+1) in the agenda; raises ``NotAllowed``."""
    event = item.event
    _need_runner(actor, event)
    listed = list(agenda_of(event))
    at = next(number for number, agenda_item in enumerate(listed) if agenda_item.pk == item.pk)
    to = min(max(at + by, 0), len(listed) - 1)
    if to == at:
        return
    listed.insert(to, listed.pop(at))
    for number, agenda_item in enumerate(listed, start=1):
        agenda_item.position = number
    AgendaItem.objects.bulk_update(listed, ["position"])
    audit(actor, "events.event.change_agenda", event, at=now, changed={"moved": item})


@transaction.atomic
def remove_item(*, actor: User, item: AgendaItem, now: datetime) -> None:
    """Take an item out of the agenda; its notes stay, without an item. Raises ``NotAllowed``."""
    event = item.event
    _need_runner(actor, event)
    audit(actor, "events.event.change_agenda", event, at=now, changed={"removed": str(item.title)})
    item.delete()


@transaction.atomic
def set_role(
    *,
    actor: User,
    event: Event,
    code: str,
    now: datetime,
    user: User | None = None,
    person: Person | None = None,
    name: str = "",
) -> EventRole:
    """Say who does what at an event; raises ``NotAllowed``."""
    _need_runner(actor, event)
    values = {"user": user, "person": person, "name": name.strip()}
    role, _made = EventRole.objects.update_or_create(event=event, code=code, defaults=values)
    changed = {"role": code, "user": user}
    audit(actor, "events.event.set_role", event, at=now, changed=changed)
    return role


@transaction.atomic
def tick_preparation(
    *, actor: User, preparation: Preparation, is_done: bool, now: datetime
) -> Preparation:
    """Tick a line of the list off, or open it again; raises ``NotAllowed``."""
    _need_runner(actor, preparation.event)
    preparation.done_at = now if is_done else None
    preparation.done_by = actor if is_done else None
    preparation.save(update_fields=["done_at", "done_by"])
    changed = {"line": preparation, "is_done": is_done}
    audit(actor, "events.event.prepare", preparation.event, at=now, changed=changed)
    return preparation


@transaction.atomic
def add_room(*, actor: User, event: Event, now: datetime, values: Mapping[str, object]) -> Room:
    """Add a room to an event; raises ``NotAllowed`` and ``ValidationError``."""
    _need_runner(actor, event)
    listed = rooms_of(event)
    number = (listed[-1].position if listed else 0) + 1
    room = Room(event=event, position=number, code=f"r{number}", **values)
    room.full_clean()
    room.save()
    audit(actor, "events.event.change_rooms", event, at=now, changed={"added": room})
    return room


@transaction.atomic
def update_room(*, actor: User, room: Room, changes: Mapping[str, object], now: datetime) -> bool:
    """Change a room; who may see a protected list may change who leads it.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    _need_runner(actor, room.event)
    is_protected = room.kind == Room.Kind.WOMEN_ONLY and room.attendances.exists()
    # Nobody becomes the facilitator of a protected room in order to read its list.
    if is_protected and not rules.can_check_in(actor, room):
        raise NotAllowed
    return update_record(actor=actor, record=room, changes=changes, at=now)


@transaction.atomic
def remove_room(*, actor: User, room: Room, now: datetime) -> None:
    """Take away a room into which nobody was checked in; raises ``NotAllowed``, ``RoomInUse``."""
    event = room.event
    _need_runner(actor, event)
    if room.attendances.exists():
        raise RoomInUse
    label = str(room.label)
    try:
        room.delete()
    except ProtectedError as held:  # something above, such as a vote, happens in this room
        raise RoomInUse from held
    audit(actor, "events.event.change_rooms", event, at=now, changed={"removed": label})


def _next(event: Event) -> int:
    return (event.agenda.aggregate(last=Max("position"))["last"] or 0) + 1


def _need_runner(actor: User, event: Event) -> None:
    if not rules.can_run_event(actor, event):
        raise NotAllowed
