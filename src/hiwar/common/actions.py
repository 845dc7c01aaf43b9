"""The two writes every room shares: the audit entry, and the saving of plain attributes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from django.db import models, transaction

from hiwar.common.models import AuditEntry, Record
from hiwar.common.multilingual import MultilingualText

SYSTEM = "system"


class Referenced(Protocol):
    """Whatever an audit entry can name."""

    @property
    def reference(self) -> str:
        """The text key of the record."""


def audit(
    actor: Referenced | None,
    verb: str,
    subject: Referenced,
    *,
    at: datetime,
    changed: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Write one audit entry; ``actor`` None stands for the system itself.

    ``changed`` holds names of attributes with old and new values, never a secret and never
    how a participant voted.
    """
    entry = AuditEntry(
        at=at,
        actor=actor.reference if actor else SYSTEM,
        verb=verb,
        object=subject.reference,
        changed={name: _plain(value) for name, value in (changed or {}).items()},
    )
    entry.save()
    return entry


@transaction.atomic
def update_record(
    *, actor: Referenced | None, record: Record, changes: Mapping[str, object], at: datetime
) -> bool:
    """Save plain attributes of a record and audit what changed; return whether anything did.

    Languages a form did not show are kept. Raises ``ValidationError`` as ``full_clean`` does.
    """
    before = {name: getattr(record, name) for name in changes}
    for name, value in changes.items():
        old = before[name]
        setattr(record, name, old.updated(value) if _is_text(old, value) else value)
    changed = {
        name: [_plain(old), _plain(getattr(record, name))]
        for name, old in before.items()
        if old != getattr(record, name)
    }
    if not changed:
        return False
    record.full_clean()
    record.save(update_fields=list(changed))
    audit(actor, f"{record._meta.label_lower}.update", record, at=at, changed=changed)
    return True


def _is_text(old: object, new: object) -> bool:
    return isinstance(old, MultilingualText) and isinstance(new, Mapping)


def _plain(value: object) -> object:
    """Return what JSON can hold."""
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case datetime() | date():
            return value.isoformat()
        case models.Model():
            return getattr(value, "reference", str(value.pk))
        case None | bool() | int() | float() | str():
            return value
    return str(value)
