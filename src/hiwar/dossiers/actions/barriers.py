"""The barrier register: what is in whose way, where, how it is known, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.dossiers import rules
from hiwar.dossiers.actions.parts import UnknownWord
from hiwar.dossiers.models import AffectedGroup, Barrier
from hiwar.dossiers.queries.search_documents import document_of_barrier
from hiwar.dossiers.queries.vocabularies import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier, Fact
    from hiwar.places.models import Place

CHANGEABLE = frozenset(
    ["title", "kind", "place", "locality_kind", "evidence", "evidence_source", "fact", "dossier"]
)


class NobodyMeetsIt(Refused):
    """A barrier stands in somebody's way."""

    code = "nobody_meets_it"
    message = _("Say who meets this barrier.")


class NotKnown(Refused):
    """A barrier says how it is known: a fact, or a text with its source."""

    code = "not_known"
    message = _("Say how this is known: choose a fact, or write it with its source.")


class BarrierDay(Refused):
    """A state begins not in the future and not before the barrier was identified."""

    code = "barrier_day"
    message = _("The day lies in the future, or before the barrier was identified.")


@dataclass(frozen=True, slots=True)
class Where:
    """Where a barrier stands: in a place, or in all localities of a kind."""

    place: Place | None = None
    locality_kind: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a barrier is known, and since when: a text with its source, or a fact."""

    on: date
    text: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    fact: Fact | None = None


@transaction.atomic
def add_barrier(
    *,
    actor: User,
    title: Mapping[str, str],
    kind: str,
    groups: Iterable[str],
    evidence: Evidence,
    now: datetime,
    where: Where | None = None,
    dossier: Dossier | None = None,
) -> Barrier:
    """Enter a barrier; one that belongs to a dossier is read by whoever reads the dossier."""
    if not rules.can_edit_dossiers(actor):
        raise NotAllowed
    where, fact = where or Where(), evidence.fact
    place = where.place
    about = fact.dossier if fact is not None else dossier
    if about is not None and not is_readable_by(actor, about):
        raise NotAllowed
    barrier = Barrier(
        title=title,
        kind=kind,
        place=place,
        locality_kind=(place.kind if place and place.kind else where.locality_kind),
        evidence=evidence.text,
        evidence_source=evidence.source,
        fact=fact,
        dossier=about,
        identified_on=evidence.on,
        state_on=evidence.on,
        owner=actor,
        visibility=Visibility.INSTITUTION,
        created_at=now,
        is_demo=actor.is_demo,
    )
    _check_words(barrier)
    barrier.full_clean()
    barrier.save()
    _set_groups(barrier, groups)
    index_record("dossiers.barrier", document_of_barrier(barrier))
    audit(actor, "dossiers.barrier.add", barrier, at=now)
    return barrier


@transaction.atomic
def update_barrier(
    *,
    actor: User,
    barrier: Barrier,
    changes: Mapping[str, object],
    groups: Iterable[str],
    now: datetime,
) -> None:
    """Change what is written about a barrier and who meets it."""
    if not rules.can_edit_barrier(actor, barrier):
        raise NotAllowed
    allowed = {name: value for name, value in changes.items() if name in CHANGEABLE}
    for name, value in allowed.items():
        setattr(barrier, name, value)
    if barrier.fact is not None:
        allowed["dossier"] = barrier.dossier = barrier.fact.dossier
    if barrier.dossier is not None and not is_readable_by(actor, barrier.dossier):
        raise NotAllowed
    place = barrier.place
    if place is not None and place.kind:
        allowed["locality_kind"] = barrier.locality_kind = place.kind
    _check_words(barrier)
    barrier.refresh_from_db()
    update_record(actor=actor, record=barrier, changes=allowed, at=now)
    index_record("dossiers.barrier", document_of_barrier(barrier))
    before = sorted(barrier.groups.values_list("group", flat=True))
    after = _set_groups(barrier, groups)
    if before != after:
        changed = {"groups": [before, after]}
        audit(actor, "dossiers.barrier.set_groups", barrier, at=now, changed=changed)


@transaction.atomic
def change_barrier_state(
    *,
    actor: User,
    barrier: Barrier,
    state: str,
    on: date,
    today: date,
    now: datetime,
    reason: str = "",
) -> None:
    """Say how far a barrier is removed, since when, and by what."""
    if not rules.can_edit_barrier(actor, barrier):
        raise NotAllowed
    if on > today or on < barrier.identified_on:
        raise BarrierDay
    before = barrier.state
    barrier.state, barrier.state_on, barrier.state_reason = state, on, reason
    barrier.full_clean()
    barrier.save(update_fields=["state", "state_on", "state_reason"])
    changed = {"state": [before, state], "on": on, "reason": reason}
    audit(actor, "dossiers.barrier.change_state", barrier, at=now, changed=changed)


def _check_words(barrier: Barrier) -> None:
    kinds = {"", *words("locality_kind"), *([barrier.place.kind] if barrier.place else [])}
    if barrier.kind not in words("barrier_kind") or barrier.locality_kind not in kinds:
        raise UnknownWord
    if barrier.fact is None and not (barrier.evidence and barrier.evidence_source.strip()):
        raise NotKnown


def _set_groups(barrier: Barrier, groups: Iterable[str]) -> list[str]:
    wanted = sorted(set(groups))
    if not wanted:
        raise NobodyMeetsIt
    if not set(wanted) <= set(words("group")):
        raise UnknownWord
    barrier.groups.exclude(group__in=wanted).delete()
    there = set(barrier.groups.values_list("group", flat=True))
    AffectedGroup.objects.bulk_create(
        AffectedGroup(barrier=barrier, group=group) for group in wanted if group not in there
    )
    return wanted
