"""Visits from the idea to the end: made, moved from state to state, copied, made public."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.links.actions import withdraw_links
from hiwar.common.multilingual import installation_languages
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.dossiers.queries import readable_dossiers
from hiwar.events.models import Event
from hiwar.visits import rules
from hiwar.visits.actions.stops import call_off
from hiwar.visits.models import Booking, Leg, PackText, Visit, VisitItem
from hiwar.visits.queries import search_documents
from hiwar.visits.queries.links import private_links_of
from hiwar.visits.queries.templates import find_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Organisation
    from hiwar.dossiers.models import Dossier

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
REPORT_AFTER = timedelta(days=30)
S = Visit.State
NEXT: dict[str, tuple[str, ...]] = {
    S.IDEA: (S.INVITED, S.CANCELLED),
    S.INVITED: (S.CONFIRMED, S.POSTPONED, S.CANCELLED),
    S.CONFIRMED: (S.DRAFT, S.POSTPONED, S.CANCELLED),
    S.DRAFT: (S.FIXED, S.POSTPONED, S.CANCELLED),
    S.FIXED: (S.UNDER_WAY, S.POSTPONED, S.CANCELLED),
    S.UNDER_WAY: (S.HELD, S.POSTPONED, S.CANCELLED),
    S.HELD: (S.FOLLOWED_UP, S.CLOSED),
    S.POSTPONED: (S.DRAFT, S.CANCELLED),
    S.CANCELLED: (),
    S.FOLLOWED_UP: (S.CLOSED,),
    S.CLOSED: (),
}


class UnknownTemplate(Refused):
    """No template has this code."""

    code = "unknown_template"
    message = _("There is no such template.")


class StepNotPossible(Refused):
    """A visit cannot go from its state to the one wished for."""

    code = "step_not_possible"
    message = _("From where this visit stands, that step is not possible.")


class ReasonMissing(Refused):
    """A visit is postponed without a kind of reason."""

    code = "reason_missing"
    message = _("Say what kind of reason it is; statistics count it.")


class NothingToFix(Refused):
    """A programme without items cannot be fixed."""

    code = "nothing_to_fix"
    message = _("The programme has no item yet.")


class NotOverYet(Refused):
    """A visit is made public before it ended, or while it is not to be known."""

    code = "not_over_yet"
    message = _("The fact of a visit becomes public when it has been held.")


def new_code() -> str:
    """Return a short code for the addresses of a visit."""
    return "".join(secrets.choice(LETTERS) for _ in range(7))


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What is known of a visit when it is made."""

    title: Mapping[str, str]
    starts_on: date
    ends_on: date
    zone: str
    sender: Mapping[str, str] = field(default_factory=dict)
    home_zone: str = ""
    partner: Organisation | None = None
    code: str = ""


@transaction.atomic
def create_visit(*, actor: User, template: str, new: NewVisit, now: datetime) -> Visit:
    """Make a visit from a template; it begins as an idea that the makers of visits see."""
    if not rules.can_run_visits(actor):
        raise NotAllowed
    plan = find_template(template)
    if plan is None:
        raise UnknownTemplate
    visit = Visit(
        code=new.code or new_code(),
        title=new.title,
        sender=new.sender,
        partner=new.partner,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        zone=new.zone,
        home_zone=new.home_zone,
        languages=list(installation_languages()),
        buffer_minutes=plan.buffer_minutes,
        documents_kept_days=plan.documents_kept_days,
        statement=plan.statement,
        owner=actor,
        created_at=now,
        is_demo=actor.is_demo,
    )
    visit.full_clean()
    visit.save()
    for position, text in enumerate(plan.texts):
        PackText.objects.create(
            visit=visit, position=position, kind=text.kind, title=text.title, body=text.body,
            is_for_members=text.is_for_members, is_for_press=text.is_for_press,
        )  # fmt: skip
    index_record(search_documents.KIND, search_documents.document_of(visit))
    audit(actor, "visits.visit.create", visit, at=now)
    return visit


@transaction.atomic
def update_visit(
    *, actor: User, visit: Visit, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change plain facts of a visit, and the dossiers it is about."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    plain = {name: value for name, value in changes.items() if name != "dossiers"}
    is_changed = update_record(actor=actor, record=visit, changes=plain, at=now)
    if is_changed:
        index_record(search_documents.KIND, search_documents.document_of(visit))
    wished = changes.get("dossiers")
    if wished is None:
        return is_changed
    return _hang(actor, visit, list(wished), now) or is_changed  # type: ignore[call-overload]  # what the form read


def _hang(actor: User, visit: Visit, wished: list[Dossier], now: datetime) -> bool:
    """Hang a visit on the dossiers wished for; those the actor may not read stay as they are."""
    readable = set(readable_dossiers(actor).values_list("pk", flat=True))
    before = list(visit.dossiers.order_by("code", "pk"))
    kept = [dossier for dossier in before if dossier.pk not in readable]
    after = [*kept, *(dossier for dossier in wished if dossier.pk in readable)]
    if {dossier.pk for dossier in before} == {dossier.pk for dossier in after}:
        return False
    visit.dossiers.set(after)
    changed = {
        "dossiers": [[dossier.code for dossier in before], [dossier.code for dossier in after]]
    }
    audit(actor, "visits.visit.update", visit, at=now, changed=changed)
    return True


@transaction.atomic
def take_step(*, actor: User, visit: Visit, state: str, reason: str = "", now: datetime) -> Visit:
    """Take a visit to its next state.

    Fixing the programme makes version 1 and remembers the day and form of each item. Postponing
    asks for a kind of reason, calls the items off and lists every booking for cancellation.
    """
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if state not in NEXT[visit.state]:
        raise StepNotPossible
    if state == S.POSTPONED and reason not in Visit.Reason.values:
        raise ReasonMissing
    before, visit.state = visit.state, state
    if state == S.FIXED:
        _fix(actor, visit, now)
    elif state in {S.POSTPONED, S.CANCELLED}:
        visit.reason_class = reason
        _call_off(actor, visit, state, now)
    elif state == S.HELD:
        visit.report_due_on = visit.ends_on + REPORT_AFTER
    visit.full_clean()
    visit.save()
    changed = {"state": [before, state], "reason_class": visit.reason_class}
    audit(actor, "visits.visit.step", visit, at=now, changed=changed)
    return visit


def _fix(actor: User, visit: Visit, now: datetime) -> None:
    items = list(VisitItem.objects.filter(visit=visit).select_related("event"))
    if not items:
        raise NothingToFix
    if visit.version:
        return
    visit.version = 1
    visit.versions.create(number=1, made_at=now, made_by=actor)
    for item in items:
        item.original_on, item.original_form = item.event.starts_on, item.event.form
        item.save(update_fields=["original_on", "original_form"])


def _call_off(actor: User, visit: Visit, state: str, now: datetime) -> None:
    wished = Event.State.POSTPONED if state == S.POSTPONED else Event.State.CANCELLED
    for item in VisitItem.objects.filter(visit=visit).select_related("event").order_by("pk"):
        call_off(actor=actor, event=item.event, state=wished, now=now)
    alive = (Booking.State.PLANNED, Booking.State.BOOKED)
    visit.bookings.filter(state__in=alive).update(state=Booking.State.TO_CANCEL)
    withdraw_links(links=private_links_of(visit), now=now)


@transaction.atomic
def settle_booking(*, actor: User, booking: Booking, state: str, now: datetime) -> None:
    """Say where a booking stands."""
    if not rules.can_run_visit(actor, booking.visit):
        raise NotAllowed
    before, booking.state = booking.state, state
    booking.full_clean()
    booking.save(update_fields=["state"])
    changed = {"booking": booking.pk, "state": [before, state]}
    audit(actor, "visits.booking.settle", booking.visit, at=now, changed=changed)


@transaction.atomic
def publish_visit(*, actor: User, visit: Visit, summary: Mapping[str, str], now: datetime) -> None:
    """Make the fact of a visit public: days, sender, themes and counts, and no private detail."""
    if not rules.can_publish_visit(actor, visit):
        raise NotAllowed
    if visit.state not in {S.HELD, S.FOLLOWED_UP, S.CLOSED}:
        raise NotOverYet
    visit.summary = visit.summary.updated(summary)
    visit.published_at = now
    visit.full_clean()
    visit.save(update_fields=["summary", "published_at"])
    index_record(search_documents.KIND, search_documents.document_of(visit))
    audit(actor, "visits.visit.publish", visit, at=now)


@transaction.atomic
def unpublish_visit(*, actor: User, visit: Visit, now: datetime) -> None:
    """Take the public page of a visit down."""
    if not rules.can_publish_visit(actor, visit):
        raise NotAllowed
    visit.published_at = None
    visit.save(update_fields=["published_at"])
    audit(actor, "visits.visit.unpublish", visit, at=now)


@transaction.atomic
def copy_visit(*, actor: User, visit: Visit, title: Mapping[str, str], now: datetime) -> Visit:
    """Copy a visit with travellers, items, hosts and bookings; links and documents stay behind."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    copy = Visit.objects.get(pk=visit.pk)
    copy.pk, copy._state.adding = uuid4(), True
    copy.code, copy.title, copy.copied_from = new_code(), title, visit
    copy.state, copy.reason_class, copy.version = S.DRAFT, "", 0
    copy.published_at = copy.report_due_on = None
    copy.created_at, copy.owner = now, actor
    copy.full_clean()
    copy.save()
    index_record(search_documents.KIND, search_documents.document_of(copy))
    copy.dossiers.set(visit.dossiers.all())
    for host in visit.hosts.order_by("pk"):
        contacts = list(host.contacts.all())
        host.pk, host._state.adding, host.visit = uuid4(), True, copy
        host.save()
        host.contacts.set(contacts)
    for rows in (visit.travellers, visit.bookings, visit.texts, visit.points):
        for row in rows.order_by("pk"):
            row.pk, row._state.adding, row.visit = uuid4(), True, copy
            if isinstance(row, Booking):
                row.state = Booking.State.BOOKED
            row.save()
    for item in visit.items.select_related("event").order_by("event__code", "pk"):
        _copy_item(item, copy, now)
    audit(actor, "visits.visit.copy", copy, at=now, changed={"from": visit})
    return copy


def _copy_item(item: VisitItem, copy: Visit, now: datetime) -> None:
    relations = {
        name: list(getattr(item, name).all())
        for name in ("organisations", "posts", "speakers", "staff", "themes")
    }
    leg = Leg.objects.filter(item=item).first()
    event = item.event
    event.pk, event._state.adding = uuid4(), True
    event.code = f"{copy.code}-{item.event.code.rpartition('-')[2]}"
    event.state, event.sequence = Event.State.PLANNED, 0
    event.created_at = event.modified_at = now
    event.save()
    item.pk, item._state.adding, item.visit, item.event = uuid4(), True, copy, event
    item.original_on, item.original_form = None, ""
    item.status = VisitItem.Status.REQUESTED
    item.met_female = item.met_male = item.met_other = None
    # The copy stands at the same time with the same colleagues, and is not meant to be held too.
    item.override_reason = item.override_reason or str(copy.title)[:300]
    item.save()
    for name, rows in relations.items():
        getattr(item, name).set(rows)
    if leg is not None:
        leg.pk, leg._state.adding, leg.item = uuid4(), True, item
        leg.save()
