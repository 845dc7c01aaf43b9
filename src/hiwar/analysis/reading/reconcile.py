"""The record of votes and the final matrix of one conversation, laid side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import assemble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier
    from hiwar.analysis.reading.assemble import Ballots
    from hiwar.analysis.reading.matrix import Matrix
    from hiwar.analysis.reading.options import Signs
    from hiwar.engine.opinion import Votes


def reconcile(
    cast: Ballots, final: Matrix, signs: Signs, summary: tuple[list[str], dict[str, int]]
) -> tuple[Ballots, NDArray[np.int32] | None]:
    """Let the record speak and count the cells in which the matrix says something else.

    The record has the say because the matrix follows from it and not the other way round.
    People who stand in the matrix alone are kept, with no vote.
    """
    notes, counts = summary
    people, of_cast, of_final = same_identifiers(
        cast.participant_ids, final.ballots.participant_ids
    )
    statements, in_cast, in_final = same_identifiers(
        cast.statement_ids, final.ballots.statement_ids
    )
    cast.participant, cast.statement = of_cast[cast.participant], in_cast[cast.statement]
    last = final.ballots
    last.participant, last.statement = of_final[last.participant], in_final[last.statement]
    cast.participant_ids = last.participant_ids = people
    cast.statement_ids = last.statement_ids = statements
    cast = assemble.in_order_of_time(cast)
    missing, differing, opposite = _compare(assemble.last_votes(cast), assemble.last_votes(last))
    if signs == "check" and opposite > 0 and opposite > 0.9 * differing > 9:
        raise refuse("sign_reversed", "votes.csv", 1)
    counts["cells_that_differ"] = missing + differing
    if missing + differing:
        notes.append("matrix_differs")
    group = None
    if final.group is not None:
        group = np.full(len(people), -1, np.int32)
        group[of_final] = final.group
    return assemble.only_voted(cast), group


def same_identifiers(
    first: Sequence[Identifier], other: Sequence[Identifier]
) -> tuple[list[Identifier], NDArray[np.int32], NDArray[np.int32]]:
    """Join two lists of identifiers; return them in order with the places of both."""
    if {type(x) for x in (*first[:1], *other[:1])} == {int, str}:
        first, other = [str(x) for x in first], [str(x) for x in other]
    joined = sorted({*first, *other})
    place = {identifier: i for i, identifier in enumerate(joined)}
    return (
        joined,
        np.array([place[x] for x in first], np.int32),
        np.array([place[x] for x in other], np.int32),
    )


def _compare(first: Votes, other: Votes) -> tuple[int, int, int]:
    """Count cells that only one has, cells that differ, and of these the exact opposites."""
    _, here, there = np.intersect1d(
        _cells(first), _cells(other), assume_unique=True, return_indices=True
    )
    missing = first.n_votes + other.n_votes - 2 * len(here)
    a, b = first.vote[here], other.vote[there]
    return missing, int((a != b).sum()), int(((a == -b) & (a != 0)).sum())


def _cells(votes: Votes) -> NDArray[np.int64]:
    cells: NDArray[np.int64] = votes.participant.astype(np.int64) * votes.n_statements
    return cells + votes.statement
