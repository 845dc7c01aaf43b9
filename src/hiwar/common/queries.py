"""Questions about the audit log, and the names behind its text keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from hiwar.common.models import AuditEntries, AuditEntry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Namer = Callable[[Iterable[str]], Mapping[str, str]]

_namers: dict[str, Namer] = {}
_verbs: dict[str, str | _StrPromise] = {}


def register_names(kind: str, names: Namer) -> None:
    """Let a room say how records of one kind are called: keys in, names out."""
    _namers[kind] = names


def register_verbs(verbs: Mapping[str, str | _StrPromise]) -> None:
    """Let a room say how its verbs read in the activity log."""
    _verbs.update(verbs)


def verb_choices() -> list[tuple[str, str]]:
    """Return every known verb with its wording, in the order of the wording."""
    return sorted(((code, str(label)) for code, label in _verbs.items()), key=lambda pair: pair[1])


def verb_label(code: str) -> str:
    """Return how a verb reads; one that no room registered reads as its code."""
    return str(_verbs.get(code, code))


@dataclass(frozen=True, slots=True)
class Activity:
    """An audit entry with names in place of keys."""

    at: datetime
    actor: str
    verb: str
    object: str
    entry: AuditEntry


def audit_entries(
    *,
    actor: str = "",
    verb: str = "",
    subject: str = "",
    since: date | None = None,
    until: date | None = None,
) -> AuditEntries:
    """Return the entries that match, newest first; both days are included."""
    entries = AuditEntry.objects.order_by("-at", "-pk")
    if actor:
        entries = entries.filter(actor=actor)
    if verb:
        entries = entries.filter(verb=verb)
    if subject:
        entries = entries.filter(object=subject)
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + timedelta(days=1)))
    return entries


def exports_since(at: datetime) -> AuditEntries:
    """Return the entries about lists that left the house after an instant, newest first."""
    return audit_entries().filter(at__gt=at, verb__contains=".export")


def activities(entries: Iterable[AuditEntry]) -> list[Activity]:
    """Return entries with names: one look-up per kind of record, not per entry."""
    listed = list(entries)
    names = names_of(key for entry in listed for key in (entry.actor, entry.object))
    return [
        Activity(
            at=entry.at,
            actor=names.get(entry.actor, ""),
            verb=verb_label(entry.verb),
            object=names.get(entry.object, ""),
            entry=entry,
        )
        for entry in listed
    ]


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of the records behind text keys; unknown kinds and records are left out."""
    by_kind: dict[str, set[str]] = {}
    for key in keys:
        kind, _colon, identifier = key.partition(":")
        if kind in _namers and identifier:
            by_kind.setdefault(kind, set()).add(identifier)
    return {
        f"{kind}:{identifier}": name
        for kind, identifiers in by_kind.items()
        for identifier, name in _namers[kind](identifiers).items()
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
