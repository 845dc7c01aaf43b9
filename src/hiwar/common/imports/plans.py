"""What bringing in a file would do, in the words of no room: rows, changes, problems, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHOWN_ROWS = 20
SHOWN_CHANGES = 100
SHOWN_PROBLEMS = 500
LONGEST_VALUE = 100

NEW, CHANGED, KNOWN, LEFT_OUT = "new", "changed", "known", "left_out"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a row, or with the whole file where ``line`` is 0.

    ``leaves_out`` says that the row does not come in, ``stops`` that nothing of the file does,
    ``is_notice`` that it is only to be known, ``is_silent`` that it is counted and not listed.
    ``detail`` is a code that the room puts into words.
    """

    code: str
    line: int = 0
    part: str = ""
    column: str = ""
    value: str = ""
    detail: str = ""
    leaves_out: bool = False
    stops: bool = False
    is_notice: bool = False
    is_silent: bool = False

    @property
    def kind(self) -> str:
        """What is counted together."""
        return ":".join(filter(None, [self.part, self.code, self.detail]))


class Change(msgspec.Struct, frozen=True):
    """What a row changes of a record that is there: the field, before and after."""

    field: str
    before: str
    after: str


class ShownRow(msgspec.Struct, frozen=True):
    """A row as it would be: under the headings of its part, with what it changes."""

    line: int
    outcome: str
    cells: tuple[str, ...]
    part: str = ""
    changes: tuple[Change, ...] = ()


class NotTaken(msgspec.Struct, frozen=True):
    """What stands in a file and does not come in: why, under which heading, in how many rows."""

    why: str
    title: str
    count: int
    part: str = ""


class Report(msgspec.Struct):
    """What a page shows of a run; it holds words of the file and is kept sealed.

    ``answers`` says what each answer of the file means, ``said`` what a person said of that.
    """

    rows: list[ShownRow] = []
    changed: list[ShownRow] = []
    problems: list[Problem] = []
    not_taken: list[NotTaken] = []
    headers: dict[str, list[str]] = {}
    about: dict[str, dict[str, object]] = {}
    answers: dict[str, str] = {}
    said: dict[str, str] = {}


@dataclass(slots=True)
class Plan:
    """What a file would do. ``data`` is for the importer alone and is not kept.

    ``rows`` are the first rows as they would be, ``changed`` rows that change what is there,
    ``counts`` figures by name, ``kinds`` how often each kind of problem occurs. ``answers`` are
    cells whose meaning a person may say, with what they seem to mean, empty where nobody knows.
    """

    rows: list[ShownRow] = field(default_factory=list)
    changed: list[ShownRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    data: object = None

    @property
    def is_stopped(self) -> bool:
        """Whether a problem keeps all of the file out."""
        return any(problem.stops for problem in self.problems)

    def kinds(self) -> dict[str, int]:
        """Return how often each kind of problem occurs."""
        counts: dict[str, int] = {}
        for problem in self.problems:
            counts[problem.kind] = counts.get(problem.kind, 0) + 1
        return counts


def left_columns(
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    mapping: Mapping[str, str],
    part: str = "",
) -> list[NotTaken]:
    """Return the columns that stand for nothing, with how many rows have something there."""
    lost = []
    for at, title in enumerate(header):
        if mapping.get(str(at)):
            continue
        count = sum(1 for _line, cells in rows if at < len(cells) and cells[at].strip())
        if count:
            lost.append(NotTaken("column", title or str(at + 1), count, part))
    return lost
