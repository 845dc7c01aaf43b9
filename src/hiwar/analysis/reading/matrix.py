"""A participants-votes export: one line for each participant, one column for each statement."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.reading import values
from hiwar.analysis.reading.assemble import Ballots
from hiwar.analysis.reading.tables import Table, fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.options import Signs
    from hiwar.analysis.reading.source import Source

_FIRST = "participant"
_COUNTS = ("group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
_MISSING, _BAD = 2, 3
_KNOWN = {"": _MISSING, "1": 1, "0": 0, "-1": -1}


@dataclass
class Matrix:
    """Votes with the groups that were published, -1 for none; groups is None without them."""

    ballots: Ballots
    group: NDArray[np.int32] | None


def is_matrix(header: list[str]) -> bool:
    """Tell the header of a participants-votes export from that of votes in long form."""
    names = {fold(title) for title in header}
    return _FIRST in names and bool(names & set(_COUNTS))


def read(source: Source, problems: Problems, signs: Signs) -> Matrix:
    """Read the matrix and test its signs against the counts that stand beside it."""
    table = Table(source, problems)
    at = {fold(t): i for i, t in enumerate(table.header) if fold(t) in {_FIRST, *_COUNTS}}
    cells = [i for i in range(len(table.header)) if i not in at.values()]
    _check_header(table, at, cells, problems)
    problems.stop_if_any()
    lines: dict[str, int] = {}
    groups: list[int] = []
    rows, columns, cast = array("i"), array("i"), array("b")
    counted = _Counted(source.name, at, -1 if signs == "reverse" else 1)
    for line, fields in table.rows():
        person = fields[at[_FIRST]].strip()
        if not person or person in lines:
            place = at[_FIRST] + 1
            if person:
                first = lines[person]
                problems.add(
                    "duplicate_participant", source.name, line, place, id=person, first=first
                )
            else:
                problems.add("empty_id", source.name, line, place, name=_FIRST)
            continue
        row = _row(fields, cells, table, line, problems)
        voted = np.flatnonzero(row != _MISSING)
        rows.extend([len(lines)] * len(voted))
        columns.extend(voted.tolist())
        cast.extend(row[voted].tolist())
        counted.look(person, line, fields, row)
        groups.append(_group(fields, at, table, line, problems))
        lines[person] = line
    if not cast and not problems:
        problems.add("no_rows", source.name, table.line)
    if signs != "keep":
        counted.judge(problems)
    problems.stop_if_any()
    people, person_place = values.identifiers(list(lines))
    statements, statement_place = values.identifiers([table.header[i] for i in cells])
    group = np.full(len(people), -1, np.int32)
    group[person_place] = groups
    ballots = Ballots(
        people,
        statements,
        person_place[np.frombuffer(rows, np.int32)],
        statement_place[np.frombuffer(columns, np.int32)],
        np.frombuffer(cast, np.int8) * np.int8(counted.sign),
    )
    return Matrix(ballots, group if "group-id" in at else None)


def _check_header(table: Table, at: dict[str, int], cells: list[int], problems: Problems) -> None:
    seen: set[str] = set()
    for i, title in enumerate(table.header):
        # Every statement of such an export has a number; anything else is no statement.
        if i in cells and values.integer(title) is None:
            problems.add("unknown_column", table.name, table.line, i + 1, name=title)
        elif values.plain(title) in seen:
            problems.add("duplicate_column", table.name, table.line, i + 1, name=title)
        seen.add(values.plain(title))
    if _FIRST not in at:
        problems.add("missing_column", table.name, table.line, None, name=_FIRST)
    if not cells:
        problems.add("missing_column", table.name, table.line, None, name="0, 1, 2, …")


def _row(
    fields: list[str], cells: list[int], table: Table, line: int, problems: Problems
) -> NDArray[np.int8]:
    row = np.array([_KNOWN.get(fields[i], _BAD) for i in cells], np.int8)
    for j in np.flatnonzero(row == _BAD).tolist():
        cell = fields[cells[j]]
        choice = values.vote(cell) if cell.strip() else _MISSING
        if choice is None:
            problems.add("bad_matrix_vote", table.name, line, cells[j] + 1, value=cell)
            choice = _MISSING
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

    def judge(self, problems: Problems) -> None:
        if not self._wrong:
            return
        column = self._at["n-agree"] + 1
        if self._fits_reversed > 0.5 * max(self._informative, 1):
            problems.add("sign_reversed", self._file, self._wrong[0][0], column)
            return
        for line, person, found, expected in self._wrong:
            problems.add(
                "count_differs", self._file, line, column, id=person, found=found, expected=expected
            )
