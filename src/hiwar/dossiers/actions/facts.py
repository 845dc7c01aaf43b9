"""Facts: added with a source, checked again and again, corrected without losing what they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.numbering import next_number
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.dossiers.actions.dossiers import check_editable
from hiwar.dossiers.models import Dossier, Fact, FactVersion
from hiwar.dossiers.queries.extension_points import say_told
from hiwar.dossiers.queries.search_documents import document_of_fact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User

TOLD = ("text", "value", "source", "url", "published_on")


class SourceMissing(Refused):
    """A fact names its source."""

    code = "source_missing"
    message = _("A fact names its source, in words or as an address.")


class CheckInFuture(Refused):
    """A fact was checked on a day that has come."""

    code = "check_in_future"
    message = _("A fact cannot have been checked on a day that is still to come.")


class WhyMissing(Refused):
    """A correction says why."""

    code = "why_missing"
    message = _("Say why the fact is corrected.")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands: in words, at an address, published on a day."""

    name: str = ""
    url: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """When the source was looked at, and when it will be again."""

    on: date | None = None
    next_on: date | None = None


@transaction.atomic
def add_fact(
    *,
    actor: User,
    dossier: Dossier,
    text: Mapping[str, str],
    source: Source,
    today: date,
    now: datetime,
    value: str = "",
    check: Check | None = None,
) -> Fact:
    """Add a fact with its source, and the day on which somebody last looked at it, if any."""
    check_editable(actor, dossier)
    check = check or Check()
    if not source.name.strip() and not source.url:
        raise SourceMissing
    if check.on is not None and check.on > today:
        raise CheckInFuture
    fact = Fact(
        dossier=dossier,
        text=text,
        value=value,
        source=source.name,
        url=source.url,
        published_on=source.published_on,
        checked_on=check.on,
        checked_by=actor if check.on else None,
        next_check_on=check.next_on,
        added_at=now,
    )
    fact.full_clean()
    fact.save()
    index_record("dossiers.fact", document_of_fact(fact))
    audit(actor, "dossiers.fact.add", fact, at=now)
    say_told(actor, fact, now, is_renamed=True)
    return fact


@transaction.atomic
def check_fact(
    *,
    actor: User,
    fact: Fact,
    on: date,
    today: date,
    now: datetime,
    next_check_on: date | None = None,
) -> None:
    """Say that the source was looked at and the fact still holds."""
    check_editable(actor, fact.dossier)
    if on > today:
        raise CheckInFuture
    changed = {"checked_on": [fact.checked_on, on]}
    fact.checked_on, fact.checked_by, fact.next_check_on = on, actor, next_check_on
    fact.save(update_fields=["checked_on", "checked_by", "next_check_on"])
    audit(actor, "dossiers.fact.check", fact, at=now, changed=changed)
    say_told(actor, fact, now, is_renamed=False)


@transaction.atomic
def correct_fact(
    *,
    actor: User,
    fact: Fact,
    changes: Mapping[str, object],
    reason: str,
    today: date,
    now: datetime,
) -> FactVersion:
    """Correct a fact; what it said before is kept, with the reason."""
    locked = Fact.objects.select_for_update().select_related("dossier").get(pk=fact.pk)
    check_editable(actor, locked.dossier)
    if not reason.strip():
        raise WhyMissing
    version = FactVersion(
        fact=locked,
        number=next_number(locked.versions),
        checked_on=locked.checked_on,
        replaced_at=now,
        replaced_by=actor,
        reason=reason,
        **{name: getattr(locked, name) for name in TOLD},
    )
    version.save()
    before = {name: getattr(locked, name) for name in TOLD}
    for name in TOLD:
        if name in changes:
            setattr(locked, name, changes[name])
    if not locked.source.strip() and not locked.url:
        raise SourceMissing
    locked.checked_on, locked.checked_by, locked.corrected_at = today, actor, now
    locked.next_check_on = None
    locked.full_clean()
    locked.save()
    index_record("dossiers.fact", document_of_fact(locked))
    changed = {
        name: [old, getattr(locked, name)]
        for name, old in before.items()
        if old != getattr(locked, name)
    }
    audit(actor, "dossiers.fact.correct", locked, at=now, changed={**changed, "reason": reason})
    is_renamed = not changed.keys().isdisjoint(("source", "url"))
    say_told(actor, locked, now, is_renamed=is_renamed)
    fact.refresh_from_db()
    return version


@transaction.atomic
def withdraw_fact(*, actor: User, fact: Fact, now: datetime) -> None:
    """Take a fact back that no longer holds; it leaves the page and can be put back."""
    check_editable(actor, fact.dossier)
    fact.withdrawn_at = now
    fact.save(update_fields=["withdrawn_at"])
    audit(actor, "dossiers.fact.withdraw", fact, at=now)


@transaction.atomic
def restore_fact(*, actor: User, fact: Fact, now: datetime) -> None:
    """Put a fact back that was taken back."""
    check_editable(actor, fact.dossier)
    fact.withdrawn_at = None
    fact.save(update_fields=["withdrawn_at"])
    audit(actor, "dossiers.fact.restore", fact, at=now)
