"""What an amending instrument orders, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

OperationKind = Literal[
    "substitution", "insertion", "addition", "repeal", "phrase", "renumbering", "suspension"
]


@dataclass(frozen=True, slots=True)
class Operation:
    """One order of an amending instrument.

    Attributes
    ----------
    kind : str
        `substitution` of a text; `insertion` of an article; `addition` of a paragraph; `repeal`;
        `phrase`, words replaced wherever they stand; `renumbering`, which is shown and never
        applied to addresses; `suspension`.
    by : str
        Address of the article that orders it.
    target : str
        Address in the law that is amended; for an insertion the new one; empty for the whole law.
    after : str
        Address behind which an article is put.
    label, text : str
        The new number as printed, and the new text.
    old, new : str
        The words that are replaced, and those that replace them; none where they are taken out.
    source : str
        The sentence that was read.
    """

    kind: OperationKind
    by: str
    target: str
    after: str = ""
    label: str = ""
    text: str = ""
    old: str = ""
    new: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A sentence that was not understood, or must not be applied without a person.

    Attributes
    ----------
    by, source : str
        Address of the article, and its sentence.
    reason : str
        `formula`: no formula that is known; `several`: it orders different things of different
        provisions; `target`: the law has no such provision; `exists`: it has one already; `text`:
        no new text; `phrase`: the words stand nowhere.
    """

    by: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that orders no change of the text.

    Attributes
    ----------
    kind : str
        `naming`, `definition`, `general_repeal`, `submission`, `execution`, `force`.
    by, source : str
        Address of the article, and its sentence.
    """

    kind: str
    by: str
    source: str


@dataclass(frozen=True, slots=True)
class Force:
    """When an instrument comes into force.

    Attributes
    ----------
    counts_from : str
        `publication`, `issue`, or `unknown`.
    length : int
        Days or months behind that day.
    unit : str
        `day` or `month`.
    """

    counts_from: Literal["publication", "issue", "unknown"]
    length: int = 0
    unit: Literal["day", "month"] = "day"


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amending instrument as it was read.

    Attributes
    ----------
    operations : tuple of Operation
        In order.
    unread : tuple of Unread
        For a person; never applied.
    notes : tuple of Note
        What needs nothing.
    force : Force
        When it comes into force.
    """

    operations: tuple[Operation, ...]
    unread: tuple[Unread, ...]
    notes: tuple[Note, ...]
    force: Force


@dataclass(frozen=True, slots=True)
class Dated:
    """Operations with the days on which they hold.

    Attributes
    ----------
    day : datetime.date
        First day in force.
    operations : tuple of Operation
        In order.
    until : datetime.date or None
        Last day of what is suspended; None without end.
    name : str
        What amends, for the note at a repealed provision.
    """

    day: date
    operations: tuple[Operation, ...]
    until: date | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two pending orders that cannot both be carried out as they stand.

    Attributes
    ----------
    code : str
        `same_text`: both give a new text to one provision; `repealed`: one repeals what the other
        changes; `same_number`: both put in a provision with one address; `inside`: one replaces a
        provision in which the other changes a part; `phrase`: one replaces words in a text that
        the other replaces; `chain`: one brings in words that the other replaces.
    first, second : Operation
        The orders.
    words : str
        The address or the words over which they clash.
    """

    code: str
    first: Operation
    second: Operation
    words: str
