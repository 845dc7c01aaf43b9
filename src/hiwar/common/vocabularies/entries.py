"""What a list holds now: as shipped, with what the institution changed laid over it.

Reading asks no database: the changes of the institution are few, are kept in memory, and are read
again at the beginning of a request when somebody changed one. Another process of the same
installation follows within `FRESH` seconds.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.db.models import Count, Max

from hiwar.common.models import VocabularyEntry
from hiwar.common.multilingual import MultilingualText
from hiwar.common.vocabularies.lists import Kind, shipped, vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

FRESH = 2.0


class Origin(StrEnum):
    """Where an entry comes from."""

    SHIPPED = "shipped"
    CHANGED = "changed"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list as it stands: its code, what it says, and where that comes from."""

    code: str
    values: Mapping[str, object]
    text: MultilingualText
    origin: Origin = Origin.SHIPPED
    is_retired: bool = False

    def __str__(self) -> str:
        return str(self.text) or self.code

    def words(self, name: str) -> tuple[str, ...]:
        """Return the spellings of a property of words."""
        value = self.values.get(name)
        return tuple(str(word) for word in value) if isinstance(value, list | tuple) else ()

    def number(self, name: str, standard: int, most: int) -> int:
        """Return the first whole number of a property of words, at most ``most``."""
        said = next((word for word in self.words(name) if word.isdecimal()), "")
        return min(int(said), most) if said else standard

    def long_text(self, name: str) -> MultilingualText:
        """Return a property that is a text in every language; empty where it says nothing."""
        value = self.values.get(name)
        return value if isinstance(value, MultilingualText) else MultilingualText()


@dataclass(slots=True)
class _Changes:
    """What this process knows of the institution's changes."""

    rows: dict[str, dict[str, VocabularyEntry]] = field(default_factory=dict)
    merged: dict[str, Mapping[str, Entry]] = field(default_factory=dict)
    revision: tuple[int, datetime | None] = (0, None)
    looked_at: float | None = None


_changes = _Changes()


def entries(code: str) -> Mapping[str, Entry]:
    """Return every entry of a list by its code, in its order, retired ones included."""
    merged = _changes.merged.get(code)
    if merged is None:
        merged = _changes.merged[code] = _merge(code)
    return merged


def texts(code: str) -> dict[str, MultilingualText]:
    """Return the wording of every entry of a list by its code, retired ones included."""
    return {key: entry.text for key, entry in entries(code).items()}


def label(code: str, key: str) -> str:
    """Return one entry in the reader's language; a code that the list lacks stands for itself."""
    entry = entries(code).get(key)
    return str(entry) if entry else key


def choices(code: str, also: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the entries that a form offers: those not retired, and those that a record has."""
    return [
        (key, str(entry))
        for key, entry in entries(code).items()
        if not entry.is_retired or key in also
    ]


def choices_told(code: str) -> list[tuple[str, str]]:
    """Return what ``choices`` returns, each entry with its property ``about``."""
    known = entries(code)
    return [
        (key, f"{name}: {about}" if (about := known[key].values.get("about")) else name)
        for key, name in choices(code)
    ]


def every_choice(code: str) -> list[tuple[str, str]]:
    """Return every entry, for a filter: what is retired stays where it is used."""
    return [(key, str(entry)) for key, entry in entries(code).items()]


def refresh(*, at_once: bool = False) -> None:
    """Read the institution's changes again where somebody made one.

    Called at the beginning of a request and of a job; asks the database at most once in `FRESH`
    seconds, or now when `at_once`.
    """
    now = time.monotonic()
    if not at_once and _changes.looked_at is not None and now - _changes.looked_at < FRESH:
        return
    _changes.looked_at = now
    try:
        revision = _revision()
        if revision != _changes.revision:
            rows: dict[str, dict[str, VocabularyEntry]] = {}
            for row in VocabularyEntry.objects.order_by("vocabulary", "code"):
                rows.setdefault(row.vocabulary, {})[row.code] = row
            _changes.rows, _changes.merged, _changes.revision = rows, {}, revision
    except DatabaseError:
        # A database that is away or older than the code: what is known stays, and health says it.
        if at_once:
            raise


def forget(*, until_changed: bool = False) -> None:
    """Know only what is shipped, until the next `refresh` or, if so, this process's next change."""
    _changes.rows, _changes.merged, _changes.revision = {}, {}, (0, None)
    _changes.looked_at = math.inf if until_changed else None


def _revision() -> tuple[int, datetime | None]:
    counted = VocabularyEntry.objects.aggregate(rows=Count("pk"), last=Max("changed_at"))
    return counted["rows"], counted["last"]


def _merge(code: str) -> Mapping[str, Entry]:
    declared, seed, rows = vocabulary(code), shipped(code), _changes.rows.get(code, {})
    placed: list[tuple[int, int, Entry]] = []
    for number, key in enumerate(dict.fromkeys((*seed, *rows))):
        row = rows.get(key)
        values = merged_values(code, key, row.values if row else {})
        text = values.get(declared.main.name)
        entry = Entry(
            code=key,
            values=values,
            text=text if isinstance(text, MultilingualText) else MultilingualText(),
            origin=_origin(key in seed, row),
            is_retired=bool(row and row.is_retired),
        )
        position = row.position if row and row.position is not None else number
        placed.append((position, number, entry))
    return {entry.code: entry for _position, _number, entry in sorted(placed, key=lambda p: p[:2])}


def merged_values(code: str, key: str, changed: Mapping[str, Any]) -> dict[str, object]:
    """Return what an entry says with changes laid over what is shipped, language by language."""
    values: dict[str, object] = dict(shipped(code).get(key, {}))
    for each in vocabulary(code).properties:
        if each.name not in changed:
            continue
        value = changed[each.name]
        if each.kind in {Kind.TEXT, Kind.LONG_TEXT}:
            base = values.get(each.name)
            value = (base if isinstance(base, MultilingualText) else MultilingualText()).updated(
                value
            )
        values[each.name] = value
    return values


def _origin(is_shipped: bool, row: VocabularyEntry | None) -> Origin:
    if not is_shipped:
        return Origin.OWN
    return Origin.CHANGED if row and row.values else Origin.SHIPPED
