"""Tests of one share against one half, and of two shares against each other.

Each comes in two forms. The *smoothed* form adds one to every count and is what the
best-known system computes; the plain form is what Hiwar's own mode uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z_90 = 1.2815515655446004
"""One-sided 90 % point of the normal distribution."""


def smoothed_share(successes: ArrayLike, trials: ArrayLike) -> NDArray[np.float64]:
    """Return (successes + 1) / (trials + 2), in (0, 1); one half where nothing is known.

    Examples
    --------
    >>> smoothed_share([47, 0], [64, 0]).round(4).tolist()
    [0.7273, 0.5]
    """
    share: NDArray[np.float64] = _real(successes, 1) / _real(trials, 2)
    return share


def smoothed_against_half(successes: ArrayLike, trials: ArrayLike) -> NDArray[np.float64]:
    """Return z = 2 √(S + 1) ((A + 1) / (S + 1) - ½) for A of S; 1 where S = 0.

    Examples
    --------
    >>> smoothed_against_half([47], [64]).round(4).tolist()
    [3.8451]
    """
    n = _real(trials, 1)
    z: NDArray[np.float64] = 2 * np.sqrt(n) * (_real(successes, 1) / n - 0.5)
    return z


def against_half(successes: ArrayLike, trials: ArrayLike) -> NDArray[np.float64]:
    """Return z = (2A - S) / √S for A of S; 0 where S = 0.

    It exceeds the normal quantile of a level exactly where the lower Wilson bound of that
    level exceeds one half.

    Examples
    --------
    >>> against_half([47], [64]).round(4).tolist()
    [3.75]
    """
    n = _real(trials)
    z: NDArray[np.float64] = (2 * _real(successes) - n) / np.sqrt(np.maximum(n, 1.0))
    return z


def smoothed_of_two(
    first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike]
) -> NDArray[np.float64]:
    """Return the pooled z of two shares after adding one to all four counts.

    Parameters
    ----------
    first, second : tuple of array_like
        (successes, trials) of the two samples, of one shape.

    Returns
    -------
    ndarray of that shape
        Positive where the first share is larger; 0 where all succeed.

    Notes
    -----
    (p₁ - p₂) / √(p (1 - p) (1/n₁ + 1/n₂)) with p₁ = (A₁ + 1)/(S₁ + 1), n₁ = S₁ + 1, the
    same for the second, and p pooled. Adding one to the successes and only one to the trials
    pushes small samples upwards: see `docs/engine/representative-statements.md`.

    Examples
    --------
    >>> smoothed_of_two(([47], [64]), ([31], [263])).round(2).tolist()
    [10.39]
    """
    return _pooled_z(first, second, added=1, correction=0.0)


def of_two(
    first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike]
) -> NDArray[np.float64]:
    """Return the pooled z of two shares with continuity correction.

    Parameters
    ----------
    first, second : tuple of array_like
        (successes, trials) of the two samples, of one shape.

    Returns
    -------
    ndarray of that shape
        Positive where the first share is larger; 0 where the shares differ by less than the
        correction, where a sample is empty and where all votes are alike.

    Notes
    -----
    (|p₁ - p₂| - ½ (1/n₁ + 1/n₂)) / √(p (1 - p) (1/n₁ + 1/n₂)), not below 0, with the sign
    of p₁ - p₂. The correction keeps the test close to Fisher's exact test.

    References
    ----------
    Yates (1934), Contingency tables involving small numbers and the χ² test,
    Supplement to JRSS 1, 217-235.

    Examples
    --------
    >>> of_two(([47], [64]), ([31], [263])).round(2).tolist()
    [10.21]
    """
    return _pooled_z(first, second, added=0, correction=0.5)


def _pooled_z(
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    added: int,
    correction: float,
) -> NDArray[np.float64]:
    a1, n1, a2, n2 = (_real(part, added) for part in (*first, *second))
    known = (n1 > 0) & (n2 > 0)
    m1, m2 = np.where(known, n1, 1.0), np.where(known, n2, 1.0)
    pooled = (a1 + a2) / (m1 + m2)
    per_vote = 1 / m1 + 1 / m2
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 0.0) * per_vote)
    d = a1 / m1 - a2 / m2
    size = np.maximum(np.abs(d) - correction * per_vote, 0.0)
    z = np.zeros(d.shape)
    np.divide(np.copysign(size, d), error, out=z, where=known & (error > 0))
    return z


def _real(counts: ArrayLike, added: int = 0) -> NDArray[np.float64]:
    return np.asarray(counts, dtype=np.float64) + added
