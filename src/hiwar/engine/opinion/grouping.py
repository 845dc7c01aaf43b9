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
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Parameters

    Choose = Callable[[Mapping[int, float]], int]


NEARLY_EQUAL = 1e-3


@dataclass(frozen=True, eq=False)
class Base:
    """Base clusters of the people that were given.

    Attributes
    ----------
    centre : ndarray of shape (B, 2)
        Weighted means, in an order that does not depend on the input's.
    mass : ndarray of shape (B,)
        Weight of the members.
    size : ndarray of shape (B,)
        Number of members.
    of_person : ndarray of shape (M,)
        Base cluster of each person.
    """

    centre: NDArray[np.float64]
    mass: NDArray[np.float64]
    size: NDArray[np.int64]
    of_person: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups of the people that were given, and the base clusters they consist of.

    Attributes
    ----------
    label : ndarray of shape (M,), int32
        Group of each person, 0 … G - 1, largest group first; -1 when no groups are found.
    n_groups : int
        G, 0 when no number of groups leaves every group large enough.
    silhouette : mapping of int to float
        Of each number of groups tried.
    base_of_person : ndarray of shape (M,)
        Base cluster of each person; each base cluster lies within one group.
    base_group : ndarray of shape (B,), int32
        Group of each base cluster, -1 for none.
    """

    label: NDArray[np.int32]
    n_groups: int
    silhouette: Mapping[int, float]
    base_of_person: NDArray[np.intp]
    base_group: NDArray[np.int32]


def find_groups(
    position: NDArray[np.float64],
    weight: NDArray[np.float64],
    parameters: Parameters,
    choose: Choose | None = None,
) -> Grouping:
    """Find the number of groups that sets people apart best, and the groups.

    Parameters
    ----------
    position : ndarray of shape (M, 2)
        Where people stand, on axes that are stretched as they are to count.
    weight : ndarray of shape (M,)
        Weight of each, > 0.
    parameters : Parameters
        Mode, sizes, restarts and seed.
    choose : callable, optional
        Takes the silhouettes and returns the number of groups; `best_number` without it.

    Returns
    -------
    Grouping
        Independent of the order of people.

    Notes
    -----
    At most `n_base_clusters` base clusters are made by k-means. For each number of groups up to
    `max_groups` k-means runs over their centres, weighted by their members, from many starts;
    the best resting place with no group under `min_group_size` people is kept.

    Default mode: the silhouette over people decides (the smaller number where equal), and
    a group consists of whole base clusters. Compat mode: any size, at most ``2 + B // 12``
    groups, the unweighted silhouette over base clusters decides (the larger number where
    equal), and people on the border go to the nearest centre. The original starts from the
    first hundred people to arrive and keeps its history; this start does not depend on either.
    """
    base = base_clusters(position, weight, parameters.n_base_clusters)
    is_compat = parameters.mode == "compat"
    most = 2 + len(base.size) // 12 if is_compat else len(base.size)
    centre: dict[int, NDArray[np.float64]] = {}
    score: dict[int, float] = {}
    for k in range(2, min(parameters.max_groups, most, len(base.size)) + 1):
        centres = group_centres(base, k, parameters)
        if centres is not None:
            centre[k] = centres
            counted = None if is_compat else base.size.astype(np.float64)
            score[k] = silhouette(base.centre, nearest(base.centre, centres), counted)
    if not score:
        return no_groups(base)
    best = best_number(score, parameters) if choose is None else choose(score)
    return assign(position, weight, base, centre[best], score=score, refine=is_compat)


def best_number(score: Mapping[int, float], parameters: Parameters) -> int:
    """Return the number of groups with the best silhouette, ties as the mode has them."""
    prefer = 1 if parameters.mode == "compat" else -1
    return max(score, key=lambda k: (round(score[k], 12), prefer * k))


def base_clusters(
    position: NDArray[np.float64],
    weight: NDArray[np.float64],
    n_clusters: int,
    start: NDArray[np.float64] | None = None,
) -> Base:
    """Gather people into at most `n_clusters` base clusters, cold or from earlier centres."""
    place, mass, cell = weighted_cells(position, weight)
    if start is None:
        start = split_start(place, mass, n_clusters)
    centre, of_cell = lloyd(place, mass, start, steps=100, tolerance=1e-9)
    used, of_cell = np.unique(of_cell, return_inverse=True)
    centre = centre[used]
    order = np.lexsort((centre[:, 1], centre[:, 0]))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    of_person = rank[of_cell][cell]
    size = np.bincount(of_person, minlength=len(order)).astype(np.int64)
    base_mass = np.bincount(rank[of_cell], mass, len(order)).astype(np.float64, copy=False)
    return Base(centre[order], base_mass, size, of_person)


def group_centres(base: Base, k: int, parameters: Parameters) -> NDArray[np.float64] | None:
    """Return the best centres of `k` groups that are all large enough, or None.

    Resting places of k-means that are as good as equal (within a thousandth of the inertia)
    are told apart by their silhouette (default mode).
    """
    if len(base.size) < k:
        return None
    is_compat = parameters.mode == "compat"
    smallest, slack = (1, 0.0) if is_compat else (parameters.min_group_size, NEARLY_EQUAL)
    starts, inertia = best_starts(base.centre, base.mass, k, parameters.restarts, parameters.seed)
    best, best_score, limit, before = None, -np.inf, np.inf, -1.0
    for start, value in zip(starts, inertia.tolist(), strict=True):
        if value > limit:
            break
        if value - before <= 1e-9 * value:
            continue
        before = value
        label = nearest(base.centre, start)
        if np.bincount(label, base.size, k).min() < smallest:
            continue
        limit = min(limit, value * (1.0 + slack))
        score = silhouette(base.centre, label, base.size.astype(np.float64))
        if score > best_score + 1e-12:
            best, best_score = start, score
    return best


def assign(
    position: NDArray[np.float64],
    weight: NDArray[np.float64],
    base: Base,
    centre: NDArray[np.float64],
    *,
    score: Mapping[int, float],
    refine: bool,
) -> Grouping:
    """Put people into the groups of these centres, the largest group first."""
    if refine:
        centre, label = lloyd(position, weight, centre)
    else:
        label = nearest(base.centre, centre)[base.of_person]
    k = len(centre)
    size = np.bincount(label, minlength=k)
    rank = np.empty(k, np.int32)
    rank[np.lexsort((centre[:, 1], centre[:, 0], -size))] = np.arange(k, dtype=np.int32)
    group = rank[label]
    # A base cluster that a border cuts becomes two, so that each lies within one group.
    pair, base_of = np.unique(base.of_person * k + group, return_inverse=True)
    return Grouping(group, k, dict(score), base_of, (pair % k).astype(np.int32))


def no_groups(base: Base) -> Grouping:
    """Return the base clusters alone."""
    nobody = np.full(len(base.of_person), -1, np.int32)
    return Grouping(nobody, 0, {}, base.of_person, np.full(len(base.size), -1, np.int32))
