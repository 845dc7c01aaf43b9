"""A delegation file brought into an empty visit, and taken out again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.events.models import Event, Venue
from hiwar.visits import rules
from hiwar.visits.actions.programme import Hosts, add_item
from hiwar.visits.actions.stops import Stop
from hiwar.visits.models import Booking, Traveller, Visit, VisitItem
from hiwar.visits.queries.delegation_import import find_venue, read_delegation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.imports import Plan, Source
    from hiwar.common.models import ImportRun
    from hiwar.visits.queries.delegation_import import Delegation


# What a file says of the visit itself.
HEAD = (
    "zone", "home_zone", "partner_id", "members_hidden", "emergency", "vehicle", "access_check",
    "buffer_minutes", "state",
)  # fmt: skip


class NotEmpty(Refused):
    """A file is loaded over what was typed in."""

    code = "not_empty"
    message = _("This visit has travellers or a programme already; a file goes into an empty one.")


class FileStopped(Refused):
    """A file has a problem that keeps all of it out."""

    code = "file_stopped"
    message = _("This file cannot be loaded; the first problem says why.")


class TooLateToUndo(Refused):
    """A file is taken out after its programme was fixed."""

    code = "too_late_to_undo"
    message = _("The programme is fixed or already used; change it item by item.")


@transaction.atomic
def load_delegation(*, actor: User, visit: Visit, document: object, now: datetime) -> Delegation:
    """Bring a delegation file into an empty visit as one step; return what was read."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    if visit.items.exists() or visit.travellers.exists():
        raise NotEmpty
    delegation = read_delegation(document, starts_on=visit.starts_on, ends_on=visit.ends_on)
    if delegation.is_stopped:
        raise FileStopped
    _set_head(visit, delegation)
    for entry in delegation.travellers:
        traveller = Traveller(visit=visit, bio=entry.bio, **entry.facts)
        traveller.full_clean()
        traveller.save()
    _book_nights(visit, delegation)
    for item in delegation.items:
        stop = Stop(
            kind=item.kind, title=item.title, day=item.day, starts=item.starts, ends=item.ends,
            where=item.where, venue=item.venue, form=item.form,
        )  # fmt: skip
        add_item(
            actor=actor,
            visit=visit,
            stop=stop,
            hosts=Hosts(organisations=item.organisations, staff=item.staff),
            plain=item.plain,
            now=now,
        )
    counts = {"travellers": len(delegation.travellers), "items": len(delegation.items)}
    audit(actor, "visits.visit.load", visit, at=now, changed=counts)
    return delegation


def _set_head(visit: Visit, delegation: Delegation) -> None:
    visit.zone = delegation.zone or visit.zone
    visit.home_zone = delegation.home_zone or visit.home_zone
    visit.partner = delegation.partner or visit.partner
    visit.members_hidden = delegation.members_hidden or visit.members_hidden
    visit.emergency = delegation.emergency or visit.emergency
    visit.vehicle = delegation.vehicle or visit.vehicle
    visit.access_check = delegation.access_check or visit.access_check
    if delegation.buffer_minutes is not None:
        visit.buffer_minutes = delegation.buffer_minutes
    if visit.state in {Visit.State.IDEA, Visit.State.INVITED, Visit.State.CONFIRMED}:
        visit.state = Visit.State.DRAFT
    visit.full_clean()
    visit.save()


def _book_nights(visit: Visit, delegation: Delegation) -> None:
    night = visit.starts_on
    for entry in delegation.nights:
        nights = entry.get("nights")
        count = nights if isinstance(nights, int) and 0 < nights < 100 else 1
        place = entry.get("place")
        title = place if isinstance(place, dict) else {"en": str(place)}
        if entry.get("from"):
            night = date.fromisoformat(str(entry["from"]))
        Booking(
            visit=visit, kind=Booking.Kind.NIGHTS, title=title, starts_on=night, nights=count,
            state=Booking.State.BOOKED if entry.get("booked") else Booking.State.PLANNED,
            phone=str(entry.get("phone", ""))[:40], venue=_venue_of(entry, title),
        ).save()  # fmt: skip
        night += timedelta(days=count)
    if visit.vehicle:
        title = {"en": visit.vehicle}
        Booking(visit=visit, kind="transport", title=title, starts_on=visit.starts_on).save()


def _venue_of(entry: Mapping[str, object], title: Mapping[str, str]) -> Venue | None:
    named = Venue.objects.filter(code=str(entry.get("venue") or "-")).order_by("pk").first()
    return named or find_venue(title.get("en", ""), Venue.objects.order_by("code", "pk"))


@transaction.atomic
def apply_spreadsheet(*, source: Source, plan: Plan) -> dict[str, object]:
    """Write the file that rows of the desk amount to; raises what ``load_delegation`` raises."""
    visit = Visit.objects.select_for_update().get(pk=source.run.record_key)
    before = _head_of(visit)
    load_delegation(actor=source.actor, visit=visit, document=plan.data, now=source.now)
    after = _head_of(Visit.objects.get(pk=visit.pk))
    return {"head": {name: [before[name], after[name]] for name in HEAD}}


@transaction.atomic
def undo_spreadsheet(
    *, run: ImportRun, actor: User, journal: Mapping[str, Any], now: datetime
) -> None:
    """Take such a file out again; raises what ``undo_loading`` raises.

    What the file said of the visit itself is as it was, unless somebody changed it since.
    """
    visit = Visit.objects.select_for_update().get(pk=run.record_key)
    undo_loading(actor=actor, visit=visit, now=now)
    there = _head_of(visit)
    for name, (before, after) in journal.get("head", {}).items():
        if there[name] == after:
            setattr(visit, name, before)
    visit.save()


def _head_of(visit: Visit) -> dict[str, Any]:
    head = {name: getattr(visit, name) for name in HEAD}
    return {**head, "partner_id": str(visit.partner_id) if visit.partner_id else None}


@transaction.atomic
def undo_loading(*, actor: User, visit: Visit, now: datetime) -> None:
    """Take a loaded file out again: the visit is as empty as before."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    if visit.version or visit.is_over:
        raise TooLateToUndo
    empty_visit(visit=visit)
    audit(actor, "visits.visit.unload", visit, at=now)


@transaction.atomic
def empty_visit(*, visit: Visit) -> None:
    """Take travellers, items, their events and bookings out of a visit."""
    keys = list(VisitItem.objects.filter(visit=visit).values_list("event_id", flat=True))
    visit.items.all().delete()
    try:
        Event.objects.filter(pk__in=keys).delete()
    except ProtectedError as error:
        raise TooLateToUndo from error
    visit.travellers.all().delete()
    visit.bookings.all().delete()
