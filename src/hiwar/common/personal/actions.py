"""Erasing somebody: every room's rows, the search, the log; then a search for what is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from hiwar.common import crypto, jobs
from hiwar.common.actions import SYSTEM, Referenced, audit
from hiwar.common.models import AuditEntry, Erasure, ImportRun, SearchDocument
from hiwar.common.personal import ledger
from hiwar.common.personal.holdings import Traces, holdings_of, spellings, subject_of, subjects
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hiwar.common.personal.holdings import Subject

State = Erasure.State
MOST = 200
GONE = "erased"


class MayNotErase(Refused):
    """The actor may not erase persons of this kind."""

    code = "may_not_erase"
    message = _("You may not erase people of this kind.")


class NobodyThere(Refused):
    """The record is gone already."""

    code = "nobody_there"
    message = _("Nobody is there under this key any more.")


class SecondPersonNeeded(Refused):
    """More than one person is erased by two people."""

    code = "second_person_needed"
    message = _("Somebody else than who asked carries out the erasure of several people.")


class ErasureSettled(Refused):
    """It was carried out or taken back already."""

    code = "erasure_settled"
    message = _("This erasure was carried out or taken back already.")


class ErasureTooLarge(Refused):
    """So many people at once would be a mistake."""

    code = "erasure_too_large"
    message = _("At most 200 people are erased in one step.")


@transaction.atomic
def erase(
    *, actor: Any, kind: str, keys: Sequence[object], now: datetime, is_own_wish: bool = False
) -> Erasure:
    """Erase one person at once; of several, note what is asked for until a second person agrees.

    With `is_own_wish` somebody erases herself and `actor` is None. Raises ``MayNotErase``,
    ``NobodyThere`` and ``ErasureTooLarge``.
    """
    subject = _subject(actor, kind, is_own_wish=is_own_wish)
    unique = list(dict.fromkeys(str(key) for key in keys))
    if len(unique) > MOST:
        raise ErasureTooLarge
    erasure = Erasure(
        kind=kind,
        people=len(unique),
        is_own_wish=is_own_wish,
        asked_by=actor.reference if actor else "",
        asked_at=now,
    )
    if len(unique) > 1:
        _gather(actor, subject, unique, Traces([], now))
        erasure.keys = unique
        erasure.save()
        audit(actor, "common.erasure.ask", erasure, at=now, changed={"people": len(unique)})
        return erasure
    erasure.save()
    return _carry_out(actor, subject, erasure, unique, now)


@transaction.atomic
def end_of_time(*, kind: str, key: object, now: datetime) -> int:
    """Erase somebody whose time of keeping is over; return 1. Raises ``NobodyThere``."""
    subject = subject_of(kind)
    if subject is None:
        raise NobodyThere
    erasure = Erasure(kind=kind, people=1, asked_by=SYSTEM, asked_at=now)
    erasure.save()
    _carry_out(None, subject, erasure, [str(key)], now)
    return 1


@transaction.atomic
def agree_to_erasure(*, actor: Any, erasure: Erasure, now: datetime) -> Erasure:
    """Carry out the erasure of several people as the second person.

    Raises ``MayNotErase``, ``ErasureSettled``, ``SecondPersonNeeded`` and ``NobodyThere``.
    """
    subject = _subject(actor, erasure.kind)
    locked = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if locked.state != State.ASKED:
        raise ErasureSettled
    if locked.asked_by == actor.reference:
        raise SecondPersonNeeded
    return _carry_out(actor, subject, locked, locked.keys, now)


@transaction.atomic
def take_back_erasure(*, actor: Any, erasure: Erasure, now: datetime) -> Erasure:
    """Let an erasure of several people be; raises ``MayNotErase`` and ``ErasureSettled``."""
    _subject(actor, erasure.kind)
    locked = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if locked.state != State.ASKED:
        raise ErasureSettled
    locked.state, locked.keys, locked.done_at = State.TAKEN_BACK, [], now
    locked.save(update_fields=["state", "keys", "done_at"])
    audit(actor, "common.erasure.take_back", locked, at=now)
    return locked


@transaction.atomic
def keep_proof(*, erasure: Erasure, proof: dict[str, object], now: datetime) -> None:
    """Keep what a search after an erasure found, and forget what was searched for."""
    erasure.proof, erasure.proven_at, erasure.sealed = proof, now, b""
    erasure.save(update_fields=["proof", "proven_at", "sealed"])


def words_of(erasure: Erasure) -> list[str]:
    """Return what is searched for after an erasure; nothing once it was."""
    return _sealed_of(erasure)["words"]


def note_erased(erasure: Erasure) -> None:
    """Write into the list outside of the database what an erasure took; again changes nothing.

    Raises ``OSError`` where the list cannot be written.
    """
    if keys := _sealed_of(erasure)["keys"]:
        ledger.note(erasure=str(erasure.pk), kind=erasure.kind, keys=keys)


def erase_again(*, now: datetime) -> int:
    """Erase in a restored house whom the list says were erased; return how many came back.

    Raises ``OtherHouse``; then nothing was changed. May be called again where it was cut off.
    """
    gone = 0
    for kind, keys in list(ledger.erased()):
        subject = subject_of(kind)
        there = [key for key in keys if subject is not None and subject.get(key) is not None]
        if subject is not None and there:
            _erase_again(subject, there, now)
            gone += len(there)
    ledger.settle()
    return gone


@transaction.atomic
def _erase_again(subject: Subject, keys: list[str], now: datetime) -> None:
    erasure = Erasure(kind=subject.code, people=len(keys), asked_by=SYSTEM, asked_at=now)
    erasure.save()
    _carry_out(None, subject, erasure, keys, now)


def _sealed_of(erasure: Erasure) -> dict[str, list[str]]:
    sealed = bytes(erasure.sealed)
    if not sealed:
        return {"words": [], "keys": []}
    held: dict[str, list[str]] = json.loads(crypto.unseal(sealed, erasure.reference))
    return held


def empty_runs(traces: Traces, runs: Iterable[object]) -> None:
    """Destroy what imports keep of their rows; they can no longer be undone. For holdings."""
    held = ImportRun.objects.filter(pk__in=set(runs)).exclude(content=b"", report=b"", journal=b"")
    traces.empty(held, content=b"", report=b"", journal=b"")


def _subject(actor: Any, kind: str, *, is_own_wish: bool = False) -> Subject:
    subject = subject_of(kind)
    if subject is None or not (is_own_wish or (actor is not None and subject.may(actor, None))):
        raise MayNotErase
    return subject


def _gather(actor: Any, subject: Subject, keys: Iterable[object], traces: Traces) -> None:
    """Fill the records of the persons into their traces; without an actor it is their own wish.

    Raises ``NobodyThere`` and ``MayNotErase``.
    """
    for key in keys:
        record = subject.get(str(key))
        if record is None:
            raise NobodyThere
        if actor is not None and not subject.may(actor, record):
            raise MayNotErase
        if record.pk not in traces.keys:
            traces.records += subject.records(record, traces)


def _carry_out(
    actor: Referenced | None, subject: Subject, erasure: Erasure, keys: list[str], now: datetime
) -> Erasure:
    traces = Traces([], now)
    _gather(actor, subject, keys, traces)
    for record in traces.records:
        traces.note(record)
    for holding in holdings_of(subject.code):
        holding.erase(traces)
    documents = SearchDocument.objects.filter(
        record__in=[key for key in traces.documents if not isinstance(key, int)]
    )
    traces.counts["common.SearchDocument"] += documents.delete()[0]
    traces.counts["common.AuditEntry"] += _clean_log(traces)
    erasure.state, erasure.keys, erasure.done_at = State.DONE, [], now
    erasure.done_by = actor.reference if actor else ""
    erasure.counts = {label: n for label, n in sorted(traces.counts.items()) if n}
    # Registrations that were merged since stand apart in older backups: all of them are noted.
    words = sorted(traces.words | traces.typed)
    held = {"words": words, "keys": sorted(map(str, traces.keys))}
    erasure.sealed = crypto.seal(json.dumps(held).encode(), erasure.reference)
    erasure.save()
    # At once where the disk takes it; the job after it writes it otherwise, and does not give up.
    transaction.on_commit(lambda: note_erased(erasure), robust=True)
    changed = {"people": erasure.people, "kind": subject.code}
    audit(actor, "common.erasure.carry_out", erasure, at=now, changed=changed)
    jobs.enqueue("common.prove_erasure", erasure.pk, key=f"common.erasure {erasure.pk}", now=now)
    return erasure


def _clean_log(traces: Traces) -> int:
    """Let the log say that something was done and no longer to whom; return the entries.

    Entries are never changed, and the database refuses it: those that name somebody who is erased
    are taken out, and what may stay of each is written anew under its number. What was done to
    somebody else of the same name, number or address stays as it is, and words that a stranger
    chose are taken out of what is said of their own rows alone: they may be any words of the log.
    """
    named = Q()
    for text in sorted({*traces.references, *(w for t in traces.words for w in spellings(t))}):
        named |= Q(said__contains=text)
    entries = AuditEntry.objects.annotate(said=Cast("changed", TextField()))
    named |= Q(object__in=traces.references | traces.beside) | Q(actor__in=traces.references)
    persons = {subject.code for subject in subjects()}
    rows = [
        row
        for row in entries.filter(named).order_by("pk")
        if not _is_of_a_namesake(row, traces, persons)
    ]
    if not rows:
        return 0
    keys = [row.pk for row in rows]
    with connection.cursor() as cursor:
        for at in range(0, len(keys), 500):
            part = keys[at : at + 500]
            marks = ", ".join(["%s"] * len(part))
            table = AuditEntry._meta.db_table
            cursor.execute(f"DELETE FROM {table} WHERE id IN ({marks})", part)  # noqa: S608 - marks
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                pk=row.pk,
                at=row.at,
                actor=GONE if row.actor in traces.references else row.actor,
                verb=row.verb,
                object=f"{row.object.partition(':')[0]}:{GONE}"
                if row.object in traces.references
                else row.object,
                changed={}
                if {row.actor, row.object} & traces.references
                else _without(row.changed, _words_in(row, traces)),
            )
            for row in rows
        ],
        batch_size=500,
    )
    return len(rows)


def _is_of_a_namesake(row: AuditEntry, traces: Traces, persons: set[str]) -> bool:
    """Return whether an entry is about another person who only shares words with the erased."""
    if row.object.partition(":")[0] not in persons or row.object in traces.references:
        return False
    said = json.dumps(row.changed)
    return row.actor not in traces.references and not any(
        reference in said for reference in traces.references
    )


def _words_in(row: AuditEntry, traces: Traces) -> set[str]:
    """Return the words that are taken out of an entry."""
    typed = traces.typed if row.object in traces.beside else set()
    return traces.words | traces.references | typed


def _without(value: Any, named: set[str]) -> Any:
    """Return what changed without texts that name the person."""
    if isinstance(value, dict):
        return {name: _without(inner, named) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, named) for inner in value]
    return "" if isinstance(value, str) and any(word in value for word in named) else value
