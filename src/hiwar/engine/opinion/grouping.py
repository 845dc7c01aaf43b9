"""From positions to groups: base clusters, k-means over them, the number of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.clustering import (
    best_starts,
    lloyd,
    nearest,
    split_start,
    weighted_cells,
)
from hiwar.engine.opinion.silhouette import silhouette

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Parameters

    Partition = tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups of the people that were given, and the base clusters they consist of.

    Attributes
    ----------
    label : ndarray of shape (M,), int32
        Group of each person, 0 … G - 1, largest group first; -1 when no groups are found.
    centre : ndarray of shape (G or B, D)
        What people were assigned by; empty when no number of groups leaves every group large
        enough. D is the number of axes that were used.
    centre_group : ndarray of shape (len(centre),), int32
        Group that each of these centres belongs to.
    silhouette : mapping of int to float
        Of each number of groups tried.
    base_centre, base_size, base_group : ndarray of shape (B, 2), (B,) and (B,)
        Base clusters; each lies within one group.
    """

    label: NDArray[np.int32]
    centre: NDArray[np.float64]
    centre_group: NDArray[np.int32]
    silhouette: Mapping[int, float]
    base_centre: NDArray[np.float64]
    base_size: NDArray[np.int64]
    base_group: NDArray[np.int32]


def find_groups(
    position: NDArray[np.float64],
    weight: NDArray[np.float64],
    parameters: Parameters,
    n_axes: int = 2,
) -> Grouping:
    """Find the number of groups that sets people apart best, and the groups.

    Parameters
    ----------
    position : ndarray of shape (M, 2)
        Map units.
    weight : ndarray of shape (M,)
        Weight of each, > 0.
    parameters : Parameters
        Sizes, restarts and seed.
    n_axes : int
        Axes that say more than chance; the groups are looked for along these alone.

    Returns
    -------
    Grouping
        Groups are Voronoi cells of their centres.

    Notes
    -----
    At most `n_base_clusters` base clusters are made by k-means. For every number of groups up
    to `max_groups` weighted k-means runs over them from many starts, the best resting place
    that leaves no group under `min_group_size` people is refined over everybody, and the
    silhouette over people decides (the smaller number where equal).
    """
    centre, mass, cell = weighted_cells(position[:, :n_axes], weight)
    people = np.bincount(cell, minlength=len(mass))
    start = split_start(centre, mass, parameters.n_base_clusters)
    base_centre, of_cell = lloyd(centre, mass, start, tolerance=1e-3)
    base_centre, of_cell = _drop_empty(base_centre, of_cell)
    base_mass = np.bincount(of_cell, mass, len(base_centre))
    base_people = np.bincount(of_cell, people, len(base_centre))
    found: dict[int, Partition] = {}
    score: dict[int, float] = {}
    for k in range(2, min(parameters.max_groups, len(base_centre)) + 1):
        partition = _partition(centre, mass, people, (base_centre, base_mass), (k, parameters))
        if partition is not None:
            found[k] = partition
            score[k] = silhouette(base_centre, nearest(base_centre, partition[0]), base_people)
    if not score:
        return _no_groups(position, of_cell[cell])
    best = max(score, key=lambda k: (score[k], -k))
    return _describe(position, cell, found[best], of_cell, score)


def _partition(
    centre: NDArray[np.float64],
    mass: NDArray[np.float64],
    people: NDArray[np.intp],
    base: tuple[NDArray[np.float64], NDArray[np.float64]],
    how: tuple[int, Parameters],
) -> Partition | None:
    k, parameters = how
    if len(base[0]) < k:
        return None
    starts, inertia = best_starts(*base, k, parameters.restarts, parameters.seed)
    tried: list[float] = []
    for start, value in zip(starts, inertia.tolist(), strict=True):
        if any(abs(value - other) <= 1e-9 * value for other in tried):
            continue
        tried.append(value)
        refined, label = lloyd(centre, mass, start)
        size = np.bincount(label, people, k)
        if size.min() >= parameters.min_group_size:
            return refined, label, size.astype(np.intp)
        if len(tried) == 5:
            break
    return None


def _describe(
    position: NDArray[np.float64],
    cell: NDArray[np.intp],
    partition: Partition,
    of_cell: NDArray[np.intp],
    score: Mapping[int, float],
) -> Grouping:
    centre, label, size = partition
    order = np.lexsort((*centre.T[::-1], -size))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    group = rank[label][cell]
    # A base cluster on a border is cut in two, so that each lies within one group.
    pair = of_cell[cell] * len(order) + group
    number, base_of = np.unique(pair, return_inverse=True)
    base_centre, base_size = _summary(position, base_of)
    base_group = (number % len(order)).astype(np.int32)
    numbers = np.arange(len(order), dtype=np.int32)
    return Grouping(group, centre[order], numbers, dict(score), base_centre, base_size, base_group)


def _no_groups(position: NDArray[np.float64], base_of: NDArray[np.intp]) -> Grouping:
    base_centre, base_size = _summary(position, base_of)
    none = np.full(len(base_size), -1, np.int32)
    label = np.full(len(position), -1, np.int32)
    nobody = np.empty(0, np.int32)
    return Grouping(label, np.empty((0, 2)), nobody, {}, base_centre, base_size, none)


def _summary(
    position: NDArray[np.float64], base_of: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    size = np.bincount(base_of)
    centre = np.stack([np.bincount(base_of, column) / size for column in position.T], axis=1)
    return centre, size


def _drop_empty(
    centre: NDArray[np.float64], label: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    used, label = np.unique(label, return_inverse=True)
    return centre[used], label
