"""Quantiles, without the masked arrays that the library loads for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def quantiles(values: NDArray[np.floating], shares: ArrayLike) -> NDArray[np.float64]:
    """Return quantiles along the first axis, between neighbours in proportion.

    Parameters
    ----------
    values : ndarray of shape (n, ...)
        At least one, all finite.
    shares : array_like of shape (q,)
        Each in [0, 1].

    Returns
    -------
    ndarray of shape (q, ...)

    Examples
    --------
    >>> quantiles(np.array([4.0, 1.0, 2.0]), [0.0, 0.25, 1.0]).tolist()
    [1.0, 1.5, 4.0]
    """
    ordered = np.sort(np.asarray(values, np.float64), axis=0)
    at = np.asarray(shares, np.float64) * (len(ordered) - 1)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    part = (at - below).reshape(-1, *[1] * (ordered.ndim - 1))
    between: NDArray[np.float64] = ordered[below] + part * (ordered[above] - ordered[below])
    return between
