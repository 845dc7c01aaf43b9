"""Open data: what changed is noted, so that every table says since when it is as it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hiwar.dialogues.actions.publications import log_signer
from hiwar.engine.ledger.lists import LIST_HEAD
from hiwar.engine.ledger.notes import sign_note
from hiwar.publishing.models import OpenTable, SignedList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class TableFiles:
    """A public table as it is now: its fingerprint, how many rows, and its files."""

    code: str
    fingerprint: str
    rows: int
    csv: bytes
    json: bytes


def note_tables(*, tables: Sequence[TableFiles], now: datetime) -> list[str]:
    """Note rows, checksums and sizes of all public tables; return the codes of those changed.

    What is not among them any more is forgotten.
    """
    changed = [table.code for table in tables if _note(table=table, now=now)]
    OpenTable.objects.exclude(code__in=[table.code for table in tables]).delete()
    return changed


@transaction.atomic
def sign_list(*, now: datetime) -> SignedList | None:
    """Sign the checksums of all files as they were noted; None where the last list has the same."""
    sums = [
        f"{getattr(table, f'{kind}_sha256')}  {table.code}.{kind}\n"
        for table in OpenTable.objects.order_by("code")
        for kind in ("csv", "json")
    ]
    last = SignedList.objects.select_for_update().order_by("-number").first()
    if not sums or (last is not None and sums == sums_of(last.note)):
        return None
    number = 1 if last is None else last.number + 1
    before = "none" if last is None else hashlib.sha256(last.note.encode()).hexdigest()
    head = [
        LIST_HEAD, f"number {number}", f"made {now:%Y-%m-%dT%H:%M:%SZ}", f"before {before}",
    ]  # fmt: skip
    text = "".join([*(f"{line}\n" for line in head), *sums])
    note = sign_note(text, log_signer(f"{settings.LOG_NAME}/lists"))
    return SignedList.objects.create(number=number, note=note, made_at=now)


def sums_of(note: str) -> list[str]:
    """Return the lines of a signed list that name files."""
    text = note.rpartition("\n\n")[0]
    return [line for line in f"{text}\n".splitlines(keepends=True) if "  " in line]


@transaction.atomic
def _note(*, table: TableFiles, now: datetime) -> bool:
    values = {
        "fingerprint": table.fingerprint, "rows": table.rows,
        "csv_sha256": hashlib.sha256(table.csv).hexdigest(), "csv_size": len(table.csv),
        "json_sha256": hashlib.sha256(table.json).hexdigest(), "json_size": len(table.json),
    }  # fmt: skip
    state = OpenTable.objects.select_for_update().filter(code=table.code).first()
    if state is None:
        OpenTable.objects.create(code=table.code, changed_at=now, **values)
        return True
    # Other words for a column, or a language more, change the files and not what they say.
    is_changed = state.fingerprint != table.fingerprint
    if any(getattr(state, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(state, name, value)
        if is_changed:
            state.changed_at = now
        state.save()
    return is_changed
