"""Exact sums over pairs of statements, kept up to date as votes come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.votes import Votes

ROWS = 2048


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over participants for each pair of statements, exact integers.

    Attributes
    ----------
    vote_vote : ndarray of shape (C, C), int64
        Sum of the products of two votes of one person.
    vote_seen : ndarray of shape (C, C), int64
        Sum of the votes on j of those who also voted on k.
    seen_seen : ndarray of shape (C, C), int64
        Number of people who voted on both.
    """

    vote_vote: NDArray[np.int64]
    vote_seen: NDArray[np.int64]
    seen_seen: NDArray[np.int64]

    @classmethod
    def empty(cls, n_statements: int) -> Moments:
        """Return the sums of a conversation without votes."""
        shape = (n_statements, n_statements)
        return cls(*(np.zeros(shape, np.int64) for _ in range(3)))

    def plus(self, votes: Votes, sign: int = 1) -> Moments:
        """Return the sums with (or, with sign -1, without) these participants.

        Notes
        -----
        Cost: rows times C squared. Products are made in float32 over at most 2,048 rows, where
        every sum is an exact integer, and added up in int64, so that the result does not depend
        on the order in which votes came.
        """
        size = votes.n_statements
        sums = [_padded(old, size) for old in (self.vote_vote, self.vote_seen, self.seen_seen)]
        for at in range(0, votes.n_participants, ROWS):
            stop = min(at + ROWS, votes.n_participants)
            part = slice(votes.indptr[at], votes.indptr[stop])
            row = np.repeat(np.arange(stop - at), np.diff(votes.indptr[at : stop + 1]))
            vote = np.zeros((stop - at, size), np.float32)
            seen = np.zeros((stop - at, size), np.float32)
            vote[row, votes.statement[part]] = votes.vote[part]
            seen[row, votes.statement[part]] = 1.0
            for number, product in enumerate((vote.T @ vote, vote.T @ seen, seen.T @ seen)):
                sums[number] += sign * product.astype(np.int64)
        return Moments(*sums)

    def means(self) -> NDArray[np.float64]:
        """Return the mean vote on each statement, 0 where nobody voted; shape (C,)."""
        seen = np.diagonal(self.seen_seen)
        net = np.diagonal(self.vote_seen)
        return np.divide(net, seen, out=np.zeros(len(net)), where=seen > 0)

    def scatter(self, out: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return ``r' r`` of the residuals `r`, zero where a statement is out; shape (C, C).

        Notes
        -----
        ``sum x_j x_k - m_k sum x_j s_k - m_j sum x_k s_j + m_j m_k sum s_j s_k`` with s the
        indicator of a vote.
        """
        mean = self.means()
        cross = self.vote_seen * mean[None, :]
        result: NDArray[np.float64] = self.vote_vote - cross - cross.T
        result += np.outer(mean, mean) * self.seen_seen
        result[out] = 0.0
        result[:, out] = 0.0
        return result


def _padded(old: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    wide = np.zeros((size, size), np.int64)
    wide[: len(old), : len(old)] = old
    return wide
