"""How well groups of base clusters are set apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def silhouette(
    point: NDArray[np.float64],
    label: NDArray[np.integer],
    count: NDArray[np.float64] | None = None,
) -> float:
    """Return the mean silhouette of labelled points.

    Parameters
    ----------
    point : ndarray of shape (B, D)
        Base clusters, not people: the cost is quadratic in B.
    label : ndarray of shape (B,)
        Group of each, 0 … G - 1.
    count : ndarray of shape (B,), optional
        People that each point stands for; without it every point counts as one.

    Returns
    -------
    float
        In [-1, 1]; 0 where there are fewer than two groups.

    Notes
    -----
    ``s = (b - a) / max(a, b)`` with ``a`` the mean distance to the others of the own group and
    ``b`` the smallest mean distance to another group; 0 for somebody alone in a group. With
    counts, people of one base cluster are taken to stand at its centre, so that the result is
    the silhouette over people: one far-off person weighs as one.

    References
    ----------
    Rousseeuw, P. J. (1987). Silhouettes. Journal of Computational and Applied Mathematics 20.
    """
    present = np.array(sorted(set(label.tolist())))
    if len(present) < 2:
        return 0.0
    people = np.ones(len(point)) if count is None else np.asarray(count, np.float64)
    member = (label[:, None] == present) * people[:, None]
    size = member.sum(axis=0)
    total = _distances(point) @ member
    own = label[:, None] == present
    others = np.maximum(size[None, :] - 1.0, 0.0)
    within = np.where(own, total, 0.0).sum(axis=1)
    alone = (others * own).sum(axis=1) <= 0.0
    a = within / np.where(alone, 1.0, (others * own).sum(axis=1))
    b = np.where(own, np.inf, total / size).min(axis=1)
    larger = np.maximum(a, b)
    score = np.where(alone | (larger == 0.0), 0.0, (b - a) / np.where(larger == 0.0, 1.0, larger))
    return float(score @ people / people.sum())


def _distances(point: NDArray[np.float64]) -> NDArray[np.float64]:
    # Loading the library that has this takes longer than most analyses.
    square = np.zeros((len(point), len(point)))
    for axis in point.T:
        away = axis[:, None] - axis
        square += away * away
    return np.sqrt(square)
