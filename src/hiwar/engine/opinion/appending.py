"""Votes that come later: merge them into the columns without sorting everything again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hiwar.engine.opinion.votes import Votes

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


def append_votes(votes: Votes, fresh: Votes) -> Votes:
    """Return the votes with newer ones added or put in the place of older ones.

    Parameters
    ----------
    votes : Votes
        N participants, C statements; not changed.
    fresh : Votes
        At least as many participants and statements; most of them without a vote.

    Returns
    -------
    Votes
        Size of `fresh`.

    Raises
    ------
    ValueError
        If `fresh` has fewer participants or statements.

    Notes
    -----
    Thinking is proportional to the votes of `fresh`; what else there is is copied in blocks.
    """
    if fresh.n_participants < votes.n_participants or fresh.n_statements < votes.n_statements:
        msg = "participants and statements never become fewer"
        raise ValueError(msg)
    grown = np.full(fresh.n_participants + 1, votes.n_votes, np.int64)
    grown[: len(votes.indptr)] = votes.indptr
    changed = np.flatnonzero(np.diff(fresh.indptr))
    cut = [0]
    statement: list[NDArray[np.int32]] = []
    vote: list[NDArray[np.int8]] = []
    added = np.zeros(fresh.n_participants + 1, np.int64)
    for row in changed.tolist():
        old, new = slice(*grown[row : row + 2]), slice(*fresh.indptr[row : row + 2])
        what = np.concatenate((votes.statement[old], fresh.statement[new]))
        last = len(what) - 1 - np.unique(what[::-1], return_index=True)[1]
        statement.append(what[last])
        vote.append(np.concatenate((votes.vote[old], fresh.vote[new]))[last])
        added[row + 1] = len(last) - (old.stop - old.start)
        cut += [int(old.start), int(old.stop)]
    cut.append(votes.n_votes)
    kept = [slice(a, b) for a, b in list(pairwise(cut))[::2]]
    merged = _woven(votes.statement, kept, statement)
    values = _woven(votes.vote, kept, vote)
    return Votes(grown + np.cumsum(added), merged, values, fresh.n_statements)


def _woven(old: NDArray[Scalar], kept: list[slice], rows: list[NDArray[Scalar]]) -> NDArray[Scalar]:
    parts = [old[kept[0]]]
    for row, block in zip(rows, kept[1:], strict=True):
        parts += [row, old[block]]
    return np.concatenate(parts)
