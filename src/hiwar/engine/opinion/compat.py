"""Groups as the best-known system makes them, by base clusters in order of arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.clustering import best_starts, lloyd, nearest
from hiwar.engine.opinion.grouping import Grouping
from hiwar.engine.opinion.silhouette import silhouette

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Parameters


def compat_groups(
    position: NDArray[np.float64], weight: NDArray[np.float64], parameters: Parameters
) -> Grouping:
    """Group people by way of base clusters that start from the first who came.

    Parameters
    ----------
    position : ndarray of shape (M, 2)
        People in the conversation, in order of arrival.
    weight : ndarray of shape (M,)
        Weight of each, > 0.
    parameters : Parameters
        `n_base_clusters`, `max_groups`, `restarts` and `seed`.

    Returns
    -------
    Grouping
        A person belongs to the group of the base cluster they are in.

    Notes
    -----
    k-means with the first K distinct places as centres, at most 100 rounds, until every centre
    moves less than 0.01; for k = 2 … min(5, 2 + B // 12) k-means on the centres weighted by
    their members; the unweighted silhouette of the centres decides, ties to the larger k.
    Where the original makes one start that depends on its history, this takes the best of many.
    """
    base, of_base = _base_clusters(position, weight, parameters.n_base_clusters)
    mass = np.bincount(of_base, weight, len(base))
    size = np.bincount(of_base, minlength=len(base))
    order = np.lexsort((base[:, 1], base[:, 0]))
    label: dict[int, NDArray[np.intp]] = {}
    score: dict[int, float] = {}
    for k in range(2, min(parameters.max_groups, 2 + len(base) // 12, len(base)) + 1):
        centre, _ = best_starts(base[order], mass[order], k, parameters.restarts, parameters.seed)
        label[k] = nearest(base, centre[0])
        score[k] = silhouette(base, label[k])
    best = max(score, key=lambda k: (score[k], k))
    rank = _by_size(label[best], size)
    base_group = rank[label[best]]
    return Grouping(base_group[of_base], base, base_group, score, base, size, base_group)


def _base_clusters(
    position: NDArray[np.float64], weight: NDArray[np.float64], n_clusters: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    _, first = np.unique(position, axis=0, return_index=True)
    start = position[np.sort(first)[:n_clusters]]
    centre, label = lloyd(position, weight, start, steps=100, tolerance=0.01)
    used, label = np.unique(label, return_inverse=True)
    return centre[used], label


def _by_size(label: NDArray[np.intp], size: NDArray[np.int64]) -> NDArray[np.int32]:
    members = np.bincount(label, size)
    rank = np.empty(len(members), np.int32)
    rank[np.argsort(-members, kind="stable")] = np.arange(len(members), dtype=np.int32)
    return rank
