"""The programme: items added and changed, several at once as one version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.events.models import Event
from hiwar.visits import rules
from hiwar.visits.actions.stops import Stop, StopChange, call_off, change_stop, make_stop
from hiwar.visits.models import Leg, Visit, VisitItem
from hiwar.visits.queries.double_bookings import clashes_of
from hiwar.visits.queries.routes import find_route, town_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Organisation, Person, Post

PLAIN = (
    "status", "needs_interpreter", "interpreter", "most_people", "phone", "note", "plan_b",
    "fallback",
)  # fmt: skip


class OutsideVisit(Refused):
    """An item lies before or after the visit."""

    code = "outside_visit"
    message = _("This day is not a day of the visit.")


class EndsFirst(Refused):
    """An item ends before it begins."""

    code = "ends_first"
    message = _("It ends before it begins.")


class TwoPlaces(Refused):
    """Somebody who speaks would be in two places at once."""

    code = "two_places"
    message = _("Somebody would be in two places at once. Write why this is right, or move one.")


class NothingChanged(Refused):
    """A change that changes nothing would make a version of nothing."""

    code = "nothing_changed"
    message = _("Nothing is different from what stands there.")


@dataclass(frozen=True, slots=True)
class Hosts:
    """Who receives and who speaks at an item; None leaves a list as it is."""

    organisations: Sequence[Organisation] | None = None
    posts: Sequence[Post] | None = None
    speakers: Sequence[Person] | None = None
    staff: Sequence[User] | None = None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What is to change of one item."""

    item: VisitItem
    stop: StopChange = field(default_factory=StopChange)
    plain: Mapping[str, object] = field(default_factory=dict)
    hosts: Hosts = field(default_factory=Hosts)
    is_cancelled: bool | None = None
    override_reason: str = ""


@transaction.atomic
def add_item(
    *,
    actor: User,
    visit: Visit,
    stop: Stop,
    hosts: Hosts | None = None,
    plain: Mapping[str, object] | None = None,
    override_reason: str = "",
    now: datetime,
) -> VisitItem:
    """Add an item to a programme, with the way to it where one is known."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    number = _next_number(visit)
    event = make_stop(actor=actor, visit=visit, number=number, stop=stop, now=now)
    item = VisitItem(visit=visit, event=event, **_known(plain or {}))
    if visit.version:
        item.original_on, item.original_form = event.starts_on, event.form
    item.full_clean()
    item.save()
    _set_hosts(item, hosts or Hosts())
    _check(item, override_reason)
    if visit.version:
        _make_version(actor, visit, [{"item": event.code, "what": ["added"]}], "", now)
    audit(actor, "visits.item.add", visit, at=now, changed={"item": event.code})
    set_legs(visit=visit)
    return item


@transaction.atomic
def change_programme(
    *, actor: User, visit: Visit, changes: Sequence[ItemChange], reason: str = "", now: datetime
) -> list[str]:
    """Change one item or several as one step; return the codes of those that changed.

    Once the programme is fixed a change makes a new version, whose reason only staff read.
    """
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    rows: list[dict[str, object]] = []
    touched: list[str] = []
    for change in changes:
        what = _apply(actor, change, now)
        if what is None:
            continue
        touched.append(change.item.event.code)
        if what:
            rows.append({"item": change.item.event.code, "what": what})
    if not touched:
        raise NothingChanged
    for change in changes:
        _check(change.item, change.override_reason)
    if rows and visit.version:
        _make_version(actor, visit, rows, reason, now)
    set_legs(visit=visit)
    return touched


def _apply(actor: User, change: ItemChange, now: datetime) -> list[str] | None:
    """Change one item; return what its holders are told, or None when nothing changed."""
    item, event = change.item, change.item.event
    before = (event.starts_on, event.starts, event.ends, event.form, event.venue_id, event.where)
    changed = change_stop(actor=actor, event=event, change=change.stop, now=now)
    after = (event.starts_on, event.starts, event.ends, event.form, event.venue_id, event.where)
    names = ("day", "time", "time", "form", "place", "place")
    pairs = zip(names, before, after, strict=True)
    changed_names = list(dict.fromkeys(name for name, old, new in pairs if old != new))
    if change.is_cancelled is not None:
        state = Event.State.CANCELLED if change.is_cancelled else Event.State.PLANNED
        if call_off(actor=actor, event=event, state=state, now=now):
            cancelled, asked = VisitItem.Status.CANCELLED, VisitItem.Status.REQUESTED
            item.status = cancelled if change.is_cancelled else asked
            item.save(update_fields=["status"])
            changed_names.append("cancelled" if change.is_cancelled else "restored")
            changed = True
    plain = {
        name: value for name, value in _known(change.plain).items() if getattr(item, name) != value
    }
    if plain:
        changed = update_record(actor=actor, record=item, changes=plain, at=now) or changed
    changed = _set_hosts(item, change.hosts) or changed
    if change.override_reason and change.override_reason != item.override_reason:
        update_record(
            actor=actor, record=item, changes={"override_reason": change.override_reason}, at=now
        )
        changed = True
    return changed_names if changed else None


def _known(plain: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in plain.items() if name in PLAIN}


def _set_hosts(item: VisitItem, hosts: Hosts) -> bool:
    changed = False
    for name in ("organisations", "posts", "speakers", "staff"):
        wished = getattr(hosts, name)
        if wished is None:
            continue
        relation = getattr(item, name)
        if set(relation.values_list("pk", flat=True)) != {record.pk for record in wished}:
            relation.set(wished)
            changed = True
    return changed


def _check(item: VisitItem, override_reason: str) -> None:
    event, visit = item.event, item.visit
    if not visit.starts_on <= event.starts_on <= visit.ends_on:
        raise OutsideVisit
    if event.ends_at <= event.starts_at:
        raise EndsFirst
    if clashes_of(item) and not (override_reason or item.override_reason):
        raise TwoPlaces
    if override_reason and item.override_reason != override_reason:
        item.override_reason = override_reason
        item.save(update_fields=["override_reason"])


def _make_version(
    actor: User, visit: Visit, rows: list[dict[str, object]], reason: str, now: datetime
) -> None:
    visit.version += 1
    visit.save(update_fields=["version"])
    visit.versions.create(
        number=visit.version, made_at=now, made_by=actor, reason=reason, changes=rows
    )
    changed = {"version": visit.version, "items": [row["item"] for row in rows]}
    audit(actor, "visits.visit.change", visit, at=now, changed=changed)


def _next_number(visit: Visit) -> int:
    codes = VisitItem.objects.filter(visit=visit).values_list("event__code", flat=True)
    return max((int(code.rpartition("-")[2]) for code in codes), default=0) + 1


@transaction.atomic
def set_legs(*, visit: Visit) -> None:
    """Give every item the way to it from the stop before, where a route is known.

    A leg that somebody wrote by hand stays as long as it begins where it did.
    """
    items = VisitItem.objects.filter(visit=visit).exclude(event__state=Event.State.CANCELLED)
    before: Event | None = None
    for item in items.select_related("event", "leg").order_by("event__starts_at", "pk"):
        event = item.event
        if event.form == Event.Form.ONLINE:
            Leg.objects.filter(item=item).delete()
            continue
        here = town_of(event.where)
        same_day = before is not None and before.starts_on == event.starts_on
        origin = before.where if before is not None and same_day else visit_base(visit, event)
        start = town_of(origin)
        before = event
        leg = Leg.objects.filter(item=item).first()
        if not start or start == here:
            Leg.objects.filter(item=item).delete()
            continue
        if leg is not None and town_of(leg.origin) == start:
            continue
        route = find_route(start, here)
        Leg.objects.filter(item=item).delete()
        if route is None:
            continue
        names = ("mode", "kilometres", "typical_minutes", "bad_day_minutes", "crossing", "opens",
                 "closes", "permit")  # fmt: skip
        facts = {name: getattr(route, name) for name in names}
        towns = {code: text.split(",")[0].split("،")[0].strip() for code, text in origin.items()}
        buffer = visit.buffer_minutes
        Leg.objects.create(item=item, origin=towns, buffer_minutes=buffer, **facts)


def visit_base(visit: Visit, event: Event) -> Mapping[str, str]:
    """Return the place where the night before an event is spent, as far as a booking says so."""
    nights = visit.bookings.filter(kind="nights", starts_on__lt=event.starts_on)
    for booking in nights.select_related("venue__place").order_by("-starts_on", "pk"):
        if (event.starts_on - booking.starts_on).days <= booking.nights:  # type: ignore[operator]
            return dict(booking.title)
    return {}


@transaction.atomic
def set_leg(*, actor: User, item: VisitItem, facts: Mapping[str, object], now: datetime) -> Leg:
    """Write the way to an item by hand."""
    if not rules.can_run_visit(actor, item.visit):
        raise NotAllowed
    leg = Leg.objects.filter(item=item).first() or Leg(item=item)
    for name, value in facts.items():
        setattr(leg, name, value)
    leg.full_clean()
    leg.save()
    audit(actor, "visits.leg.set", item.visit, at=now, changed={"item": item.event.code})
    return leg
