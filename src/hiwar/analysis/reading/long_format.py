"""Votes in long form: one line for each vote that was cast.

Large files take a fast path; whatever it does not understand goes through the strict path,
which reads cell by cell and knows the line and column of everything that is wrong.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import source as sources
from hiwar.analysis.reading import values, vectorised
from hiwar.analysis.reading.answers import MISSING
from hiwar.analysis.reading.assemble import Ballots
from hiwar.analysis.reading.meanings import Meanings
from hiwar.analysis.reading.roles import IGNORED, REQUIRED, ROLES
from hiwar.analysis.reading.tables import Table, fold
from hiwar.analysis.reading.times import Times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.options import Dates
    from hiwar.analysis.reading.source import Source

# Columns of the database behind the exports, where -1 is agree.
_DATABASE = {"pid", "tid"}
_SMALL = 1 << 16


def is_long(header: Sequence[str], meanings: Meanings) -> bool:
    """Tell votes in long form by two of their three columns.

    Where several columns were told to be statements, each is one, and the sheet is a wide one.
    """
    names = {fold(title) for title in header}
    if [meanings.columns.get(name) for name in names].count("statement") > 1:
        return False
    roles = meanings.roles(ROLES)
    return sum(bool(names & set(roles[role])) for role in REQUIRED) >= 2


def is_database(header: Sequence[str]) -> bool:
    """Tell a table of the database behind the exports, in which -1 is agree."""
    return {fold(title) for title in header} >= _DATABASE


def read(
    source: Source,
    problems: Problems,
    meanings: Meanings | None = None,
    dates: Dates = "check",
) -> Ballots:
    """Read votes; whoever calls looks at `problems` before using them."""
    meanings = meanings or Meanings()
    roles = meanings.roles(ROLES)
    if source.is_parquet:
        ballots = vectorised.read_parquet(source, roles, problems, meanings)
    elif source.is_spreadsheet or source.fingerprint.size < _SMALL or not sources.reads_columns():
        ballots = None
    else:
        ballots = vectorised.read_csv(source, roles, problems, meanings)
    return _strict(source, problems, meanings, dates) if ballots is None else ballots


def _strict(
    source: Source, problems: Problems, meanings: Meanings, dates: Dates = "check"
) -> Ballots:
    table = Table(source, problems)
    roles = meanings.roles(ROLES)
    if not any(fold(title) in roles[role] for title in table.header for role in REQUIRED):
        raise refuse("unknown_form", source.name, table.line, 1, found=", ".join(table.header))
    at = table.columns(roles, REQUIRED, IGNORED)
    problems.stop_if_any()
    people: dict[str, int] = {}
    statements: dict[str, int] = {}
    conversations: set[str] = set()
    rows, columns, cast = array("i"), array("i"), array("b")
    known: dict[str, int | None] = {}
    times = Times(source.name, at.get("time"), dates)
    line, missing, worded = table.line, 0, False
    for line, fields in table.rows():
        cell = fields[at["vote"]]
        choice = known.get(cell)
        if choice is None:
            choice = known[cell] = meanings.vote(cell)
            worded = worded or (choice in {-1, 0, 1} and values.coded_vote(cell) is None)
        if choice is None:
            problems.add("bad_vote", source.name, line, at["vote"] + 1, value=cell)
            continue
        if choice == MISSING:
            missing += 1
            continue
        person, statement = fields[at["participant"]], fields[at["statement"]]
        if not (person.strip() and statement.strip()):
            role = "participant" if not person.strip() else "statement"
            problems.add("empty_id", source.name, line, at[role] + 1, name=table.header[at[role]])
            continue
        rows.append(people.setdefault(person, len(people)))
        columns.append(statements.setdefault(statement, len(statements)))
        cast.append(choice)
        times.take(fields, line)
        if "conversation" in at:
            conversations.add(fields[at["conversation"]].strip())
    if len(conversations) > 1:
        problems.add(
            "several_in_file", source.name, None, None, count=len(conversations),
            name=table.header[at["conversation"]],
        )  # fmt: skip
    if not cast and not problems:
        problems.add("no_rows", source.name, line)
    moments, notes = times.resolved(problems)
    problems.stop_if_any()
    person_ids, person_place = values.identifiers(list(people))
    statement_ids, statement_place = values.identifiers(list(statements))
    return Ballots(
        person_ids,
        statement_ids,
        person_place[np.frombuffer(rows, np.int32)],
        statement_place[np.frombuffer(columns, np.int32)],
        np.frombuffer(cast, np.int8).copy(),
        moments,
        missing=missing,
        worded=worded,
        notes=notes,
    )
