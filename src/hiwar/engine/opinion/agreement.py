"""How far two ways of putting the same people into groups agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def contingency(a: NDArray[np.integer], b: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count people by their label in `a` and in `b`.

    Parameters
    ----------
    a, b : ndarray of shape (n_people,)
        Labels from 0; people with a negative label in either are left out.

    Returns
    -------
    ndarray of shape (max(a) + 1, max(b) + 1), int64
        Number of people, >= 0; an axis has length 0 where no label is left.

    Raises
    ------
    ValueError
        If the two differ in length.

    Examples
    --------
    >>> import numpy as np
    >>> contingency(np.array([0, 0, 1]), np.array([1, 1, 0])).tolist()
    [[0, 2], [1, 0]]
    """
    if len(a) != len(b):
        msg = f"labels differ in length: {len(a)} and {len(b)}"
        raise ValueError(msg)
    labelled = (a >= 0) & (b >= 0)
    first, second = np.asarray(a[labelled], np.int64), np.asarray(b[labelled], np.int64)
    rows = int(first.max(initial=-1)) + 1
    columns = int(second.max(initial=-1)) + 1
    return np.bincount(first * columns + second, minlength=rows * columns).reshape(rows, columns)


def adjusted_rand_index(a: NDArray[np.integer], b: NDArray[np.integer]) -> float:
    """Return the agreement of two partitions, corrected for what chance alone would give.

    Parameters
    ----------
    a, b : ndarray of shape (n_people,)
        Labels; which number a group carries does not matter. People with a negative label
        in either are left out of both.

    Returns
    -------
    float
        In [-1, 1]: 1 for the same partition, 0 on average for labels drawn at random.
        nan when fewer than two people are labelled in both.

    Raises
    ------
    ValueError
        If the two differ in length.

    Notes
    -----
    With pairs(n) = n(n - 1)/2, I the pairs together in both, A and B the pairs together in
    each and E = A·B / pairs(N), the index is (I - E) / ((A + B)/2 - E). Where the
    denominator is 0 both partitions are one single group, or both are all singletons, and
    the index is 1.

    References
    ----------
    Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2,
    193-218, equation 5.

    Examples
    --------
    >>> import numpy as np
    >>> adjusted_rand_index(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = contingency(a, b)
    people = int(table.sum())
    if people < 2:
        return float("nan")
    together = _pairs(table)
    in_a, in_b = _pairs(table.sum(axis=1)), _pairs(table.sum(axis=0))
    expected = in_a * in_b / (people * (people - 1) / 2)
    possible = (in_a + in_b) / 2 - expected
    return 1.0 if possible == 0 else (together - expected) / possible


def _pairs(counts: NDArray[np.int64]) -> float:
    return float((counts * (counts - 1) // 2).sum())
