"""Plane and groups put together into one result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.clustering import nearest
from hiwar.engine.opinion.results import OpinionMapResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.grouping import Grouping
    from hiwar.engine.opinion.plane import Plane
    from hiwar.engine.opinion.results import Outcome


def describe(
    outcome: Outcome,
    plane: Plane,
    inside: NDArray[np.bool_],
    member: NDArray[np.intp],
    grouping: Grouping | None,
) -> OpinionMapResult:
    """Put plane and groups together; people with weight 0 join the nearest base cluster."""
    group = np.full(len(inside), -1, np.int32)
    base_centre, base_size = np.empty((0, 2)), np.empty(0, np.int64)
    if grouping is not None:
        base_centre, base_size = _summary(plane.position[member], grouping.base_of_person)
        group[member] = grouping.label
        rest = np.flatnonzero(inside & (group < 0)) if grouping.n_groups else np.empty(0, np.intp)
        if len(rest):
            group[rest] = grouping.base_group[nearest(plane.position[rest], base_centre)]
    return OpinionMapResult(
        outcome=outcome,
        position=plane.position,
        component=plane.component,
        mean=plane.centred.mean,
        explained_variance=plane.explained_variance,
        statement_position=plane.statement_position,
        extremity=np.hypot(plane.statement_position[:, 0], plane.statement_position[:, 1]),
        in_map=inside,
        group=group,
        group_centre=_centres(plane.position, group, 0 if grouping is None else grouping.n_groups),
        silhouette={} if grouping is None else grouping.silhouette,
        base_centre=base_centre,
        base_size=base_size,
        base_group=np.empty(0, np.int32) if grouping is None else grouping.base_group,
    )


def _centres(
    position: NDArray[np.float64], group: NDArray[np.int32], n_groups: int
) -> NDArray[np.float64]:
    if n_groups == 0:
        return np.empty((0, 2))
    counted = group >= 0
    return _summary(position[counted], group[counted])[0]


def _summary(
    position: NDArray[np.float64], label: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    size = np.bincount(label)
    centre = np.stack([np.bincount(label, axis) / size for axis in position.T], axis=1)
    return centre, size
