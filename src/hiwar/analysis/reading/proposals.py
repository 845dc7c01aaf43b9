"""What the columns and answers of an unknown sheet probably stand for, for somebody to look at."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hiwar.analysis.reading import values
from hiwar.analysis.reading.answers import MEANINGS
from hiwar.analysis.reading.meanings import Meanings
from hiwar.analysis.reading.roles import ROLES
from hiwar.analysis.reading.tables import fold
from hiwar.analysis.reading.wide import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MOST_ANSWERS = 7
_LEAST_WORDS = 3
_SCALE = (3, 10)
_WORD = {choice: word for word, choice in MEANINGS.items()}


@dataclass(frozen=True)
class Proposal:
    """A line of the file of --map.

    `kind` is "column" or "answer", `name` stands in the sheet, and `means` is a role or what is
    answered; empty where nothing can be guessed and somebody must say it.
    """

    kind: str
    name: str
    means: str


def propose_map(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Proposal]:
    """Propose a role for each column and a meaning for each answer.

    Parameters
    ----------
    header : sequence of str
        Titles.
    rows : sequence of sequences of str
        Cells, as many in each as there are titles.

    Returns
    -------
    list of Proposal
        Columns in their order, then answers, the most frequent first.

    Notes
    -----
    A statement is a column of two to seven different answers of which most are known words, or
    whose title is a sentence and whose answers stand in another such column too. On a scale of
    three to ten whole numbers the lower half is proposed as disagree, the middle as pass.
    """
    cells = [Counter(row[i].strip() for row in rows) for i in range(len(header))]
    for column in cells:
        column.pop("", None)
    person = _person(header, cells, len(rows))
    statements = [i for i in _statements(header, cells) if i != person]
    role = dict.fromkeys(statements, "statement")
    if person is not None:
        role[person] = "participant"
    columns = [Proposal("column", title, role.get(i, "ignore")) for i, title in enumerate(header)]
    answers: Counter[str] = Counter()
    for i in statements:
        answers.update(cells[i])
    return columns + [
        Proposal("answer", cell, meaning_of(cell, answers)) for cell, _ in answers.most_common()
    ]


def proposed_csv(path: Path, sheet: str = "") -> bytes:
    """Return the file of --map that is proposed for a sheet.

    Raises
    ------
    BadInput
        If the sheet cannot be opened or its lines are not whole.
    """
    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.source import open_source
    from hiwar.analysis.reading.tables import Table

    problems = Problems()
    table = Table(replace(open_source(path), sheet=sheet), problems)
    rows = [fields for _, fields in table.rows()]
    problems.stop_if_any()
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\n").writerow
    write(("kind", "name", "means"))
    for proposal in propose_map(table.header, rows):
        write((proposal.kind, proposal.name, proposal.means))
    return out.getvalue().encode()


def _person(header: Sequence[str], cells: Sequence[Counter[str]], rows: int) -> int | None:
    """Return the column that names people: by its title, else the first without a double."""
    titles = {fold(title): i for i, title in reversed(list(enumerate(header)))}
    for name in (*ROLES["participant"], *PEOPLE):
        if name in titles and len(cells[titles[name]]) == rows:
            return titles[name]
    return None


def _statements(header: Sequence[str], cells: Sequence[Counter[str]]) -> list[int]:
    few = [i for i, column in enumerate(cells) if 2 <= len(column) <= _MOST_ANSWERS]
    worded = [i for i in few if _is_known(cells[i])]
    asked = [i for i in few if i not in worded and len(header[i].split()) >= _LEAST_WORDS]
    shared = [i for i in asked if any(_alike(cells[i], cells[j]) for j in asked if j != i)]
    return sorted(worded + shared)


def _is_known(column: Counter[str]) -> bool:
    """Say whether most cells are words that are known; 0 and 1 may mean anything."""
    known = Meanings()
    hits = sum(
        n for cell, n in column.items()
        if values.coded_vote(cell) is None and known.vote(cell) is not None
    )  # fmt: skip
    return 2 * hits >= column.total()


def _alike(left: Counter[str], right: Counter[str]) -> bool:
    """Say whether the answers of the smaller set all stand in the larger."""
    return left.keys() <= right.keys() or right.keys() <= left.keys()


def meaning_of(cell: str, answers: Counter[str]) -> str:
    """Return what an answer among others probably means; empty where somebody must say it."""
    numbers = [values.integer(other) for other in answers]
    whole = [number for number in numbers if number is not None]
    number = values.integer(cell)
    if number is not None and len(whole) == len(numbers) and min(whole) >= 0:
        low, high = min(whole), max(whole)
        if not _SCALE[0] <= high - low + 1 <= _SCALE[1]:
            return ""
        middle = (low + high) / 2
        return "pass" if number == middle else "agree" if number > middle else "disagree"
    choice = Meanings().vote(cell)
    return "" if choice is None else _WORD[choice]
