"""The cheapest way to match few groups with few names."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from math import perm
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_WAYS = 5_040


def cheapest_matching(
    cost: NDArray[np.number],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Match rows with columns, each at most once, so that the sum of costs is smallest.

    Parameters
    ----------
    cost : ndarray of shape (R, C)
        What each pair costs, finite.

    Returns
    -------
    row, column : ndarray of shape (min(R, C),)
        Rows increase.

    Notes
    -----
    Up to 5,040 ways (seven by seven) are simply tried, and the first of equally good ones counts:
    groups are few, and importing a general method takes longer than most analyses. More are left
    to it.

    References
    ----------
    Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research Logistics
    Quarterly 2.

    Examples
    --------
    >>> import numpy as np
    >>> row, column = cheapest_matching(np.array([[4, 1, 3], [2, 0, 5]]))
    >>> column.tolist()
    [1, 0]
    """
    rows, columns = cost.shape
    if rows > columns:
        column, row = cheapest_matching(cost.T)
        order = np.argsort(row)
        return row[order], column[order]
    if perm(columns, rows) > MOST_WAYS:
        from scipy.optimize import linear_sum_assignment

        row, column = linear_sum_assignment(cost)
        return row, column
    way = _ways(columns, rows)
    row = np.arange(rows)
    return row, way[cost[row, way].sum(axis=1).argmin()]


@cache
def _ways(columns: int, rows: int) -> NDArray[np.intp]:
    """Every choice of different columns for the rows; shape (ways, rows)."""
    way = np.array(list(permutations(range(columns), rows)), np.intp)
    return way.reshape(perm(columns, rows), rows)
