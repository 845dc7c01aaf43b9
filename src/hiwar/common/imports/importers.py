"""What rooms have registered: the kinds of files that they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from hiwar.common.tables import Headings, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django import forms
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from hiwar.analysis.references import Reference
    from hiwar.common.imports.plans import Plan, Problem, Report
    from hiwar.common.models import ImportRun
    from hiwar.common.refusals import Refused
    from hiwar.common.tables import Card, Upload

    Label = str | _StrPromise
    Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a run.

    ``words`` gives what headings may be called, by what they stand for, and ``fields`` what a
    person chooses among; both get the options of the run. ``shown`` are the headings of the rows
    as they would be, told from the options where they differ by kind. ``propose`` says by column
    number what the columns of a file seem to stand for, where headings alone do not tell.
    ``cards`` makes vCards a heading line and rows, and ``references`` does so with lists of
    references; ``entries`` counts what a JSON object holds, for a part that is one. ``several``
    names what more than one column may stand for, such as telephones.
    """

    code: str
    label: Label
    words: Callable[[Mapping[str, str]], Mapping[str, Sequence[str]]]
    fields: Callable[[Mapping[str, str]], Mapping[str, Label]]
    shown: Sequence[Label] | Callable[[Mapping[str, str]], Sequence[Label]] = ()
    help_text: Label = ""
    is_required: bool = True
    cards: Callable[[Sequence[Card]], tuple[Sequence[str], Rows]] | None = None
    references: Callable[[Sequence[Reference]], tuple[Sequence[str], Rows]] | None = None
    entries: Callable[[Mapping[str, Any]], int] | None = None
    propose: Callable[[Mapping[str, str], Taking], Mapping[str, str]] | None = None
    several: Collection[str] = ()

    def takes(self, upload: Upload) -> bool:
        """Return whether a file is of a kind that this part can be."""
        if self.entries is not None:
            return upload.document is not None
        if upload.references:
            return self.references is not None
        return upload.workbook is not None or (self.cards is not None and bool(upload.cards))

    def headings(self, options: Mapping[str, str]) -> Sequence[Label]:
        """Return the headings of the rows as they would be."""
        return self.shown(options) if callable(self.shown) else self.shown

    def proposed(self, options: Mapping[str, str], taking: Taking) -> Mapping[str, str]:
        """Return what the columns seem to stand for, by column number."""
        if self.propose is not None:
            return self.propose(options, taking)
        proposals = Headings(self.words(options), self.several).proposals(taking.header)
        return {str(at): name for at, name in proposals.items()}


@dataclass(frozen=True, slots=True)
class Taking:
    """A file of a run as it is read now: its headings, its rows, what its columns stand for.

    ``ragged`` are the lines with more cells than headings; ``said`` is what a person said that
    cells mean. Of a JSON object, ``document`` is the object, and its rows have no cells.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    mapping: Mapping[str, str]
    about: Mapping[str, Any] = field(default_factory=dict)
    ragged: tuple[int, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a plan is made from: the run, who asks, and its files by part."""

    run: ImportRun
    actor: Any
    files: Mapping[str, Taking]
    now: datetime


@dataclass(frozen=True, slots=True)
class Home:
    """The page of a room that a run belongs to."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words: what is wrong, what happens or is to be done, and the cell."""

    what: Label
    happens: Label = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of file that a room takes.

    ``may`` asks whether somebody may bring in files into a record (None where there is none);
    ``home`` gives the page of the room, and raises ``Http404`` for a record that the reader may
    not see. ``plan`` works out what a file would do and writes nothing; ``apply`` writes it inside
    a transaction and returns what ``undo`` needs, as JSON can hold it; the one is called with
    ``source`` and ``plan``, the other with ``run``, ``actor``, ``journal`` and ``now``. ``lock`` is
    called in that transaction before the plan is made; without it the plan is made before, so that
    no lock is held meanwhile. ``settle`` completes the options from the files that were sent,
    such as what kind of rows they hold. ``meanings`` is what the cells of ``Plan.answers`` may be
    said to mean. ``say`` adds sentences to what was read of a file. ``follow`` gives what is to be
    done after, as label and address.
    """

    kind: str
    title: Label
    parts: Sequence[Part]
    may: Callable[[Any, UUID | None], bool]
    home: Callable[[Any, UUID | None], Home]
    plan: Callable[[Source], Plan]
    apply: Callable[..., Mapping[str, object]]
    undo: Callable[..., None]
    figures: Mapping[str, Label] = field(default_factory=dict)
    problems: Mapping[str, tuple[Label, Label]] = field(default_factory=dict)
    not_taken: Mapping[str, Label] = field(default_factory=dict)
    changes: Mapping[str, Label] = field(default_factory=dict)
    refusals: Sequence[type[Refused]] = ()
    tell: Callable[[Problem], Told] | None = None
    lock: Callable[[ImportRun], None] | None = None
    lacks: Callable[[ImportRun], bool] | None = None
    needs_columns: Label = ""
    options: Callable[[], Mapping[str, forms.Field]] | None = None
    settle: Callable[[Mapping[str, str], Mapping[str, Taking]], Mapping[str, str]] | None = None
    meanings: Mapping[str, Label] = field(default_factory=dict)
    say: Callable[[ImportRun, Report], Sequence[str]] | None = None
    follow: Callable[[HttpRequest, ImportRun], Sequence[tuple[str, str]]] | None = None
    limits: Limits = field(default_factory=Limits)
    is_for_records: bool = False

    def part(self, code: str) -> Part | None:
        """Return a part by its code."""
        return next((part for part in self.parts if part.code == code), None)


def at_page(title: Label, name: str) -> Callable[[Any, UUID | None], Home]:
    """Return the ``home`` of runs that belong to one page, by its title and its address's name."""
    return lambda _user, _subject: Home(str(title), reverse(name))


def whoever(may: Callable[[Any], bool]) -> Callable[[Any, UUID | None], bool]:
    """Return the ``may`` of runs that belong to no record."""
    return lambda user, _subject: may(user)


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Let a room take a kind of file."""
    _importers[importer.kind] = importer


def importer_of(kind: str) -> Importer | None:
    """Return what a room registered for a kind, or None."""
    return _importers.get(kind)


def importers() -> list[Importer]:
    """Return every kind of file that is taken."""
    return list(_importers.values())
