"""Intervals for shares and for the difference of two shares."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def wilson(
    successes: ArrayLike, trials: ArrayLike, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Wilson score interval of a share.

    Parameters
    ----------
    successes, trials : array_like of any one shape
        Counts with 0 <= successes <= trials.
    confidence : float
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    low, high : ndarray of that shape
        Bounds in [0, 1]; (0, 1), which says nothing, where there are no trials.

    Raises
    ------
    ValueError
        If the level is not in (0, 1).

    Notes
    -----
    With p = successes / trials, n = trials and z the normal quantile of the level,
    (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n). The bounds are those shares
    that a score test would not reject, so they stay inside [0, 1] and keep their level
    with few votes, where the textbook p ± z √(p(1 - p)/n) does not.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22, 209-212. Brown, Cai, DasGupta (2001), Interval estimation for a binomial
    proportion, Statistical Science 16, 101-133.

    Examples
    --------
    >>> low, high = wilson(8, 10, 0.90)
    >>> round(float(low), 4), round(float(high), 4)
    (0.5408, 0.9314)
    """
    z2 = _quantile(confidence) ** 2
    hit = np.asarray(successes, dtype=np.float64)
    n = np.asarray(trials, dtype=np.float64)
    centre = (hit + z2 / 2) / (n + z2)
    miss = np.maximum(n - hit, 0.0)
    share_left = np.divide(miss, n, out=np.zeros(np.broadcast(hit, n).shape), where=n > 0)
    half = np.sqrt(z2 * (hit * share_left + z2 / 4)) / (n + z2)
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def difference(
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    confidence: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Newcombe's interval of the difference of two shares.

    Parameters
    ----------
    first, second : tuple of array_like
        (successes, trials) of the two independent samples, of one shape.
    confidence : float
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    low, high : ndarray of that shape
        Bounds of (share of the first) - (share of the second), in [-1, 1];
        nan where one of them has no trials.

    Notes
    -----
    With d = p₁ - p₂ and (l, u) the Wilson interval of each, the bounds are
    d - √((p₁ - l₁)² + (u₂ - p₂)²) and d + √((u₁ - p₁)² + (p₂ - l₂)²).

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent
    proportions, Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> low, high = difference((56, 70), (48, 80), 0.95)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    p1, low1, high1 = _share_with_interval(first, confidence)
    p2, low2, high2 = _share_with_interval(second, confidence)
    d = p1 - p2
    low = d - np.hypot(p1 - low1, high2 - p2)
    high = d + np.hypot(high1 - p1, p2 - low2)
    return np.maximum(low, -1.0), np.minimum(high, 1.0)


def _share_with_interval(
    sample: tuple[ArrayLike, ArrayLike], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    hit, n = (np.asarray(part, dtype=np.float64) for part in sample)
    low, high = wilson(hit, n, confidence)
    return np.divide(hit, n, out=np.full(low.shape, np.nan), where=n > 0), low, high


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        msg = f"a confidence level lies between 0 and 1, not {confidence}"
        raise ValueError(msg)
    return NormalDist().inv_cdf((1 + confidence) / 2)
