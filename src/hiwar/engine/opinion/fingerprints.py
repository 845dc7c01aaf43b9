"""Numbers that stand for rows of votes, so that equal rows are found without comparing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.votes import Votes

# After three rounds a number speaks for votes, co-voters and the statements these voted on.
ROUNDS = 3


def mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter integers evenly over 64 bits, one to one.

    Parameters
    ----------
    value : ndarray of uint64

    Returns
    -------
    ndarray of the same shape, uint64

    Notes
    -----
    The finaliser of SplitMix64; arithmetic wraps at 2**64.

    References
    ----------
    Steele, G., Lea, D. and Flood, C. (2014). Fast splittable pseudorandom number generators.
    OOPSLA '14, figure 16.
    """
    x = np.array(value, np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def row_fingerprints(votes: Votes) -> NDArray[np.uint64]:
    """Return one number per participant, the same for the same votes on the same statements.

    Parameters
    ----------
    votes : Votes

    Returns
    -------
    ndarray of shape (n_participants,), uint64
        0 for somebody without a vote. Two different rows share a number with a probability of
        about 2**-64, so for a million people a mistake has a probability below 1e-7.
    """
    return _sum_by_run(mix(vote_keys(votes).astype(np.uint64)), votes.indptr)


def vote_keys(votes: Votes) -> NDArray[np.int64]:
    """Return ``3 * statement + vote + 1`` for each vote; shape (n_votes,), >= 0."""
    keys: NDArray[np.int64] = votes.statement.astype(np.int64) * 3 + (votes.vote + 1)
    return keys


def cell_fingerprints(votes: Votes, seed: int) -> NDArray[np.uint64]:
    """Return one number per vote that depends on what was voted, not on how rows are numbered.

    Parameters
    ----------
    votes : Votes
    seed : int
        Another seed gives other numbers.

    Returns
    -------
    ndarray of shape (n_votes,), uint64
        Moves with its vote under any reordering of participants and statements. Participants
        with the same votes get the same numbers.
    """
    row, column = _refined(votes, seed)
    return mix(row[votes.participant] + mix(column[votes.statement]))


def canonical_order(votes: Votes, seed: int = 0) -> NDArray[np.intp]:
    """Return an order of participants that does not depend on the order they came in.

    Parameters
    ----------
    votes : Votes
    seed : int
        Another seed gives another order; each is as good as random.

    Returns
    -------
    ndarray of shape (n_participants,), int
        Indices. Only participants with the same votes may change places.
    """
    return np.argsort(_refined(votes, seed)[0], kind="stable")


def statement_order(votes: Votes, seed: int = 0) -> NDArray[np.intp]:
    """Return an order of statements that does not depend on the order they came in."""
    return np.argsort(_refined(votes, seed)[1], kind="stable")


def _refined(votes: Votes, seed: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Tell participants apart by the statements they voted on and the reverse, in turns."""
    by_statement = np.argsort(votes.statement, kind="stable")
    ends = np.searchsorted(votes.statement[by_statement], np.arange(votes.n_statements + 1))
    answer = mix((votes.vote.astype(np.int64) + 1 + 3 * seed).astype(np.uint64))
    column = np.zeros(votes.n_statements, np.uint64)
    for _ in range(ROUNDS):
        row = mix(_sum_by_run(mix(column[votes.statement] ^ answer), votes.indptr))
        of_column = mix(row[votes.participant] + answer)[by_statement]
        column = mix(_sum_by_run(of_column, ends))
    return row, column


def _sum_by_run(value: NDArray[np.uint64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Add up runs of an array; sums wrap, so the difference of two running sums is exact."""
    running = np.zeros(len(value) + 1, np.uint64)
    np.cumsum(value, out=running[1:])
    return running[ends[1:]] - running[ends[:-1]]
