"""Sheets of survey tools: a line for each person, the statements themselves as headings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hiwar.analysis.reading.proposals import meaning_of, propose_map
from hiwar.analysis.reading.tables import fold
from hiwar.analysis.reading.values import integer
from hiwar.analysis.reading.wide import PEOPLE
from hiwar.dialogues.queries.imports import Records, problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.common.imports.importers import Taking

# The role of a column whose heading is a statement and whose cells are answers to it.
ANSWERS = "answers"
MEANINGS = ("agree", "pass", "disagree", "missing")
MOST_ANSWERS = 40
_LEAST_COLUMNS = 2
# Of a heading, on average.
_WORDS = 2.5
_ROLES = {"statement": ANSWERS, "participant": "registration"}


def propose_survey(table: Taking) -> dict[int, str]:
    """Return a role for each column of a survey sheet; empty where it does not look like one."""
    cells = [row for _line, row in table.rows]
    proposals = propose_map(table.header, cells) if cells else []
    mapping = {
        at: _ROLES[proposal.means]
        for proposal in proposals
        for at, title in enumerate(table.header)
        if proposal.kind == "column"
        and title
        and title == proposal.name
        and proposal.means in _ROLES
    }
    if sum(proposal.means == "statement" for proposal in proposals) < _LEAST_COLUMNS:
        return {}
    if "registration" not in mapping.values():
        mapping |= _named_twice(table, mapping)
    return mapping


def _named_twice(table: Taking, mapping: Mapping[int, str]) -> dict[int, str]:
    """Return the column that names people although some stand there twice."""
    for at, title in enumerate(table.header):
        if fold(title) in PEOPLE and at not in mapping:
            names = [row[at].strip() for _line, row in table.rows]
            if all(names) and 2 * len(set(names)) > len(names):
                return {at: "registration"}
    return {}


def is_survey(mapping: Mapping[int, str]) -> bool:
    """Return whether a column holds answers to the statement in its heading."""
    return ANSWERS in mapping.values()


def are_sentences(table: Taking, mapping: Mapping[int, str]) -> bool:
    """Return whether headings of answers are sentences and not the names of attributes."""
    words = [len(table.header[at].split()) for at, role in mapping.items() if role == ANSWERS]
    return sum(words) >= _WORDS * len(words)


def read_survey(table: Taking, mapping: Mapping[int, str]) -> Records:
    """Return the rows of a survey sheet, with what each answer means: as said, else as proposed.

    Parameters
    ----------
    table : Taking
        What a person said of answers is one of `MEANINGS` for each cell.
    mapping : mapping of int to str
        Role by column.
    """
    places = {role: at for at, role in mapping.items() if role != ANSWERS}
    records = Records(title_of={role: table.header[at] for role, at in places.items()})
    columns = sorted(at for at, role in mapping.items() if role == ANSWERS)
    records.used = set(mapping)
    records.asked = {at: table.header[at] for at in columns}
    records.problems = [problem("too_many_cells", line) for line in table.ragged]
    records.problems += [
        problem("title_twice", column=title)
        for title, times in Counter(records.asked.values()).items()
        if times > 1
    ]
    ragged = set(table.ragged)
    records.rows = [
        (
            line,
            {role: row[at].strip() for role, at in places.items()}
            | {str(at): row[at].strip() for at in columns},
        )
        for line, row in table.rows
        if line not in ragged
    ]
    _read_answers(records, table.said)
    return records


def _read_answers(records: Records, said: Mapping[str, str]) -> None:
    counted = Counter(
        cells[str(at)] for _line, cells in records.rows for at in records.asked if cells[str(at)]
    )
    if len(counted) > MOST_ANSWERS:
        most = max(
            records.asked, key=lambda at: len({cells[str(at)] for _line, cells in records.rows})
        )
        records.problems.append(problem("answers_many", column=records.asked[most]))
        return
    records.answers = {
        cell: said.get(cell, "") or meaning_of(cell, counted) for cell, _n in counted.most_common()
    }
    records.problems += [
        problem("answer_unsaid", value=cell)
        for cell, means in records.answers.items()
        if means not in MEANINGS
    ]


def sign_of(answers: Sequence[str], said: Mapping[str, str]) -> str:
    """Return how sure it is what agrees: `said`, `words`, `signed` or `scale`."""
    if said and all(said.get(cell) for cell in answers):
        return "said"
    numbers = [integer(cell) for cell in answers]
    whole = [number for number in numbers if number is not None]
    if not whole:
        return "words"
    return "signed" if set(whole) <= {-1, 0, 1} and -1 in whole else "scale"
