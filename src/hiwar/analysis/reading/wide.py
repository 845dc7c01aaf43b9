"""The sheet of a survey tool: one line for each person, the statements themselves as titles."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import values
from hiwar.analysis.reading.answers import MISSING
from hiwar.analysis.reading.assemble import Ballots
from hiwar.analysis.reading.roles import ROLES
from hiwar.analysis.reading.tables import Table, fold, named

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from hiwar.analysis.conversation import Identifier
    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.meanings import Meanings
    from hiwar.analysis.reading.source import Source

# What survey tools call the line of a person, the surest first.
PEOPLE = named(
    "uuid", "instance id", "instanceid", "response id", "responseid", "respondent id", "token",
    "id", "رقم", "معرف",
)  # fmt: skip
# Share of a column's cells that must be known answers. Not more: a column with one unknown word
# must be asked about, not left out.
_ANSWERED = 0.5
_IN_GRID = re.compile(r".*\[(.+)\]\s*", re.DOTALL)
_ARABIC = re.compile(r"[\u0621-\u064a]")


@dataclass
class Wide:
    """Votes, and the texts that stood as titles.

    `lines_as_people` says that no column named the people, so that each line is one.
    """

    ballots: Ballots
    texts: dict[Identifier, dict[str, str]]
    lines_as_people: bool


def read(source: Source, problems: Problems, meanings: Meanings) -> Wide:
    """Read the sheet: columns that hold nothing but answers are statements, in their order.

    Raises
    ------
    BadInput
        If no column can be told to be one, or a person stands there twice.
    """
    table = Table(source, problems)
    rows = list(table.rows())
    chosen = _statement_columns(table, rows, meanings)
    if not chosen:
        raise _refusal(table, rows, meanings)
    person = _person_column(table, meanings, chosen)
    for i, title in enumerate(table.header):
        if i not in chosen and i != person:
            problems.drop(table.name, title)
    people: dict[str, int] = {}
    places, columns, cast = array("i"), array("i"), array("b")
    for line, fields in rows:
        name = str(line - table.line) if person is None else fields[person].strip()
        if not _is_new(name, people, (table, line, person), problems):
            continue
        people[name] = line
        for j, i in enumerate(chosen):
            choice = meanings.vote(fields[i])
            if choice is None:
                problems.add("unknown_answer", table.name, line, i + 1, value=fields[i].strip())
            elif choice != MISSING:
                places.append(len(people) - 1)
                columns.append(j)
                cast.append(choice)
    if not cast and not problems:
        problems.add("no_rows", source.name, table.line)
    problems.stop_if_any()
    ids, place = values.identifiers(list(people))
    ballots = Ballots(
        ids,
        list(range(1, len(chosen) + 1)),
        place[np.frombuffer(places, np.int32)],
        np.frombuffer(columns, np.int32).copy(),
        np.frombuffer(cast, np.int8).copy(),
        worded=True,
    )
    texts: dict[Identifier, dict[str, str]] = {
        j: text_of_title(table.header[i]) for j, i in enumerate(chosen, 1)
    }
    return Wide(ballots, texts, person is None)


def _is_new(
    name: str, people: dict[str, int], place: tuple[Table, int, int | None], problems: Problems
) -> bool:
    table, line, person = place
    column = None if person is None else person + 1
    if not name:
        title = "" if person is None else table.header[person]
        problems.add("empty_id", table.name, line, column, name=title)
    elif values.ruined(name):
        problems.add("ruined_id", table.name, line, column, value=name)
    elif name in people:
        problems.add("duplicate_participant", table.name, line, column, id=name, first=people[name])
    else:
        return True
    return False


def _statement_columns(
    table: Table, rows: Sequence[tuple[int, list[str]]], meanings: Meanings
) -> list[int]:
    """Return the columns that were told to be statements, else those that hold only answers."""
    by_meaning = [
        i for i, t in enumerate(table.header) if meanings.columns.get(fold(t)) == "statement"
    ]
    if by_meaning:
        return by_meaning
    return [
        i
        for i, title in enumerate(table.header)
        if fold(title) not in meanings.columns and _holds_answers(_cells(rows, i), meanings)
    ]


def _holds_answers(cells: Counter[str], meanings: Meanings) -> bool:
    """Tell a column of answers: most are known words, or -1, 0 and 1 with a -1 among them.

    A column of 0 and 1 alone is never guessed: 0 may be disagree, pass, or not chosen.
    """
    filled, known, worded = 0, 0, False
    kinds: set[int] = set()
    for cell, count in cells.items():
        choice = meanings.vote(cell)
        if choice == MISSING:
            continue
        filled += count
        if choice is None:
            continue
        known += count
        kinds.add(choice)
        worded = worded or bool(meanings.answers) or values.coded_vote(cell) is None
    return bool(filled) and known >= _ANSWERED * filled and (worded or -1 in kinds)


def _cells(rows: Sequence[tuple[int, list[str]]], column: int) -> Counter[str]:
    from collections import Counter

    return Counter(fields[column].strip() for _, fields in rows)


def _person_column(table: Table, meanings: Meanings, statements: Sequence[int]) -> int | None:
    names = [*meanings.roles(ROLES)["participant"], *PEOPLE]
    titles = {fold(t): i for i, t in reversed(list(enumerate(table.header))) if i not in statements}
    if meanings.columns:
        column = next((t for t, role in meanings.columns.items() if role == "participant"), None)
        if column in titles:
            return titles[column]
    return next((titles[name] for name in names if name in titles), None)


def _refusal(table: Table, rows: Sequence[tuple[int, list[str]]], meanings: Meanings) -> Exception:
    """Say why no column could be read: numbers that may mean anything, or nothing like answers."""
    numbered: Counter[str] | None = None
    for i in range(len(table.header)):
        cells = _cells(rows, i)
        cells.pop("", None)
        few = 2 <= len(cells) <= 7
        if few and {"0", "1"} >= cells.keys():
            return refuse("zero_or_one_column", table.name, table.line, i + 1, name=table.header[i])
        if few and all(values.integer(cell) is not None for cell in cells):
            numbered = numbered or cells
        elif few and any(meanings.vote(cell) in {-1, 0, 1} for cell in cells):
            unknown = next(cell for cell in cells if meanings.vote(cell) is None)
            return refuse("unknown_answer", table.name, table.line, i + 1, value=unknown)
    if numbered is not None:
        return refuse("scale", table.name, table.line, found=", ".join(sorted(numbered)))
    return refuse("unknown_form", table.name, table.line, 1, found=", ".join(table.header))


def text_of_title(title: str) -> dict[str, str]:
    """Return a title as the text of a statement; a grid repeats its question before each."""
    grid = _IN_GRID.fullmatch(title)
    text = (grid[1] if grid else title).strip()
    return {"ar" if _ARABIC.search(text) else "": text}
