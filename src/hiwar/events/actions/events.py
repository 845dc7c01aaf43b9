"""Events: made, changed, moved and called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.links.actions import end_on
from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.events import rules
from hiwar.events.models import Event
from hiwar.events.queries import search_documents
from hiwar.events.queries.events import free_code
from hiwar.events.queries.invitations import last_day_of_links, links_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.accounts.models import User

# What those who hold the event in their calendar must be told.
TOLD = frozenset(
    ["title", "starts_on", "starts", "ends_on", "ends", "zone", "state", "venue", "place", "where"]
)
CHANGEABLE = TOLD | {
    "kind",
    "form",
    "purpose",
    "series",
    "dossier",
    "safety_note",
    "visibility",
    "owner",
    "capacity",
    "reply_by",
    "allows_plus_one",
    "quota",
    "continues",
}


@dataclass(frozen=True, slots=True)
class Wall:
    """The time of an event on the clock on the wall."""

    starts_on: date
    starts: time
    ends_on: date
    ends: time
    zone: str

    @classmethod
    def lasting(cls, day: date, starts: time, zone: str, length: timedelta) -> Wall:
        """Return the time that begins then and lasts so long on the same clock."""
        end = datetime.combine(day, starts) + length
        return cls(day, starts, end.date(), end.time(), zone)


class UnknownZone(Refused):
    """A time without a known zone is no time."""

    code = "unknown_zone"
    message = _("This time zone is not known.")


class EndsBeforeStart(Refused):
    """An event ends after it begins."""

    code = "ends_before_start"
    message = _("The end is before the beginning.")


class EventOver(Refused):
    """What has been held is not moved or called off."""

    code = "event_over"
    message = _("This event has been held. It can no longer be moved or called off.")


OVER = (
    Event.State.HELD,
    Event.State.NOTES_IN,
    Event.State.MINUTES_INTERNAL,
    Event.State.MINUTES_PUBLIC,
    Event.State.FEEDBACK_SENT,
)


@transaction.atomic
def create_event(  # noqa: PLR0913 -- an event has a time, a place on the clock and a name
    *,
    actor: User | None,
    kind: str,
    title: Mapping[str, str],
    starts_on: date,
    starts: time,
    ends: time,
    zone: str,
    now: datetime,
    ends_on: date | None = None,
    code: str = "",
    **more: object,
) -> Event:
    """Make an event from its wall time; instants are derived; ``more`` are further attributes.

    ``actor`` None is the system itself, which loads what an operator gives it. Raises
    ``NotAllowed``, ``UnknownZone``, ``EndsBeforeStart`` and ``ValidationError``.
    """
    return make_event(
        actor=actor,
        kind=kind,
        title=title,
        wall=Wall(starts_on, starts, ends_on or starts_on, ends, zone),
        code=code,
        more=more,
        now=now,
    )


@transaction.atomic
def make_event(
    *,
    actor: User | None,
    kind: str,
    title: Mapping[str, str],
    wall: Wall,
    now: datetime,
    code: str = "",
    more: Mapping[str, object] | None = None,
) -> Event:
    """Make an event as ``create_event`` does, of a time and further attributes in a mapping."""
    if actor is not None and not rules.can_run_events(actor):
        raise NotAllowed
    return add_event(
        actor=actor, kind=kind, title=title, wall=wall, code=code, more=more or {}, now=now
    )


@transaction.atomic
def add_event(
    *,
    actor: User | None,
    kind: str,
    title: Mapping[str, str],
    wall: Wall,
    code: str,
    more: Mapping[str, object],
    now: datetime,
) -> Event:
    """Make an event for an action that has asked already who may; raises ``ValidationError``."""
    event = Event(
        code=code or free_code(wall.starts_on),
        kind=kind,
        title=title,
        starts_on=wall.starts_on,
        starts=wall.starts,
        ends_on=wall.ends_on,
        ends=wall.ends,
        zone=wall.zone,
        created_at=now,
        modified_at=now,
        **{"owner": actor, **more},
    )
    _derive(event)
    event.full_clean()
    event.save()
    index_record(search_documents.KIND, search_documents.document_of(event))
    audit(actor, "events.event.create", event, at=now)
    return event


@transaction.atomic
def update_event(
    *, actor: User | None, event: Event, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change an event and return whether anything changed.

    A change of title, time, place or state raises ``sequence`` by one, so that calendars follow.
    Raises ``NotAllowed``, ``UnknownZone``, ``EndsBeforeStart`` and ``ValidationError``.
    """
    _need_runner(actor, event)
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(sorted(unknown))
    if changes.get("visibility") == "public" and actor is not None:
        _need_publisher(actor, event)
    event.refresh_from_db()
    before = {name: getattr(event, name) for name in changes}
    for name, value in changes.items():
        old = before[name]
        is_text = isinstance(old, MultilingualText) and isinstance(value, dict)
        setattr(event, name, old.updated(value) if is_text else value)
    changed = {
        name: [old, getattr(event, name)]
        for name, old in before.items()
        if old != getattr(event, name)
    }
    if not changed:
        return False
    _keep(event, now, is_told=bool(TOLD & changed.keys()))
    index_record(search_documents.KIND, search_documents.document_of(event))
    audit(actor, "events.event.change", event, at=now, changed=changed)
    return True


@transaction.atomic
def move_event(
    *,
    actor: User | None,
    event: Event,
    now: datetime,
    starts_on: date | None = None,
    starts: time | None = None,
    ends_on: date | None = None,
    ends: time | None = None,
    zone: str | None = None,
) -> bool:
    """Give an event another time; without ``ends`` it stays as long as it was.

    Raises ``EventOver`` and whatever ``update_event`` raises.
    """
    if event.state in OVER:
        raise EventOver
    moved = starts_on or event.starts_on
    values: dict[str, object] = {
        "starts_on": moved,
        "starts": starts or event.starts,
        "ends_on": ends_on or event.ends_on + (moved - event.starts_on),
        "ends": ends or _kept_end(event, starts),
        "zone": zone or event.zone,
    }
    return update_event(actor=actor, event=event, changes=values, now=now)


@transaction.atomic
def cancel_event(*, actor: User | None, event: Event, now: datetime) -> Event:
    """Call an event off; it stays in calendars as cancelled. Raises ``EventOver``."""
    if event.state in OVER:
        raise EventOver
    if event.state != Event.State.CANCELLED:
        event.cancelled_at = now
        event.save(update_fields=["cancelled_at"])
        update_event(actor=actor, event=event, changes={"state": Event.State.CANCELLED}, now=now)
    return event


@transaction.atomic
def recompute_instants(*, now: datetime) -> list[tuple[Event, datetime]]:
    """Read every future wall time with the zone data installed now; return what moved, from when.

    Wall times stay; what moved has its sequence raised, so that calendars follow.
    """
    moved: list[tuple[Event, datetime]] = []
    for event in Event.objects.filter(ends_at__gte=now).order_by("starts_at", "pk"):
        before = (event.starts_at, event.ends_at)
        event.derive_instants()
        if (event.starts_at, event.ends_at) == before:
            event.save(update_fields=["zone_version"])
            continue
        event.sequence += 1
        event.modified_at = now
        event.save()
        changed = {"starts_at": [before[0], event.starts_at], "zone_version": event.zone_version}
        audit(None, "events.event.recompute", event, at=now, changed=changed)
        moved.append((event, before[0]))
    return moved


def _keep(event: Event, now: datetime, *, is_told: bool) -> None:
    _derive(event)
    event.sequence += 1 if is_told else 0
    event.modified_at = now
    event.full_clean()
    event.save()
    end_on(links=links_of(event), day=last_day_of_links(event))


def _derive(event: Event) -> None:
    try:
        ZoneInfo(event.zone)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone from error
    event.derive_instants()
    if event.ends_at < event.starts_at:
        raise EndsBeforeStart


def _kept_end(event: Event, starts: time | None) -> time:
    if starts is None:
        return event.ends
    minutes = event.ends.hour * 60 + event.ends.minute
    minutes += starts.hour * 60 + starts.minute - event.starts.hour * 60 - event.starts.minute
    if not 0 <= minutes < 24 * 60:
        raise EndsBeforeStart
    return starts.replace(hour=minutes // 60, minute=minutes % 60)


def _need_runner(actor: User | None, event: Event) -> None:
    if actor is not None and not rules.can_run_event(actor, event):
        raise NotAllowed


def _need_publisher(actor: User, event: Event) -> None:
    if not rules.can_publish_event(actor, event):
        raise NotAllowed
