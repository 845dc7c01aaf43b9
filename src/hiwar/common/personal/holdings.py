"""Whose data the house can erase, and what each room holds on whom.

A room registers a `Subject` for each kind of person it keeps, and a `Holding` for what it keeps on
the persons of any kind. Erasing asks the rooms from the top floor down, so that nothing points to
what is gone.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps

from hiwar.common.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import Model, QuerySet
    from django.utils.functional import Promise

SHORTEST_WORD = 5


@dataclass(slots=True)
class Traces:
    """What is known of the persons to be erased, and what became of their rows.

    Attributes
    ----------
    records : list of Model
        Every record of the persons: of registrations that were merged, all of them.
    now : datetime
    words : set of str
        Names, numbers and addresses, of which nothing may be left; kept until that was proven.
    typed : set of str
        The same of what strangers typed, which may be any word: it is taken out of rows of the
        persons and of entries about `beside` alone, so that nobody rubs out the log of the house.
    beside : set of str
        Text keys of rows that stay, in whose entries the words of the persons may stand.
    references : set of str
        Text keys under which the log names rows that are gone.
    counts : Counter
        Rows that were deleted or emptied, by table.
    """

    records: list[Any]
    now: datetime
    words: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    documents: set[Any] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def keys(self) -> list[Any]:
        """The keys of the records."""
        return [record.pk for record in self.records]

    def know(self, *words: str) -> None:
        """Note words of which nothing may be left; too short ones would be seen everywhere."""
        self.words |= _long_enough(words)

    def know_typed(self, *words: str) -> None:
        """Note words that a stranger chose: the house never looks for them in what is others'."""
        self.typed |= _long_enough(words)

    def drop(self, rows: QuerySet[Any]) -> None:
        """Delete rows with what hangs on them, and note under which keys others may name them."""
        for row in rows.order_by("pk"):
            self.note(row)
        _number, by_table = rows.delete()
        self.counts.update({label: n for label, n in by_table.items() if n})

    def note(self, row: Any) -> None:
        """Note that a row is gone, so that log and search forget it."""
        if hasattr(row, "reference"):
            self.references.add(row.reference)
        self.documents.add(row.pk)

    def empty(self, rows: QuerySet[Any], **values: object) -> None:
        """Take what is of the person out of rows that stay."""
        if number := rows.update(**values):
            self.counts[rows.model._meta.label] += number

    def is_named(self, text: str) -> bool:
        """Return whether a text is one of the words, whatever the spelling of its letters.

        A namesake is named so as well: ask only of rows that stand beside the person otherwise.
        """
        wanted = fold(text)
        return bool(wanted) and any(fold(word) == wanted for word in self.words | self.typed)

    def empty_names(self, rows: QuerySet[Any], *fields: str) -> list[Any]:
        """Take the person's name out of fields in which anybody's is typed; return the rows."""
        changed = []
        for row in rows.order_by("pk"):
            named = [name for name in fields if self.is_named(getattr(row, name))]
            if named:
                self.empty(rows.filter(pk=row.pk), **dict.fromkeys(named, ""))
                self.beside.add(row.reference)
                changed.append(row)
        return changed

    def written(self) -> list[str]:
        """Return the words as tables and files write them: as they are, and escaped in JSON."""
        forms = {form for word in self.words for form in spellings(word)}
        return sorted(forms)


def _long_enough(words: Iterable[str]) -> set[str]:
    return {word.strip() for word in words if len(word.strip()) >= SHORTEST_WORD}


def spellings(word: str) -> tuple[str, ...]:
    """Return a word as a database may hold it: plain, and as JSON writes other scripts."""
    return tuple(dict.fromkeys((word, json.dumps(word)[1:-1])))


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of person whose data can be erased; `code` is the label of the model, in small.

    ``may`` says whether somebody erases persons of the kind (record None) or one of them, ``name``
    how a page names the person before. ``records`` returns all records of the same person, the
    given one first, and notes their words; ``look_up`` returns whom a user may mean by a text;
    ``effects`` are sentences that say what becomes of it.
    """

    code: str
    label: str | Promise
    may: Callable[[Any, Any], bool]
    name: Callable[[Any], str]
    records: Callable[[Any, Traces], Sequence[Any]]
    effects: tuple[str | Promise, ...] = ()
    home: Callable[[Any], str] = lambda _record: ""
    look_up: Callable[[Any, str], Iterable[Any]] = lambda _user, _text: ()

    def get(self, key: int | str | UUID) -> Model | None:
        """Return the record of a key, or None."""
        model = apps.get_model(self.code)
        try:
            python_key = model._meta.pk.to_python(key)
        except Exception:  # noqa: BLE001 - a key of another kind names nobody
            return None
        record: Model | None = model._default_manager.filter(pk=python_key).first()
        return record


@dataclass(frozen=True, slots=True)
class Holding:
    """What a room holds on the persons of a kind, and how it goes.

    ``tables`` names the models that ``erase`` deletes from or empties, by label.
    """

    subject: str
    room: str
    tables: tuple[str, ...]
    erase: Callable[[Traces], None]


_subjects: dict[str, Subject] = {}
_holdings: dict[tuple[str, str], Holding] = {}


def register_subject(subject: Subject) -> None:
    """Register a kind of person."""
    _subjects[subject.code] = subject


def register_holding(holding: Holding) -> None:
    """Register what a room holds on the persons of a kind."""
    _holdings[holding.subject, holding.room] = holding


def subjects() -> list[Subject]:
    """Return every kind of person, by code."""
    return [_subjects[code] for code in sorted(_subjects)]


def subject_of(code: str) -> Subject | None:
    """Return a kind of person, or None."""
    return _subjects.get(code)


def holdings_of(code: str) -> list[Holding]:
    """Return what rooms hold on a kind of person, the top floor first."""
    floors = {config.label: at for at, config in enumerate(apps.get_app_configs())}
    held = [holding for holding in _holdings.values() if holding.subject == code]
    return sorted(held, key=lambda holding: -floors[holding.room])
