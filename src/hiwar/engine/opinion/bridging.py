"""Common ground without groups: what finds support all along the main line of difference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.quantiles import quantiles
from hiwar.engine.opinion.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.votes import Votes

POINTS_PER_SIDE = 25
BANDWIDTH = 0.5
PRIOR_VOTES = 4.0
PRIOR_SUPPORT = 0.25
SMALLEST_SIDE = 0.10
TAIL = 0.025
_BINS = 100
_PSEUDO_VOTES = 3.0
_MAX_ROUNDS = 200
_LARGE = 5_000_000
_START_VOTES = 1_000_000
_FEW = 200_000


@dataclass(frozen=True, eq=False)
class _Matrices:
    """Votes as matrices (N, C): the vote less the mean, and a one where one was cast."""

    residual: Rows
    voted: Rows
    seen: NDArray[np.floating]
    mean: NDArray[np.floating]


def bridging_score(votes: Votes, out: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how far each statement is supported all along the main line of difference.

    Parameters
    ----------
    votes : Votes
        Votes of all participants, whether or not they are in a group.
    out : ndarray of shape (C,), bool
        Statements that have no say in what the main line of difference is. They have a
        score of their own all the same.

    Returns
    -------
    ndarray of shape (C,)
        In (0, 1); nan for a statement without a vote.

    Notes
    -----
    Everybody has a viewpoint f on the line (see `viewpoints`). With agree 1, pass ½ and
    disagree 0 as support s, the support for a statement at a point t of the line is

    q(t) = (Σ K(f_i - t) s_i + τπ) / (Σ K(f_i - t) + τ),  K(d) = exp(-d² / 2h²), h = ½,

    summed over those who voted on it, with a prior of τ = 4 votes of which π = ¼ support.
    The score is the geometric mean of q over 25 equally spaced points on each side of the
    middle, from the 2.5th to the 97.5th percentile of the viewpoints. So it is high only
    where support is high everywhere, and sides count alike whatever their size. The
    middle is 0, moved if need be so that each side holds a tenth of the people.

    With n votes no q, and so no score, exceeds (n + 1)/(n + 4): ½ with two votes.

    People are put into 100 classes of equal size by viewpoint before smoothing, which makes
    the cost linear in the number of votes. The order of people, statements and votes plays
    no part beyond rounding. Only one line is seen: a second line of difference is averaged over.

    References
    ----------
    Community Notes, Note ranking algorithm, one-factor model and the model with kernel-smoothed
    approval on both sides of the factor (communitynotes.x.com/guide). Wojcik et al. (2022),
    Birdwatch: crowd wisdom and bridging algorithms, arXiv 2210.15723.

    Examples
    --------
    >>> from hiwar.engine.opinion.votes import Votes
    >>> left, right = [[1, 1, -1]] * 10, [[1, -1, 1]] * 10
    >>> everybody = Votes.from_dense(left + right)
    >>> bridging_score(everybody, np.zeros(3, bool)).round(2).tolist()
    [0.69, 0.28, 0.28]
    """
    matrices = _matrices(votes)
    score = np.full(votes.n_statements, np.nan)
    if votes.n_votes:
        seen = matrices.seen > 0
        score[seen] = _support_along(votes, _viewpoints(matrices, out))[seen]
    return score


def viewpoints(votes: Votes, out: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Place each participant on the main line of difference.

    Parameters
    ----------
    votes : Votes
        Votes of all participants.
    out : ndarray of shape (C,), bool
        Statements that are left out.

    Returns
    -------
    ndarray of shape (N,)
        Zero is the average viewpoint, one the root mean square; 0 for somebody without a
        vote, and for everybody when nobody differs. Which end is positive is arbitrary.

    Notes
    -----
    One factor, x_ij - m_j ≈ f_i·v_j over the votes that were cast, with m_j the mean vote, fitted
    by alternating ridge regressions: v_j = Σ r f / (Σ f² + 3), f_i = Σ r v / (Σ v² + 3 v̄²),
    f scaled to root mean square 1 and v̄² the mean of v². So everybody starts with three votes
    in the middle, and somebody with few votes stays near it. The start is the statement with
    most disagreement; it stops when the direction of v no longer moves.
    """
    if not votes.n_votes:
        return np.zeros(votes.n_participants)
    return _viewpoints(_matrices(votes), out).astype(np.float64)


def _matrices(votes: Votes) -> _Matrices:
    # Half the memory where it matters; sums of so many votes do not need the last digits.
    kind = np.float32 if votes.n_votes > _LARGE else np.float64
    shape = votes.n_participants, votes.n_statements
    places = votes.statement, votes.indptr
    voted = Rows(np.ones(votes.n_votes, kind), *places, shape)
    tally = votes.tally()
    seen = tally.seen[0].astype(kind)
    mean = (tally.agree - tally.disagree)[0].astype(kind) / np.maximum(seen, 1)
    residual: NDArray[np.floating] = votes.vote.astype(kind)
    residual -= mean[votes.statement]
    return _Matrices(Rows(residual, *places, shape), voted, seen, mean)


def _viewpoints(matrices: _Matrices, out: NDArray[np.bool_]) -> NDArray[np.floating]:
    live = ~out & (matrices.seen > 0)
    loading = np.zeros_like(matrices.mean)
    contested = np.where(live, matrices.seen * (1 - matrices.mean**2), -1.0)
    loading[np.argmax(contested)] = live.any()
    if matrices.voted.nnz > _LARGE:
        # The answer is that of everybody; the busiest only bring the start close to it.
        loading = _fitted(_of_busiest(matrices), loading, live)
    return _line(matrices, _fitted(matrices, loading, live), live)


def _fitted(
    matrices: _Matrices, loading: NDArray[np.floating], live: NDArray[np.bool_]
) -> NDArray[np.floating]:
    """Return the loadings of the factor, found from those given."""
    # Few votes may hold two statements that are equally contested: then the answer must not
    # depend on which of them was the start, and more rounds cost nothing.
    tolerance = 1e-12 if matrices.voted.nnz < _FEW else 1e-6
    for _ in range(_MAX_ROUNDS):
        line = _line(matrices, loading, live)
        weight = matrices.voted.product.T @ line**2 + _PSEUDO_VOTES
        fitted = np.where(live, (matrices.residual.product.T @ line) / weight, 0)
        both = float(fitted @ fitted) * float(loading @ loading)
        turned = float(fitted @ loading) ** 2
        loading = fitted
        if turned >= (1 - tolerance) * both:
            break
    return loading


def _line(
    matrices: _Matrices, loading: NDArray[np.floating], live: NDArray[np.bool_]
) -> NDArray[np.floating]:
    """Return everybody's place on the factor with these loadings."""
    size = float(loading @ loading)
    if size == 0:
        return np.zeros(matrices.voted.shape[0], matrices.voted.data.dtype)
    prior = _PSEUDO_VOTES * size / int(np.count_nonzero(live))
    line = (matrices.residual.product @ loading) / (matrices.voted.product @ loading**2 + prior)
    spread = np.sqrt(np.mean(line[_voters(matrices)] ** 2))
    scaled: NDArray[np.floating] = line / spread if spread > 0 else line
    return scaled


def _of_busiest(matrices: _Matrices) -> _Matrices:
    """Return the rows with most votes, ties together, up to a million votes in all."""
    votes = np.diff(matrices.voted.indptr)
    by_number = np.bincount(votes) * np.arange(votes.max() + 1)
    from_above = np.cumsum(by_number[::-1])[::-1]
    least = int(np.argmax(from_above <= _START_VOTES))
    rows = np.flatnonzero(votes >= max(least, 1))
    return replace(matrices, residual=matrices.residual.take(rows), voted=matrices.voted.take(rows))


def _voters(matrices: _Matrices) -> NDArray[np.bool_]:
    voters: NDArray[np.bool_] = np.diff(matrices.voted.indptr) > 0
    return voters


def _support_along(votes: Votes, line: NDArray[np.floating]) -> NDArray[np.float64]:
    voted = votes.votes_per_participant > 0
    f = line[voted].astype(np.float64)
    edges = quantiles(f, np.arange(1, _BINS) / _BINS)
    label = np.searchsorted(edges, f, side="right")
    size = np.bincount(label, minlength=_BINS)
    place = np.bincount(label, f, minlength=_BINS) / np.maximum(size, 1)
    of_person = np.full(votes.n_participants, -1, np.int64)
    of_person[voted] = label
    tally = votes.tally(of_person, _BINS)
    seen = tally.seen.astype(np.float64)
    net = (tally.agree - tally.disagree).astype(np.float64)
    kernel = np.exp(-0.5 * ((_points(f)[:, None] - place) / BANDWIDTH) ** 2)
    support = kernel @ ((net + seen) / 2) + PRIOR_VOTES * PRIOR_SUPPORT
    rate = support / (kernel @ seen + PRIOR_VOTES)
    score: NDArray[np.float64] = np.exp(np.log(rate).mean(axis=0))
    return score


def _points(f: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points of the line at which support is asked for."""
    first, low, high, last = quantiles(f, [TAIL, SMALLEST_SIDE, 1 - SMALLEST_SIDE, 1 - TAIL])
    middle = np.clip(0.0, low, high)
    return np.concatenate(
        [
            np.linspace(first, middle, POINTS_PER_SIDE, endpoint=False),
            np.linspace(last, middle, POINTS_PER_SIDE, endpoint=False),
        ]
    )
