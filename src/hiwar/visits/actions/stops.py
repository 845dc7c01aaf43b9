"""The events behind the items of a programme: made, changed and called off with their sequence."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.events.actions.events import cancel_event, create_event, update_event
from hiwar.events.models import Event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, time

    from hiwar.accounts.models import User
    from hiwar.events.models import Venue
    from hiwar.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Stop:
    """What is known of an event of a programme before it is made."""

    kind: str
    title: Mapping[str, str]
    day: date
    starts: time
    ends: time
    where: Mapping[str, str] = field(default_factory=dict)
    venue: Venue | None = None
    form: str = Event.Form.IN_PERSON


@dataclass(frozen=True, slots=True)
class StopChange:
    """What is to change of an event; None leaves a value as it is."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    form: str | None = None
    title: Mapping[str, str] | None = None
    where: Mapping[str, str] | None = None
    venue: Venue | None = None
    drops_venue: bool = False
    kind: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        return all(getattr(self, part.name) in (None, False) for part in fields(self))


@transaction.atomic
def make_stop(*, actor: User | None, visit: Visit, number: int, stop: Stop, now: datetime) -> Event:
    """Make the event of an item; it is read by whoever may read the visit."""
    return create_event(
        actor=actor,
        kind=stop.kind,
        title=stop.title,
        starts_on=stop.day,
        starts=stop.starts,
        ends=stop.ends,
        zone=visit.zone,
        code=f"{visit.code}-{number:02}",
        now=now,
        form=stop.form,
        where=stop.where,
        venue=stop.venue,
        place=stop.venue.place if stop.venue else None,
        visibility=visit.visibility,
        owner=visit.owner,
        is_demo=visit.is_demo,
    )


@transaction.atomic
def change_stop(*, actor: User | None, event: Event, change: StopChange, now: datetime) -> bool:
    """Change an event; whatever its holders must be told raises its sequence by one."""
    wished: dict[str, object] = {
        "starts_on": change.day,
        "ends_on": change.day,
        "starts": change.starts,
        "ends": change.ends,
        "form": change.form,
        "kind": change.kind,
        "title": change.title,
        "where": change.where,
        "venue": change.venue,
    }
    wished = {name: value for name, value in wished.items() if value is not None}
    if change.drops_venue:
        wished["venue"] = None
    form, sequence = event.form, event.sequence
    changed = update_event(actor=actor, event=event, changes=wished, now=now)
    if event.form != form and event.sequence == sequence:
        # Who holds the programme must learn that a meeting went online, at whichever time it is.
        event.sequence += 1
        event.save(update_fields=["sequence"])
    return changed


@transaction.atomic
def call_off(*, actor: User | None, event: Event, state: str, now: datetime) -> bool:
    """Postpone or cancel an event, or take that back; it stays in feeds with its new state."""
    if state == Event.State.CANCELLED != event.state:
        cancel_event(actor=actor, event=event, now=now)
        return True
    return update_event(actor=actor, event=event, changes={"state": state}, now=now)
