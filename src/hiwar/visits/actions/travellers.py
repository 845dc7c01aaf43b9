"""Travellers, their permits and their documents."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import crypto
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.visits import rules
from hiwar.visits.models import Permit, Traveller, TravellerDocument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.visits.models import Visit

LONGEST = 2000


class DocumentTooLong(Refused):
    """More was typed than a document's number and dates."""

    code = "document_too_long"
    message = _("Keep only what the journey needs: number, dates, place of issue.")


@transaction.atomic
def add_traveller(
    *, actor: User, visit: Visit, facts: Mapping[str, object], now: datetime
) -> Traveller:
    """Add a person to a delegation."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    last = visit.travellers.aggregate(last=Max("number"))["last"] or 0
    traveller = Traveller(visit=visit, **{"number": last + 1, **facts})
    traveller.full_clean()
    traveller.save()
    audit(actor, "visits.traveller.add", visit, at=now, changed={"number": traveller.number})
    return traveller


@transaction.atomic
def update_traveller(
    *, actor: User, traveller: Traveller, facts: Mapping[str, object], now: datetime
) -> bool:
    """Change what is known of a traveller."""
    if not rules.can_run_visit(actor, traveller.visit):
        raise NotAllowed
    return update_record(actor=actor, record=traveller, changes=facts, at=now)


@transaction.atomic
def remove_traveller(*, actor: User, traveller: Traveller, now: datetime) -> None:
    """Take a person out of a delegation, documents included."""
    visit = traveller.visit
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    audit(actor, "visits.traveller.remove", visit, at=now, changed={"number": traveller.number})
    traveller.delete()


@transaction.atomic
def keep_document(
    *, actor: User, traveller: Traveller, kind: str, text: str, now: datetime
) -> TravellerDocument:
    """Seal a document of a traveller; it is deleted some days after the visit."""
    visit = traveller.visit
    if not rules.can_see_documents(actor, visit):
        raise NotAllowed
    if len(text) > LONGEST:
        raise DocumentTooLong
    document = TravellerDocument(
        traveller=traveller,
        kind=kind,
        delete_on=visit.ends_on + timedelta(days=visit.documents_kept_days),
        added_by=actor,
        added_at=now,
    )
    document.sealed = crypto.seal(text.encode(), document.place)
    document.full_clean()
    document.save()
    changed = {"number": traveller.number, "kind": kind}
    audit(actor, "visits.document.keep", visit, at=now, changed=changed)
    return document


@transaction.atomic
def open_document(*, actor: User, document: TravellerDocument, now: datetime) -> str:
    """Return what a document says; who opened it is written down."""
    visit = document.traveller.visit
    if not rules.can_see_documents(actor, visit):
        raise NotAllowed
    changed = {"number": document.traveller.number, "kind": document.kind}
    audit(actor, "visits.document.open", visit, at=now, changed=changed)
    return crypto.unseal(bytes(document.sealed), document.place).decode()


@transaction.atomic
def delete_due_documents(*, today: date) -> int:
    """Delete the documents whose day has come; return how many went."""
    due = TravellerDocument.objects.filter(delete_on__lte=today)
    count = due.count()
    due.delete()
    return count


@transaction.atomic
def set_permit(
    *,
    actor: User,
    traveller: Traveller,
    kind: str,
    state: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    now: datetime,
) -> Permit:
    """Say where a permit of a traveller stands."""
    if not rules.can_run_visit(actor, traveller.visit):
        raise NotAllowed
    permit = Permit.objects.filter(traveller=traveller, kind=kind).first()
    permit = permit or Permit(traveller=traveller, kind=kind)
    permit.state, permit.valid_from, permit.valid_until = state, valid_from, valid_until
    permit.full_clean()
    permit.save()
    changed = {"number": traveller.number, "kind": kind, "state": state}
    audit(actor, "visits.permit.set", traveller.visit, at=now, changed=changed)
    return permit
