"""What somebody who holds a table with hidden cells can work out about them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def feasible_interval(
    table: NDArray[np.int64], hidden: NDArray[np.bool_], cell: tuple[int, ...]
) -> tuple[float, float]:
    """Return the smallest and largest value that a hidden cell can have.

    Parameters
    ----------
    table : ndarray of shape (d_1 + 1, …, d_n + 1)
        Counts with totals at the last place of every axis. The values of hidden cells are not
        used.
    hidden : ndarray of the same shape, bool
        Cells that are not shown.
    cell : tuple of int
        Place of the cell that is attacked.

    Returns
    -------
    low, high : float
        Whole numbers, low <= high, high infinite where nothing bounds it; twice the
        value itself for a cell that is shown.

    Notes
    -----
    Minimises and maximises the cell over all tables of whole numbers >= 0 whose shown cells are
    those shown and whose totals are sums. With two axes the constraints are those of a flow in a
    network, so the bounds of the linear programme are whole numbers already; with three or more
    they need not be and an integer programme is solved.

    References
    ----------
    Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, section 5.3 (auditing).
    """
    if not hidden[cell]:
        return float(table[cell]), float(table[cell])
    matrix, right = _equations(table, hidden)
    number = np.cumsum(hidden.ravel()).reshape(hidden.shape) - 1
    goal = np.zeros(int(hidden.sum()))
    goal[number[cell]] = 1
    low = _extreme(matrix, right, goal, whole=table.ndim > 2)
    return low, -_extreme(matrix, right, -goal, whole=table.ndim > 2)


def feasible_intervals(
    table: NDArray[np.int64], hidden: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the smallest and largest value that each cell can have.

    Parameters
    ----------
    table, hidden : ndarray of shape (d_1 + 1, …, d_n + 1)
        As for `feasible_interval`.

    Returns
    -------
    low, high : ndarray of the same shape
        The value itself where a cell is shown.

    Examples
    --------
    >>> from hiwar.engine.inclusion.disclosure import with_totals
    >>> table = with_totals([[3, 20], [25, 40]])
    >>> hidden = np.zeros((3, 3), bool)
    >>> hidden[:2, :2] = True
    >>> low, high = feasible_intervals(table, hidden)
    >>> low[0, 0], high[0, 0]
    (np.float64(0.0), np.float64(23.0))
    """
    low, high = table.astype(np.float64), table.astype(np.float64)
    for place in np.argwhere(hidden).tolist():
        cell = tuple(place)
        low[cell], high[cell] = feasible_interval(table, hidden, cell)
    return low, high


def _equations(
    table: NDArray[np.int64], hidden: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Write down every sum in which a hidden cell takes part."""
    number = np.cumsum(hidden.ravel()).reshape(hidden.shape) - 1
    rows, right = [], []
    for axis, length in enumerate(table.shape):
        sign = np.ones(length)
        sign[-1] = -1
        others = [range(n) for a, n in enumerate(table.shape) if a != axis]
        for place in product(*others):
            line: tuple[int | slice, ...] = (*place[:axis], slice(None), *place[axis:])
            unknown = hidden[line]
            if unknown.any():
                row = np.zeros(int(hidden.sum()))
                row[number[line][unknown]] = sign[unknown]
                rows.append(row)
                right.append(-(sign[~unknown] @ table[line][~unknown]))
    return np.array(rows), np.array(right, np.float64)


def _extreme(
    matrix: NDArray[np.float64],
    right: NDArray[np.float64],
    goal: NDArray[np.float64],
    *,
    whole: bool,
) -> float:
    # Importing the solver takes longer than most analyses that never need it.
    from scipy.optimize import LinearConstraint, milp

    solution = milp(
        goal,
        constraints=LinearConstraint(matrix, right, right),
        integrality=np.full(len(goal), int(whole)),
    )
    # The true counts always fit, so without a solution nothing bounds the cell.
    return -np.inf if solution.x is None else float(np.round(goal @ solution.x))
