"""Positions that say what somebody voted, not how much."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import OpinionMapResult
    from hiwar.engine.opinion.votes import Moderation, Votes


BLOCK = 1 << 18


def corrected_position(
    votes: Votes, moderation: Moderation, result: OpinionMapResult
) -> NDArray[np.float64]:
    """Place everybody where their votes point, whatever their number.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    moderation : Moderation
        The same that `result` was fitted with.
    result : OpinionMapResult
        Components and means.

    Returns
    -------
    ndarray of shape (N, 2)
        Map units of somebody who voted on everything; (0, 0) without a live vote.

    Notes
    -----
    A ridge for each axis, and then everybody gets the same expected distance: with ``V_i`` the
    loadings of the statements that i voted on, ``f_i = (V_i' V_i + diag(s² / t²))^-1 V_i' r_i`` is
    the best guess of scores with variance ``t²`` under noise ``s²`` in each vote. A guess from few
    votes is drawn to the middle: its variance is only ``t² q / (q + s² / t²)``, where ``q_ik`` is
    the sum of squared loadings; dividing by the root of that share takes the number of votes out
    of the distance again. ``t²`` is what noise leaves of the variance of the scores:
    ``t_k² = (sum_i raw_ik² - s² sum_i q_ik) / sum_i q_ik²``. Votes are taken as missing at random
    given the map.

    References
    ----------
    Robinson, G. K. (1991). That BLUP is a good thing. Statistical Science 6.
    """
    if votes.n_votes == 0 or not result.component.any():
        return np.zeros((votes.n_participants, 2))
    raw = np.empty((votes.n_participants, 2))
    square = np.empty((votes.n_participants, 3))
    total, counted = 0.0, 0
    for first, last in _blocks(votes):
        spread, live = _project(votes, moderation, result, (first, last), (raw, square))
        total += spread
        counted += live
    noise = _noise(total, raw, counted)
    ridge = noise / _signal(raw, square[:, :2], noise)
    a, b, c = square[:, 0] + ridge[0], square[:, 1] + ridge[1], square[:, 2]
    determinant = a * b - c * c
    score = np.stack((b * raw[:, 0] - c * raw[:, 1], a * raw[:, 1] - c * raw[:, 0]), axis=1)
    safe = np.where(determinant > 0.0, determinant, 1.0)[:, None]
    share = square[:, :2] / (square[:, :2] + ridge)
    reach = np.sqrt(np.where(share > 0.0, share, 1.0)) * safe
    corrected: NDArray[np.float64] = score / reach * (determinant > 0.0)[:, None]
    return corrected


def _blocks(votes: Votes) -> Iterator[tuple[int, int]]:
    """Yield stretches of participants with about as many votes as fit the cache."""
    edges = np.searchsorted(votes.indptr, np.arange(0, votes.n_votes, BLOCK), side="left")
    yield from pairwise(sorted({0, *edges.tolist(), votes.n_participants}))


def _project(
    votes: Votes,
    moderation: Moderation,
    result: OpinionMapResult,
    stretch: tuple[int, int],
    into: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[float, int]:
    """Fill raw scores and squared loadings of a stretch; return its squared sum and live votes."""
    first, last = stretch
    part = slice(votes.indptr[first], votes.indptr[last])
    statement = votes.statement[part]
    # The shown map's means may be weighted; deviations are taken from those.
    deviation = np.array([-1.0, 0.0, 1.0]) - result.mean[:, None]
    deviation[moderation.out] = 0.0
    cell = statement * np.int32(3)
    cell += votes.vote[part]
    cell += np.int32(1)
    value = deviation.ravel()[cell]
    live = len(value)
    if moderation.out.any():
        live -= int(moderation.out[statement].sum())
    indptr = votes.indptr[first : last + 1] - votes.indptr[first]
    shape = (last - first, votes.n_statements)
    axis, other = result.component
    loading = np.stack((axis, other), axis=1)
    squares = np.stack((axis**2, other**2, axis * other), axis=1)
    raw, square = into
    raw[first:last] = Rows(value, statement, indptr, shape).product @ loading
    ones = np.ones(len(value))
    square[first:last] = Rows(ones, statement, indptr, shape).product @ squares
    return float(value @ value), live


def _noise(total: float, raw: NDArray[np.float64], n_votes: int) -> float:
    left = total - float((raw**2).sum()) / max(len(raw), 1)
    return max(left / max(n_votes, 1), 1e-6)


def _signal(
    raw: NDArray[np.float64], square: NDArray[np.float64], noise: float
) -> NDArray[np.float64]:
    left = (raw**2).sum(axis=0) - noise * square.sum(axis=0)
    total = (square**2).sum(axis=0)
    towards = left / np.where(total > 0.0, total, 1.0)
    signal: NDArray[np.float64] = np.maximum(towards, 1e-3 * noise)
    return signal
