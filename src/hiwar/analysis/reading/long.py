"""Votes in long form: one line for each vote that was cast.

Large files take a fast path; whatever it does not understand goes through the strict path,
which reads cell by cell and knows the line and column of everything that is wrong.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import fast, values
from hiwar.analysis.reading.assemble import Ballots
from hiwar.analysis.reading.tables import Table, fold

if TYPE_CHECKING:
    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.source import Source

ROLES = {
    "participant": frozenset(
        {
            "participant",
            "participant-id",
            "voter",
            "voter-id",
            "registration-id",
            "مشارك",
            "المشارك",
        }
    ),
    "statement": frozenset({"statement", "statement-id", "comment-id", "رأي", "الرأي"}),
    "vote": frozenset({"vote", "صوت", "الصوت", "التصويت"}),
    "time": frozenset({"time", "timestamp", "created-at", "وقت", "الوقت"}),
}
REQUIRED = frozenset({"participant", "statement", "vote"})
IGNORED = frozenset({"datetime", "important"})
_SMALL = 1 << 16


def read(source: Source, problems: Problems) -> Ballots:
    """Read votes; whoever calls looks at `problems` before using them."""
    if source.is_parquet:
        ballots = fast.read_parquet(source, ROLES, IGNORED)
    elif source.fingerprint.size < _SMALL:
        ballots = None
    else:
        ballots = fast.read_csv(source, ROLES, IGNORED)
    return _strict(source, problems) if ballots is None else ballots


def _strict(source: Source, problems: Problems) -> Ballots:
    table = Table(source, problems)
    if not any(fold(title) in ROLES[role] for title in table.header for role in REQUIRED):
        raise refuse("unknown_form", source.name, table.line, 1, found=", ".join(table.header))
    at = table.columns(ROLES, REQUIRED, IGNORED)
    problems.stop_if_any()
    people: dict[str, int] = {}
    statements: dict[str, int] = {}
    rows, columns, cast, times = array("i"), array("i"), array("b"), array("q")
    known: dict[str, int] = {"1": 1, "0": 0, "-1": -1}
    when = at.get("time")
    line = table.line
    for line, fields in table.rows():
        choice = known.get(fields[at["vote"]])
        if choice is None:
            choice = values.vote(fields[at["vote"]])
            if choice is None:
                place = at["vote"] + 1
                problems.add("bad_vote", source.name, line, place, value=fields[at["vote"]])
                continue
        person, statement = fields[at["participant"]], fields[at["statement"]]
        if not (person.strip() and statement.strip()):
            role = "participant" if not person.strip() else "statement"
            problems.add("empty_id", source.name, line, at[role] + 1, name=table.header[at[role]])
            continue
        rows.append(people.setdefault(person, len(people)))
        columns.append(statements.setdefault(statement, len(statements)))
        cast.append(choice)
        if when is not None:
            moment = values.instant(fields[when])
            if moment is None:
                problems.add("bad_time", source.name, line, when + 1, value=fields[when])
            times.append(moment or 0)
    if not cast and not problems:
        problems.add("no_rows", source.name, line)
    problems.stop_if_any()
    person_ids, person_place = values.identifiers(list(people))
    statement_ids, statement_place = values.identifiers(list(statements))
    return Ballots(
        person_ids,
        statement_ids,
        person_place[np.frombuffer(rows, np.int32)],
        statement_place[np.frombuffer(columns, np.int32)],
        np.frombuffer(cast, np.int8).copy(),
        values.milliseconds(np.frombuffer(times, np.int64).copy()) if when is not None else None,
    )
