"""Votes as answers to three-way questions: what models of the votes themselves are fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hiwar.engine.opinion.rows import SMALL, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from hiwar.engine.opinion.votes import Votes

CHOICES = 3
PRIOR = 2.0
DENSE_FROM = 0.15


@dataclass(frozen=True, eq=False)
class Answers:
    """One row per person, three columns per statement, 1 where the person gave that answer.

    Attributes
    ----------
    votes : Votes
        M people, C statements, every one of them live.
    weight : ndarray of shape (M,)
        Weight of each person, > 0.
    """

    votes: Votes
    weight: NDArray[np.float64]

    @property
    def n_people(self) -> int:
        """M."""
        return self.votes.n_participants

    @property
    def n_statements(self) -> int:
        """C."""
        return self.votes.n_statements

    @cached_property
    def column(self) -> NDArray[np.int32]:
        """``3 * statement + vote + 1`` of each vote; shape (n_votes,)."""
        column: NDArray[np.int32] = self.votes.statement * np.int32(CHOICES)
        column += self.votes.vote
        column += np.int32(1)
        return column

    @cached_property
    def _rows(self) -> Rows:
        ones = np.ones(self.votes.n_votes, np.float32)
        shape = (self.n_people, CHOICES * self.n_statements)
        return Rows(ones, self.column, self.votes.indptr, shape)

    @cached_property
    def _dense(self) -> Any | None:
        # One product of full matrices is quicker than two sparse ones where much was voted on.
        cells = self.n_people * self.n_statements
        is_small = CHOICES * cells <= SMALL
        if cells == 0 or (self.votes.n_votes < DENSE_FROM * cells and not is_small):
            return None
        return self._rows.full

    @cached_property
    def _transposed(self) -> csr_array:
        return self._rows.sparse.T.tocsr()

    def likelihood(self, log_answer: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add up the log-probabilities of what each person answered.

        Parameters
        ----------
        log_answer : ndarray of shape (3C, K)
            Of each answer in each class.

        Returns
        -------
        ndarray of shape (M, K)
        """
        matrix = self._rows.sparse if self._dense is None else self._dense
        likelihood: NDArray[np.float32] = matrix @ log_answer
        return likelihood

    def count(self, share: NDArray[np.float32]) -> NDArray[np.float32]:
        """Count answers in shares of people.

        Parameters
        ----------
        share : ndarray of shape (M, K)
            How much of each person belongs to each class, weights included.

        Returns
        -------
        ndarray of shape (3C, K)
        """
        matrix = self._transposed if self._dense is None else self._dense.T
        count: NDArray[np.float32] = matrix @ share
        return count

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """Share of each answer among everybody, one answer of each kind added; shape (C, 3)."""
        of_vote = np.repeat(self.weight, self.votes.votes_per_participant)
        count = np.bincount(self.column, of_vote, CHOICES * self.n_statements) + 1.0
        table = count.reshape(-1, CHOICES)
        share: NDArray[np.float64] = table / table.sum(axis=1, keepdims=True)
        return share

    def part(self, keep: NDArray[np.bool_]) -> Answers:
        """Return only the votes where `keep` is true; people without any stay."""
        running = np.concatenate(([0], np.cumsum(keep, dtype=np.int64)))
        votes = type(self.votes)(
            running[self.votes.indptr],
            self.votes.statement[keep],
            self.votes.vote[keep],
            self.n_statements,
        )
        return Answers(votes, self.weight)


def normalised(joint: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Turn log-weights into shares.

    Parameters
    ----------
    joint : ndarray of shape (M, K)
        Log of each person's likelihood in each class and of the size of the class.

    Returns
    -------
    share : ndarray of shape (M, K)
        Rows add up to 1.
    evidence : ndarray of shape (M,)
        Log of what each row was divided by.
    """
    most = joint.max(axis=1, keepdims=True)
    share = np.exp(joint - most)
    total = share.sum(axis=1, keepdims=True)
    share /= total
    evidence: NDArray[np.float32] = (np.log(total) + most)[:, 0]
    return share, evidence
