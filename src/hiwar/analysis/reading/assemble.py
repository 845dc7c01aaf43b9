"""Votes in the order of time to the engine's columns, in linear time and little memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.conversation import Events
from hiwar.engine.opinion import Votes
from hiwar.engine.opinion.votes import FEW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier

    # Rows within a batch, columns and values of its votes; and where sorted ones are put.
    _Cells = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]
    _Sorted = tuple[NDArray[np.int32], NDArray[np.int8]]

_BATCH = 1 << 17
_MOST_PLACES, _MOST_COLUMNS = (1 << 20) - 1, (1 << 22) - 1
_MOST_CELLS = 1 << 29


@dataclass
class Ballots:
    """Votes as they were cast: places among the identifiers, values, and times if known.

    `missing` counts cells that hold no vote, `worded` says that answers were words, and `notes` are
    codes of what the reader of a report should know.
    """

    participant_ids: list[Identifier]
    statement_ids: list[Identifier]
    participant: NDArray[np.int32]
    statement: NDArray[np.int32]
    vote: NDArray[np.int8]
    time: NDArray[np.int64] | None = None
    missing: int = 0
    worded: bool = False
    notes: tuple[str, ...] = ()


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
    n_rows = len(ballots.participant_ids)
    if not (rows[1:] >= rows[:-1]).all():
        order = _by(rows, n_rows)
        rows, columns, values = rows[order], columns[order], values[order]
        del order
    start = np.searchsorted(rows, np.arange(n_rows + 1, dtype=rows.dtype))
    columns, values, last = _within_rows(start, rows, columns, values)
    if not last.all():
        columns, values = columns[last], values[last]
        start = np.concatenate(([0], np.cumsum(last)))[start]
    return Votes(start, columns, values, len(ballots.statement_ids))


def _within_rows(
    start: NDArray[np.int64],
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    values: NDArray[np.int8],
) -> tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.bool_]]:
    """Sort each row by column, keeping the order of equals, and mark the last of equals.

    Some rows at a time, so that keys stay in the cache. Row, column and vote are packed into one
    number for each vote, and the place too where a row holds a column twice: sorting the numbers is
    faster than sorting by them.
    """
    sorted_columns, sorted_values = np.empty_like(columns), np.empty_like(values)
    last = np.ones(len(columns), np.bool_)
    width = int(columns.max(initial=0)) + 1
    first = 0
    while first < len(start) - 1:
        stop = max(first + 1, int(np.searchsorted(start, start[first] + _BATCH, "right")) - 1)
        part = slice(start[first], start[stop])
        votes = rows[part] - np.int32(first), columns[part], values[part]
        into = sorted_columns[part], sorted_values[part]
        fits = (stop - first) * width < _MOST_CELLS
        if not (fits and _sorted_if_single(votes, width, into)):
            is_small = votes[1].size <= _MOST_PLACES and width - 1 <= _MOST_COLUMNS
            key = (_sorted_with_places if is_small else _sorted_by_keys)(votes, into)
            last[part][:-1] = key[1:] != key[:-1]
        first = stop
    return sorted_columns, sorted_values, last


def _sorted_if_single(votes: _Cells, width: int, into: _Sorted) -> bool:
    """Sort votes packed into 32 bits; return whether no row holds a column twice."""
    packed = votes[0] * np.int32(width)
    packed += votes[1]
    packed <<= 2
    packed |= votes[2] + np.int8(1)
    packed.sort()
    np.subtract(packed & 3, 1, out=into[1], casting="unsafe")
    packed >>= 2
    if bool((packed[1:] == packed[:-1]).any()):
        return False
    np.remainder(packed, np.int32(width), out=into[0])
    return True


def _sorted_with_places(votes: _Cells, into: _Sorted) -> NDArray[np.int64]:
    """Sort votes packed into 64 bits with their places; return the keys."""
    rows, columns, values = votes
    packed = rows.astype(np.int64) << 44
    packed |= columns.astype(np.int64) << 22
    packed |= np.arange(len(columns), dtype=np.int64) << 2
    packed |= values + np.int8(1)
    packed.sort()
    into[1][:] = (packed & 3) - 1
    key: NDArray[np.int64] = packed >> 22
    into[0][:] = key & _MOST_COLUMNS
    return key


def _sorted_by_keys(votes: _Cells, into: _Sorted) -> NDArray[np.int64]:
    """Sort by keys alone, where a place or a column is too large to be packed; return the keys."""
    rows, columns, values = votes
    key = (rows.astype(np.int64) << 32) | columns
    order = np.argsort(key, kind="stable")
    into[0][:], into[1][:] = columns[order], values[order]
    return key[order]


def events(ballots: Ballots) -> Events | None:
    """Return every vote in the order of time, where times are known."""
    if ballots.time is None:
        return None
    return Events(ballots.participant, ballots.statement, ballots.vote, ballots.time)


def _by(key: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """Return the stable order by a key in 0 … size - 1, by counting instead of comparing.

    Turning a matrix with one entry per line from rows to columns is a counting sort.
    """
    n = len(key)
    if n <= FEW:
        by_comparing: NDArray[np.int32] = np.argsort(key, kind="stable").astype(np.int32)
        return by_comparing
    from scipy.sparse import csr_array

    index = np.int32 if n < 2**31 else np.int64
    lines = np.arange(n + 1, dtype=index)
    matrix = csr_array((np.ones(n, np.int8), key, lines), shape=(n, size))
    order: NDArray[np.int32] = matrix.tocsc().indices
    return order
