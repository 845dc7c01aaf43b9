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

_BATCH = 1 << 17
_MOST_PLACES, _MOST_COLUMNS = (1 << 20) - 1, (1 << 22) - 1


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

    Some rows at a time, so that keys stay in the cache. Row, column, place and vote are packed into
    one number for each vote: sorting the numbers is faster than sorting by them.
    """
    sorted_columns, sorted_values = np.empty_like(columns), np.empty_like(values)
    last = np.ones(len(columns), np.bool_)
    first = 0
    while first < len(start) - 1:
        stop = max(first + 1, int(np.searchsorted(start, start[first] + _BATCH, "right")) - 1)
        part = slice(start[first], start[stop])
        here = columns[part]
        if here.size > _MOST_PLACES or int(here.max(initial=0)) > _MOST_COLUMNS:
            key = _sorted_by_keys((rows[part], here, values[part]), first,
                                  (sorted_columns[part], sorted_values[part]))  # fmt: skip
        else:
            packed = rows[part] - np.int64(first)
            packed <<= 44
            packed |= here.astype(np.int64) << 22
            packed |= np.arange(len(here), dtype=np.int64) << 2
            packed |= values[part] + np.int8(1)
            packed.sort()
            sorted_values[part] = (packed & 3) - 1
            key = packed >> 22
            sorted_columns[part] = key & _MOST_COLUMNS
        last[part][:-1] = key[1:] != key[:-1]
        first = stop
    return sorted_columns, sorted_values, last


def _sorted_by_keys(
    votes: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]],
    first: int,
    into: tuple[NDArray[np.int32], NDArray[np.int8]],
) -> NDArray[np.int64]:
    """Sort by keys alone, where a place or a column is too large to be packed; return the keys."""
    rows, columns, values = votes
    key = ((rows - np.int64(first)) << 32) | columns
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
