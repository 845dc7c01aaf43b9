"""A participants-votes export: a line for each participant, a numbered column a statement."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.reading import values
from hiwar.analysis.reading.answers import MISSING
from hiwar.analysis.reading.assemble import Ballots
from hiwar.analysis.reading.meanings import Meanings
from hiwar.analysis.reading.roles import ROLES
from hiwar.analysis.reading.tables import Table, fold, lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.options import Signs
    from hiwar.analysis.reading.source import Source

_FIRST = "participant"
_COUNTS = ("group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
_BAD = 3
_KNOWN = {"": MISSING, "1": 1, "0": 0, "-1": -1}
_NUMBERED = re.compile(r"(?:[qs]|statement|comment|رأي|عباره)?-?([0-9]{1,9})")
_FEW_WRONG = 0.1  # share of lines whose count may differ before the file is refused


@dataclass
class Matrix:
    """Votes with the groups that were published, -1 for none; groups is None without them.

    `is_checked` says that counts beside the votes confirm which sign is agree; `lines_that_differ`
    counts the few lines whose count does not fit.
    """

    ballots: Ballots
    group: NDArray[np.int32] | None
    is_checked: bool = False
    lines_that_differ: int = 0


def is_matrix(header: list[str], meanings: Meanings) -> bool:
    """Tell a matrix: participants, and counts of an export or at least two numbered statements."""
    people = meanings.roles(ROLES)["participant"]
    names = {fold(title) for title in header}
    numbered = sum(_statement(title) is not None for title in header)
    return bool(names & set(people)) and (bool(names & set(_COUNTS)) or numbered >= 2)


def _statement(title: str) -> str | None:
    """Return the number of a statement from the title of its column."""
    if values.integer(title) is not None:
        return values.plain(title)
    match = _NUMBERED.fullmatch(fold(title))
    return match[1] if match else None


def read(
    source: Source, problems: Problems, signs: Signs, meanings: Meanings | None = None
) -> Matrix:
    """Read the matrix and test its signs against the counts that stand beside it."""
    meanings = meanings or Meanings()
    table = Table(source, problems)
    roles = {"participant": meanings.roles(ROLES)["participant"]} | {n: (n,) for n in _COUNTS}
    at = lay_out(table.header, roles).at
    cells = _statement_columns(table, at, problems)
    problems.stop_if_any()
    lines: dict[str, int] = {}
    groups: list[int] = []
    rows, columns, cast = array("i"), array("i"), array("b")
    counted = _Counted(source.name, at, -1 if signs == "reverse" else 1)
    reader = _Cells(list(cells), table, problems, meanings)
    for line, fields in table.rows():
        person = fields[at[_FIRST]].strip()
        if not person or person in lines or values.ruined(person):
            _refuse_person(person, lines, (table, line, at[_FIRST] + 1), problems)
            continue
        row = reader.row(fields, line)
        voted = np.flatnonzero(row != MISSING)
        rows.extend([len(lines)] * len(voted))
        columns.extend(voted.tolist())
        cast.extend(row[voted].tolist())
        counted.look(person, line, fields, row)
        groups.append(_group(fields, at, table, line, problems))
        lines[person] = line
    if not cast and not problems:
        problems.add("no_rows", source.name, table.line)
    if not problems and "n-agree" not in at and not reader.worded and set(cast) <= {0, 1}:
        problems.add("zero_or_one", source.name, table.line)
    if signs != "keep":
        counted.judge(problems, len(lines))
    problems.stop_if_any()
    people, person_place = values.identifiers(list(lines))
    statements, statement_place = values.identifiers(list(cells.values()))
    group = np.full(len(people), -1, np.int32)
    group[person_place] = groups
    ballots = Ballots(
        people,
        statements,
        person_place[np.frombuffer(rows, np.int32)],
        statement_place[np.frombuffer(columns, np.int32)],
        np.frombuffer(cast, np.int8) * np.int8(counted.sign),
        worded=reader.worded,
    )
    return Matrix(
        ballots, group if "group-id" in at else None, counted.is_informative, counted.wrong
    )


def _refuse_person(
    person: str, lines: dict[str, int], place: tuple[Table, int, int], problems: Problems
) -> None:
    table, line, column = place
    if not person:
        problems.add("empty_id", table.name, line, column, name=_FIRST)
    elif values.ruined(person):
        problems.add("ruined_id", table.name, line, column, value=person)
    else:
        problems.add(
            "duplicate_participant", table.name, line, column, id=person, first=lines[person]
        )


def _statement_columns(table: Table, at: dict[str, int], problems: Problems) -> dict[int, str]:
    """Return the number of each column of a statement; note the columns that are none."""
    cells: dict[int, str] = {}
    for i, title in enumerate(table.header):
        number = _statement(title)
        if i in at.values():
            continue
        if number is None:
            problems.drop(table.name, title)
        elif number in cells.values():
            problems.add("duplicate_column", table.name, table.line, i + 1, name=title)
        else:
            cells[i] = number
    if _FIRST not in at:
        problems.add("missing_column", table.name, table.line, None, name=_FIRST)
    if not cells:
        problems.add("missing_column", table.name, table.line, None, name="0, 1, 2, …")
    return cells


class _Cells:
    """Reads the votes of a line, each new text once."""

    def __init__(
        self, cells: list[int], table: Table, problems: Problems, meanings: Meanings
    ) -> None:
        self._cells, self._table = cells, table
        self._problems, self._meanings = problems, meanings
        self._known: dict[str, int] = {} if meanings.answers else dict(_KNOWN)
        self.worded = False

    def row(self, fields: list[str], line: int) -> NDArray[np.int8]:
        """Return one value for each statement, `MISSING` where nobody voted."""
        known = self._known
        row = np.array([known.get(fields[i], _BAD) for i in self._cells], np.int8)
        for j in np.flatnonzero(row == _BAD).tolist():
            cell = fields[self._cells[j]]
            choice = self._meanings.vote(cell)
            if choice is None:
                column = self._cells[j] + 1
                self._problems.add("bad_matrix_vote", self._table.name, line, column, value=cell)
                choice = MISSING
            else:
                known[cell] = choice
                self.worded |= choice != MISSING and values.coded_vote(cell) is None
            row[j] = choice
        return row


def _group(
    fields: list[str], at: dict[str, int], table: Table, line: int, problems: Problems
) -> int:
    cell = fields[at["group-id"]] if "group-id" in at else ""
    group = values.integer(cell) if cell.strip() else -1
    if group is None or not -1 <= group < 2**31:
        place = at["group-id"] + 1
        problems.add("bad_number", table.name, line, place, name="group-id", value=cell)
        return -1
    return group


class _Counted:
    """Compares the votes of each line with its n-agree; a sign slip is silent otherwise."""

    def __init__(self, file: str, at: dict[str, int], sign: int) -> None:
        self._file, self._at, self.sign = file, at, sign
        self._wrong: list[tuple[int, str, int, int]] = []
        self._fits_reversed = 0
        self._informative = 0
        self.wrong = 0

    @property
    def is_informative(self) -> bool:
        """Whether counts stand there that tell agree from disagree."""
        return self._informative > 0

    def look(self, person: str, line: int, fields: list[str], row: NDArray[np.int8]) -> None:
        expected = values.integer(fields[self._at["n-agree"]]) if "n-agree" in self._at else None
        if expected is None:
            return
        agree = int((row == self.sign).sum())
        other = int((row == -self.sign).sum())
        self._informative += agree != other
        self._fits_reversed += other == expected != agree
        if agree != expected:
            self._wrong.append((line, person, agree, expected))

    def judge(self, problems: Problems, n_lines: int) -> None:
        if not self._wrong:
            return
        column = self._at["n-agree"] + 1
        if self._fits_reversed > 0.5 * max(self._informative, 1):
            problems.add("sign_reversed", self._file, self._wrong[0][0], column)
            return
        if len(self._wrong) <= _FEW_WRONG * n_lines:
            self.wrong = len(self._wrong)
            return
        for line, person, counted, expected in self._wrong:
            problems.add(
                "count_differs",
                self._file,
                line,
                column,
                id=person,
                found=counted,
                expected=expected,
            )
