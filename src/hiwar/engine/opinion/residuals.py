"""What is left of each vote after the mean of its statement: the sparse matrix behind the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Mode
    from hiwar.engine.opinion.votes import Votes

CHUNK = 1 << 20


@dataclass(frozen=True, eq=False)
class Residuals:
    """Votes minus the mean of their statement, zero where nobody voted.

    Attributes
    ----------
    matrix : Rows of shape (N, C)
        ``x_ij - m_j`` at live cells voted on; everything else is zero.
    mean : ndarray of shape (C,)
        Mean vote in [-1, 1]; 0 for statements that are out or that nobody voted on.
    scale : ndarray of shape (N,)
        ``sqrt(columns / votes)`` of each participant, 0 for nobody's vote.
    live : ndarray of shape (C,), bool
        Statements that take part and that somebody voted on.
    columns : int
        Statements that count for the scale.
    live_votes : ndarray of shape (N,), int64
        Votes on live statements.
    weight : ndarray of shape (N,) or None
        Weight of each participant, >= 0.
    """

    matrix: Rows
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    live: NDArray[np.bool_]
    columns: int
    live_votes: NDArray[np.int64]
    weight: NDArray[np.float64] | None


def residuals(
    votes: Votes,
    out: NDArray[np.bool_],
    mode: Mode = "default",
    *,
    weight: NDArray[np.float64] | None = None,
) -> Residuals:
    """Subtract the mean of each statement from the votes on it.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    out : ndarray of shape (C,), bool
        Statements that take no part.
    mode : {"default", "compat"}
        "compat" counts a statement that is out as voted on by everybody.
    weight : ndarray of shape (N,), optional
        Weight of each participant, >= 0.

    Returns
    -------
    Residuals
        In float64, sharing the index arrays of `votes`.

    Notes
    -----
    Filling a missing vote with the mean of its statement and centring leaves exactly zero
    there, so the dense matrix is never made. Statements nobody voted on never count.
    """
    seen, net = _counts(votes, weight)
    mean = np.divide(net, seen, out=np.zeros_like(net), where=seen > 0)
    mean[out] = 0.0
    value = np.array([-1.0, 0.0, 1.0]) - mean[:, None]
    value[out] = 0.0
    matrix = Rows(
        _gather(votes, value.ravel()),
        votes.statement,
        votes.indptr,
        (votes.n_participants, votes.n_statements),
    )
    voted_on = np.bincount(votes.statement, minlength=votes.n_statements) > 0
    live_votes = _live_votes(votes, out)
    zeroed = int((out & voted_on).sum()) if mode == "compat" else 0
    columns = int((voted_on if mode == "compat" else voted_on & ~out).sum())
    counted = live_votes + zeroed
    scale = np.sqrt(columns / np.maximum(counted, 1)) * (counted > 0)
    return Residuals(matrix, mean, scale, voted_on & ~out, columns, live_votes, weight)


def _counts(
    votes: Votes, weight: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if weight is None:
        tally = votes.tally()
        return tally.seen[0].astype(np.float64), (tally.agree - tally.disagree)[0].astype(
            np.float64
        )
    of_vote = np.repeat(weight, votes.votes_per_participant)
    size = votes.n_statements
    seen = np.bincount(votes.statement, of_vote, size).astype(np.float64, copy=False)
    net = np.bincount(votes.statement, of_vote * votes.vote, size)
    return seen, net.astype(np.float64, copy=False)


def _gather(votes: Votes, value: NDArray[np.float64]) -> NDArray[np.float64]:
    data = np.empty(votes.n_votes, np.float64)
    for start in range(0, votes.n_votes, CHUNK):
        part = slice(start, start + CHUNK)
        cell = votes.statement[part] * np.int32(3)
        cell += votes.vote[part]
        cell += np.int32(1)
        np.take(value, cell, out=data[part], mode="clip")
    return data


def _live_votes(votes: Votes, out: NDArray[np.bool_]) -> NDArray[np.int64]:
    if not out.any():
        return votes.votes_per_participant
    before = np.zeros(votes.n_votes + 1, np.int32)
    np.cumsum(~out[votes.statement], dtype=np.int32, out=before[1:])
    ends: NDArray[np.int64] = before[votes.indptr].astype(np.int64)
    return np.diff(ends)
