"""Votes in the order of time to the engine's columns, in linear time and little memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.conversation import Events
from hiwar.engine.opinion import Votes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier


@dataclass
class Ballots:
    """Votes as they were cast: places among the identifiers, values, and times if known."""

    participant_ids: list[Identifier]
    statement_ids: list[Identifier]
    participant: NDArray[np.int32]
    statement: NDArray[np.int32]
    vote: NDArray[np.int8]
    time: NDArray[np.int64] | None = None


def in_order_of_time(ballots: Ballots) -> Ballots:
    """Sort by time; votes of the same instant keep the order of the file."""
    time = ballots.time
    if time is None or not len(time) or bool((time[1:] >= time[:-1]).all()):
        return ballots
    order = np.argsort(time, kind="stable")
    ballots.participant = ballots.participant[order]
    ballots.statement = ballots.statement[order]
    ballots.vote = ballots.vote[order]
    ballots.time = time[order]
    return ballots


def only_voted(ballots: Ballots) -> Ballots:
    """Drop the statements that nobody ever voted on."""
    seen = np.bincount(ballots.statement, minlength=len(ballots.statement_ids)) > 0
    if not seen.all():
        place = np.cumsum(seen, dtype=np.int32) - np.int32(1)
        ballots.statement = place[ballots.statement]
        kept = zip(ballots.statement_ids, seen, strict=True)
        ballots.statement_ids = [statement for statement, voted in kept if voted]
    return ballots


def last_votes(ballots: Ballots) -> Votes:
    """Keep the last vote of each participant on each statement; call it in order of time."""
    rows, columns, values = ballots.participant, ballots.statement, ballots.vote
    if not _is_sorted(rows, columns):
        order = _order(rows, columns, len(ballots.participant_ids), len(ballots.statement_ids))
        rows, columns, values = rows[order], columns[order], values[order]
        del order
    last = np.ones(len(rows), np.bool_)
    last[:-1] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    if not last.all():
        rows, columns, values = rows[last], columns[last], values[last]
    indptr = np.zeros(len(ballots.participant_ids) + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=len(ballots.participant_ids)), out=indptr[1:])
    return Votes(indptr, columns, values, len(ballots.statement_ids))


def events(ballots: Ballots) -> Events | None:
    """Return every vote in the order of time, where times are known."""
    if ballots.time is None:
        return None
    return Events(ballots.participant, ballots.statement, ballots.vote, ballots.time)


def _is_sorted(rows: NDArray[np.int32], columns: NDArray[np.int32]) -> bool:
    same = rows[1:] == rows[:-1]
    later = rows[1:] > rows[:-1]
    return bool((later | (same & (columns[1:] >= columns[:-1]))).all())


def _order(
    rows: NDArray[np.int32], columns: NDArray[np.int32], n_rows: int, n_columns: int
) -> NDArray[np.integer]:
    """Return the stable order by row, then column."""
    if (rows[1:] >= rows[:-1]).all():
        # Merging short runs beats counting when participants already stand together.
        return np.argsort(rows * np.int64(n_columns) + columns, kind="stable")
    order = _by(columns, n_columns)
    return order[_by(rows[order], n_rows)]


def _by(key: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """Return the stable order by a key in 0 … size - 1, by counting instead of comparing.

    Turning a matrix with one entry per line from rows to columns is a counting sort.
    """
    from scipy.sparse import csr_array

    n = len(key)
    index = np.int32 if n < 2**31 else np.int64
    lines = np.arange(n + 1, dtype=index)
    matrix = csr_array((np.ones(n, np.int8), key, lines), shape=(n, size))
    order: NDArray[np.int32] = matrix.tocsc().indices
    return order
