"""Many tests at once: control of the share of false discoveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return for each test the smallest false discovery rate at which it would be kept.

    Parameters
    ----------
    p_values : array_like of any shape
        p-values in [0, 1]; nan for a test that was not made.

    Returns
    -------
    ndarray of the same shape
        Values in [0, 1], never below the p-value; nan stays nan and is not counted.

    Notes
    -----
    q₍ᵢ₎ = min over j >= i of m p₍ⱼ₎ / j, for the m tests in increasing order. Keeping those
    with q <= r means that, on average, at most the share r of what is kept is false. This
    holds for independent tests and for tests that are positively dependent.

    References
    ----------
    Benjamini, Hochberg (1995), Controlling the false discovery rate, JRSS B 57, 289-300.
    Benjamini, Yekutieli (2001), The control of the false discovery rate in multiple
    testing under dependency, Annals of Statistics 29, 1165-1188.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(p_values, dtype=np.float64)
    q = np.full(p.shape, np.nan)
    is_present = ~np.isnan(p)
    values = p[is_present]
    order = np.argsort(values, kind="stable")
    rank = np.arange(1, len(values) + 1)
    stepped = np.minimum.accumulate((values[order] * (len(values) / rank))[::-1])[::-1]
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(stepped, 1.0)
    q[is_present] = adjusted
    return q
