"""Votes as columns: the one shape in which every method takes its input."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

AGREE, PASS, DISAGREE = 1, 0, -1
BLOCK = 1 << 20
# So few votes are sorted by comparing: that spares loading the library of sparse matrices.
FEW = 200_000


@dataclass(frozen=True)
class Tally:
    """Counts of votes by label (a group, a sector, or everybody) and statement.

    Attributes
    ----------
    agree, disagree, passed : ndarray of shape (n_labels, n_statements), int64
        Number of votes, >= 0.
    """

    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    passed: NDArray[np.int64]

    @property
    def seen(self) -> NDArray[np.int64]:
        """All votes, passes included; shape (n_labels, n_statements)."""
        total: NDArray[np.int64] = self.agree + self.disagree + self.passed
        return total

    def pooled(self) -> Tally:
        """Return the counts of all labels together, shape (1, n_statements)."""
        return Tally(
            self.agree.sum(axis=0, keepdims=True),
            self.disagree.sum(axis=0, keepdims=True),
            self.passed.sum(axis=0, keepdims=True),
        )

    def rest(self) -> Tally:
        """Return, for each label, the counts of all the others; same shape."""
        pooled = self.pooled()
        return Tally(
            pooled.agree - self.agree,
            pooled.disagree - self.disagree,
            pooled.passed - self.passed,
        )


@dataclass(frozen=True)
class Moderation:
    """What moderation decided about each statement.

    Attributes
    ----------
    status : ndarray of shape (n_statements,), int8
        -1 rejected, 0 unseen, +1 accepted.
    is_meta : ndarray of shape (n_statements,), bool
        True where the statement is about the participant, not the topic.
    """

    status: NDArray[np.int8]
    is_meta: NDArray[np.bool_]

    @classmethod
    def none(cls, n_statements: int) -> Moderation:
        """Return the moderation of a conversation in which everything was accepted."""
        return cls(np.ones(n_statements, np.int8), np.zeros(n_statements, np.bool_))

    @property
    def out(self) -> NDArray[np.bool_]:
        """True where a statement takes no part in the map; shape (n_statements,)."""
        out: NDArray[np.bool_] = (self.status < 0) | self.is_meta
        return out


@dataclass(frozen=True, eq=False)
class Votes:
    """One vote per participant and statement, compressed by participant.

    Attributes
    ----------
    indptr : ndarray of shape (n_participants + 1,), int64
        Votes of participant ``i`` stand at ``indptr[i]:indptr[i + 1]``.
    statement : ndarray of shape (n_votes,), int32
        Statement of each vote, increasing within a participant.
    vote : ndarray of shape (n_votes,), int8
        Values in {-1, 0, 1}.
    n_statements : int
        Number of statements, voted on or not.
    """

    indptr: NDArray[np.int64]
    statement: NDArray[np.int32]
    vote: NDArray[np.int8]
    n_statements: int

    @property
    def n_participants(self) -> int:
        """Number of participants, those without a vote included."""
        return len(self.indptr) - 1

    @property
    def n_votes(self) -> int:
        """Number of votes, passes included."""
        return len(self.vote)

    @cached_property
    def participant(self) -> NDArray[np.int32]:
        """Participant of each vote; shape (n_votes,), int32, increasing."""
        rows = np.arange(self.n_participants, dtype=np.int32)
        return np.repeat(rows, np.diff(self.indptr))

    @property
    def votes_per_participant(self) -> NDArray[np.int64]:
        """Number of votes of each participant; shape (n_participants,)."""
        return np.diff(self.indptr)

    @classmethod
    def from_events(
        cls,
        participant: ArrayLike,
        statement: ArrayLike,
        vote: ArrayLike,
        *,
        n_participants: int,
        n_statements: int,
    ) -> Votes:
        """Keep the last vote of each participant on each statement.

        Parameters
        ----------
        participant, statement, vote : array_like of shape (n_events,)
            Indices from 0 and values in {-1, 0, 1}, in the order of time.
        n_participants, n_statements : int
            Sizes; participants and statements without a vote are kept.

        Returns
        -------
        Votes
            Sorted by participant, then statement.

        Raises
        ------
        ValueError
            If an index is out of range, the lengths differ or a vote is not in {-1, 0, 1}.

        Examples
        --------
        >>> events = [0, 1, 0], [0, 0, 0], [1, -1, 0]
        >>> v = Votes.from_events(*events, n_participants=2, n_statements=1)
        >>> v.vote.tolist()
        [0, -1]
        """
        rows, columns = _index(participant), _index(statement)
        values = np.asarray(vote)
        if not (len(rows) == len(columns) == len(values)):
            msg = "participant, statement and vote differ in length"
            raise ValueError(msg)
        _check_range(rows, n_participants, "participant")
        _check_range(columns, n_statements, "statement")
        values = _vote_values(values)
        if _is_sorted(rows, columns):
            indptr = np.zeros(n_participants + 1, np.int64)
            np.cumsum(np.bincount(rows, minlength=n_participants), out=indptr[1:])
            return cls(indptr, columns.astype(np.int32), values, n_statements)
        if len(rows) <= FEW:
            order = np.lexsort((columns, rows))
            stands = np.ones(len(rows), np.bool_)
            stands[:-1] = (np.diff(rows[order]) != 0) | (np.diff(columns[order]) != 0)
            order = order[stands]
            indptr = np.zeros(n_participants + 1, np.int64)
            np.cumsum(np.bincount(rows[order], minlength=n_participants), out=indptr[1:])
            return cls(indptr, columns[order].astype(np.int32), values[order], n_statements)
        return cls(
            *_sorted_columns(rows, columns, values, (n_participants, n_statements)), n_statements
        )

    @classmethod
    def from_dense(cls, matrix: ArrayLike) -> Votes:
        """Take a matrix of shape (n_participants, n_statements) with nan where no vote was cast."""
        dense = np.asarray(matrix, dtype=np.float64)
        rows, columns = np.nonzero(~np.isnan(dense))
        return cls.from_events(
            rows,
            columns,
            dense[rows, columns],
            n_participants=dense.shape[0],
            n_statements=dense.shape[1],
        )

    def dense(self) -> NDArray[np.float64]:
        """Return a matrix of shape (n_participants, n_statements), nan where no vote was cast."""
        matrix = np.full((self.n_participants, self.n_statements), np.nan)
        matrix[self.participant, self.statement] = self.vote
        return matrix

    def take_participants(self, rows: ArrayLike) -> Votes:
        """Return the votes of the given participants (indices, repeats allowed), in that order."""
        chosen = np.asarray(rows, dtype=np.int64)
        lengths = np.diff(self.indptr)[chosen]
        indptr = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum(lengths, out=indptr[1:])
        source = np.repeat(self.indptr[chosen] - indptr[:-1], lengths) + np.arange(indptr[-1])
        return Votes(indptr, self.statement[source], self.vote[source], self.n_statements)

    def keep_statements(self, keep: NDArray[np.bool_]) -> Votes:
        """Return the votes on the statements where `keep` is true, renumbered from 0."""
        kept = keep[self.statement]
        indptr = np.zeros_like(self.indptr)
        running = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
        indptr[:] = running[self.indptr]
        number = np.cumsum(keep, dtype=np.int32) - 1
        return Votes(
            indptr,
            number[self.statement[kept]].astype(np.int32),
            self.vote[kept],
            int(keep.sum()),
        )

    def tally(self, label: NDArray[np.integer] | None = None, n_labels: int = 1) -> Tally:
        """Count votes by label and statement.

        Parameters
        ----------
        label : ndarray of shape (n_participants,), optional
            Label of each participant in 0 … n_labels - 1; a negative label is left out.
            Without labels everybody is counted under label 0.
        n_labels : int
            Number of labels.

        Returns
        -------
        Tally
            Arrays of shape (n_labels, n_statements).
        """
        if label is None and n_labels == 1:
            return self._of_everybody
        return self._tally(label, n_labels)

    @cached_property
    def _of_everybody(self) -> Tally:
        return self._tally(None, 1)

    def _tally(self, label: NDArray[np.integer] | None, n_labels: int) -> Tally:
        size = n_labels * self.n_statements
        counts = np.zeros(size * 3, np.int64)
        label_of = None if label is None else np.asarray(label, dtype=np.int64)
        for start, stop in self._row_blocks():
            cells = self._cells(start, stop, label_of)
            counts += np.bincount(cells, minlength=size * 3)
        by_cell = counts.reshape(n_labels, self.n_statements, 3)
        return Tally(agree=by_cell[..., 2], disagree=by_cell[..., 0], passed=by_cell[..., 1])

    def _row_blocks(self) -> list[tuple[int, int]]:
        # Blocks keep the wide integers of counting small when there are millions of votes.
        wanted = np.arange(0, self.n_votes + BLOCK, BLOCK)
        cut = np.minimum(np.searchsorted(self.indptr, wanted), self.n_participants)
        return [(a, b) for a, b in pairwise(cut.tolist()) if b > a]

    def _cells(self, start: int, stop: int, label: NDArray[np.int64] | None) -> NDArray[np.int64]:
        part = slice(self.indptr[start], self.indptr[stop])
        cell = self.statement[part].astype(np.int64)
        if label is None:
            return cell * 3 + (self.vote[part] + 1)
        of_vote = np.repeat(label[start:stop], np.diff(self.indptr[start : stop + 1]))
        cells: NDArray[np.int64] = (of_vote * self.n_statements + cell) * 3
        cells += self.vote[part] + 1
        return cells[of_vote >= 0]


def _index(values: ArrayLike) -> NDArray[np.integer]:
    index = np.asarray(values)
    return index if index.dtype.kind in "iu" else index.astype(np.int64)


def _vote_values(values: NDArray[np.generic]) -> NDArray[np.int8]:
    known = values.dtype.kind in "iu" or bool(np.isin(values, (DISAGREE, PASS, AGREE)).all())
    if len(values) and not (known and values.min() >= DISAGREE and values.max() <= AGREE):
        msg = "a vote is -1, 0 or 1"
        raise ValueError(msg)
    return values.astype(np.int8)


def _is_sorted(rows: NDArray[np.integer], columns: NDArray[np.integer]) -> bool:
    same = rows[1:] == rows[:-1]
    rising = (rows[1:] > rows[:-1]) | (same & (columns[1:] > columns[:-1]))
    return bool(rising.all())


def _sorted_columns(
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    values: NDArray[np.int8],
    shape: tuple[int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]]:
    # Two stable counting sorts, by statement and then by participant: linear in the number of
    # events, where comparing 64-bit cells is not. The first is the transposition of a matrix
    # with one event in each column.
    from scipy.sparse import csc_array, csr_array

    n_participants, n_statements = shape
    n_events = len(rows)
    single = csc_array(
        (values, columns.astype(np.int32), np.arange(n_events + 1, dtype=np.int32)),
        shape=(n_statements, n_events),
    )
    by_statement = single.tocsr()
    people = rows.astype(np.int32, copy=False)[by_statement.indices]
    by_person = csr_array(
        (by_statement.data, people, by_statement.indptr), shape=(n_statements, n_participants)
    ).tocsc()
    indptr = by_person.indptr.astype(np.int64)
    statement, vote = by_person.indices, by_person.data
    last = np.ones(n_events, np.bool_)
    last[:-1] = statement[1:] != statement[:-1]
    last[indptr[1:][indptr[1:] > 0] - 1] = True
    if not last.all():
        before = np.concatenate(([0], np.cumsum(last, dtype=np.int64)))
        indptr, statement, vote = before[indptr], statement[last], vote[last]
    return indptr, statement, vote


def _check_range(index: NDArray[np.integer], size: int, name: str) -> None:
    if len(index) and (index.min() < 0 or index.max() >= size):
        msg = f"{name} index outside 0 … {size - 1}"
        raise ValueError(msg)
