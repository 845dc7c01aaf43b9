"""Evidence: entered, corrected without losing what it said; testimony with a living consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.crypto import seal
from hiwar.common.dates import local_day
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record, remove_record
from hiwar.evidence import rules
from hiwar.evidence.actions.sources import ReasonMissing
from hiwar.evidence.models import EvidenceItem, ItemVersion, Testimony
from hiwar.evidence.queries.library import may_read_source
from hiwar.evidence.queries.search_documents import document_of_item
from hiwar.evidence.queries.testimony import Witness, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User

KIND = "evidence.item"
PLACE = ("source", "locator", "dossier", "visibility")
FIELDS = ("kind", "text", "figure", "source", "locator", "dossier", "visibility")


class ConsentMissing(Refused):
    """Testimony rests on a consent."""

    code = "consent_missing"
    message = _("Testimony needs a consent: on which day, how it was given, and for what.")


class ConsentGone(Refused):
    """The consent was withdrawn."""

    code = "consent_gone"
    message = _("This consent was withdrawn already.")


class NothingCorrected(Refused):
    """A correction changes something."""

    code = "nothing_corrected"
    message = _("Nothing is different from what stands there now.")


@dataclass(frozen=True, slots=True)
class Consent:
    """On which day somebody agreed, and until when it holds; None has no end."""

    on: date
    ends_on: date | None = None


@transaction.atomic
def add_item(
    *, actor: User, values: Mapping[str, Any], now: datetime, is_demo: bool = False
) -> EvidenceItem:
    """Enter evidence of a source; ``values`` has fields by name, those of ``FIELDS``.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    item = _item(actor, values, now, is_demo=is_demo)
    item.full_clean()
    item.save()
    index_record(KIND, document_of_item(item))
    audit(actor, "evidence.evidenceitem.add", item, at=now)
    return item


@transaction.atomic
def record_testimony(
    *, actor: User, values: Mapping[str, Any], chosen_name: str, witness: Witness,
    consent: Consent, now: datetime, is_demo: bool = False,
) -> EvidenceItem:  # fmt: skip
    """Enter what somebody testified: under the name they chose; who they are is sealed.

    Raises ``NotAllowed``, ``ConsentMissing`` and ``ValidationError``.
    """
    if not witness.agreed_how.strip() or not witness.agreed_to.strip():
        raise ConsentMissing
    if consent.on > local_day(now) or (consent.ends_on and consent.ends_on < consent.on):
        raise ConsentMissing
    kind = EvidenceItem.Kind.TESTIMONY
    item = add_item(actor=actor, values={**values, "kind": kind}, now=now, is_demo=is_demo)
    testimony = Testimony(
        item=item, chosen_name=chosen_name, consent_on=consent.on, consent_ends_on=consent.ends_on,
        sealed_person=seal(msgspec.json.encode(witness), place_of(item)),
    )  # fmt: skip
    testimony.full_clean()
    testimony.save()
    return item


@transaction.atomic
def correct_item(
    *, actor: User, item: EvidenceItem, text: Mapping[str, str], figure: str, reason: str,
    now: datetime,
) -> ItemVersion:  # fmt: skip
    """Correct what evidence says; what it said stays as a version, with the reason.

    Raises ``NotAllowed``, ``ReasonMissing``, ``NothingCorrected`` and ``ValidationError``.
    """
    locked = EvidenceItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not rules.can_edit_record(actor, locked):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
    corrected = locked.text.updated(text)
    if corrected == locked.text and figure == locked.figure:
        raise NothingCorrected
    last = ItemVersion.objects.filter(item=locked).aggregate(last=Max("number"))["last"] or 0
    version = ItemVersion(
        item=locked, number=last + 1, text=dict(locked.text), figure=locked.figure,
        replaced_by=actor, replaced_at=now, reason=reason.strip(),
    )  # fmt: skip
    version.full_clean()
    version.save()
    changed = {"figure": [locked.figure, figure], "reason": ["", version.reason]}
    locked.text, locked.figure, locked.corrected_at = corrected, figure, now
    locked.full_clean()
    locked.save(update_fields=["text", "figure", "corrected_at"])
    index_record(KIND, document_of_item(locked))
    audit(actor, "evidence.evidenceitem.correct", locked, at=now, changed=changed)
    return version


@transaction.atomic
def update_item(
    *, actor: User, item: EvidenceItem, values: Mapping[str, Any], now: datetime
) -> None:
    """Change where evidence stands and who may read it; what it says is corrected instead.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    source, dossier = values.get("source"), values.get("dossier")
    may = rules.can_edit_record(actor, item)
    may = may and (source is None or may_read_source(actor, source))
    if not may or not (dossier is None or is_readable_by(actor, dossier)):
        raise NotAllowed
    changes = {name: values[name] for name in PLACE if name in values}
    update_record(actor=actor, record=item, changes=changes, at=now)


@transaction.atomic
def withdraw_consent(*, actor: User, item: EvidenceItem, on: date, now: datetime) -> None:
    """Note that somebody takes a consent back: who they are is destroyed, the words are closed.

    Raises ``NotAllowed`` and ``ConsentGone``.
    """
    testimony = Testimony.objects.select_for_update(of=("self",)).get(item=item)
    if not rules.can_edit_record(actor, item):
        raise NotAllowed
    if testimony.withdrawn_on is not None:
        raise ConsentGone
    testimony.withdrawn_on, testimony.sealed_person = min(on, local_day(now)), b""
    testimony.save(update_fields=["withdrawn_on", "sealed_person"])
    remove_record(KIND, item.pk)
    audit(actor, "evidence.evidenceitem.withdraw_consent", item, at=now)


def _item(actor: User, values: Mapping[str, Any], now: datetime, *, is_demo: bool) -> EvidenceItem:
    item = EvidenceItem(
        **{name: values[name] for name in FIELDS if name in values},
        owner=actor, added_by=actor, added_at=now, is_demo=is_demo,
    )  # fmt: skip
    may = rules.can_edit_evidence(actor)
    may = may and (item.dossier is None or is_readable_by(actor, item.dossier))
    if not may or (item.source is not None and not may_read_source(actor, item.source)):
        raise NotAllowed
    return item
