"""Keep axes, group labels and the number of groups recognisable from one map to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.matching import cheapest_matching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import OpinionMapResult
    from hiwar.engine.opinion.votes import Tally

PATIENCE = 4


@dataclass(frozen=True)
class GroupNumber:
    """How many groups are shown, and which other number is asking to be.

    Attributes
    ----------
    shown : int
        0 before the first.
    candidate : int
        Best number of the last updates where it is not the one shown, else 0.
    seen : int
        In how many updates in a row the candidate was best.
    """

    shown: int = 0
    candidate: int = 0
    seen: int = 0

    def after(self, best: int, score: Mapping[int, float]) -> GroupNumber:
        """Return what to show after an update.

        The first number is shown at once, another only when it was best in four updates in a
        row; a number that can no longer be formed gives way to the nearest one that can.
        """
        if self.shown in {0, best}:
            return GroupNumber(best)
        seen = self.seen + 1 if best == self.candidate else 1
        if seen >= PATIENCE:
            return GroupNumber(best)
        nearest = min(score, key=lambda k: (abs(k - self.shown), k))
        return GroupNumber(nearest, best, seen)


def axis_signs(component: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return +1 or -1 for each axis so that it points as before; shape (2,).

    Parameters
    ----------
    component : ndarray of shape (2, C)
        New loadings.
    before : ndarray of shape (2, at most C)
        Earlier loadings; statements that are new count as 0.
    """
    dot = (component[:, : before.shape[1]] * before).sum(axis=1)
    return np.where(dot < 0.0, -1.0, 1.0)


def label_order(
    label: NDArray[np.int32], before: NDArray[np.int32], n_groups: int
) -> NDArray[np.int32]:
    """Return the new name of each group so that most people keep theirs.

    Parameters
    ----------
    label : ndarray of shape (N,)
        New groups, -1 for none.
    before : ndarray of shape (at most N,)
        Earlier groups.
    n_groups : int
        G.

    Returns
    -------
    ndarray of shape (G,), int32
        A permutation of 0 … G - 1. Groups that match no earlier one take the free names.

    References
    ----------
    Kuhn, H. W. (1955). The Hungarian method for the assignment problem.
    """
    now = label[: len(before)]
    both = (now >= 0) & (before >= 0)
    size = max(int(before.max(initial=-1)) + 1, n_groups)
    overlap = np.zeros((n_groups, size))
    np.add.at(overlap, (now[both], before[both]), 1.0)
    row, name = cheapest_matching(-overlap)
    # Fewer groups than before: names close up in the old order.
    order = np.empty(n_groups, np.int32)
    order[row[np.argsort(name, kind="stable")]] = np.arange(n_groups, dtype=np.int32)
    return order


def continued(result: OpinionMapResult, before: OpinionMapResult) -> OpinionMapResult:
    """Return the same map with axes turned and groups named as in the earlier one."""
    sign = axis_signs(result.component, before.component)
    turned = replace(
        result,
        component=result.component * sign[:, None],
        position=result.position * sign,
        statement_position=result.statement_position * sign,
        group_centre=result.group_centre * sign,
        base_centre=result.base_centre * sign,
    )
    if result.n_groups == 0 or before.n_groups == 0:
        return turned
    order = label_order(result.group, before.group, result.n_groups)
    centre = np.empty_like(turned.group_centre)
    centre[order] = turned.group_centre
    return replace(
        turned,
        group_centre=centre,
        group=_renamed(result.group, order),
        base_group=_renamed(result.base_group, order),
        classes=None if result.classes is None else result.classes.reordered(order),
    )


@dataclass(frozen=True, eq=False)
class Remembered:
    """What is known of an earlier map without knowing whose row was whose.

    Attributes
    ----------
    leaning : ndarray of shape (G, C)
        Agreement minus disagreement of each earlier group, as shares in [-1, 1]; nan for
        statements that were not there.
    statement_position : ndarray of shape (C, 2)
        Where statements stood; nan for those that were not there.
    """

    leaning: NDArray[np.float64]
    statement_position: NDArray[np.float64]


def recognised(result: OpinionMapResult, tally: Tally, before: Remembered) -> OpinionMapResult:
    """Return the same map with axes turned and groups named as those who voted alike before.

    Parameters
    ----------
    result : OpinionMapResult
        The new map.
    tally : Tally
        Votes of its groups, shape (G, C).
    before : Remembered
        The earlier map; its statements in the columns of the new one.

    Returns
    -------
    OpinionMapResult
        The same groups, renamed so that the sum of differences in leaning is smallest.

    Notes
    -----
    People are not needed, so nothing has to be kept that says who was in which group.
    """
    dot = np.nansum(result.statement_position * before.statement_position, axis=0)
    sign = np.where(dot < 0.0, -1.0, 1.0)
    turned = replace(
        result,
        component=result.component * sign[:, None],
        position=result.position * sign,
        statement_position=result.statement_position * sign,
        group_centre=result.group_centre * sign,
        base_centre=result.base_centre * sign,
    )
    if result.n_groups == 0 or len(before.leaning) == 0:
        return turned
    order = _order_by_leaning(tally, before.leaning)
    centre = np.empty_like(turned.group_centre)
    centre[order] = turned.group_centre
    return replace(
        turned,
        group_centre=centre,
        group=_renamed(result.group, order),
        base_group=_renamed(result.base_group, order),
        classes=None if result.classes is None else result.classes.reordered(order),
    )


def _order_by_leaning(tally: Tally, before: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the new name of each group; groups that match no earlier one take the free names."""
    seen = tally.seen
    leaning = np.divide(
        (tally.agree - tally.disagree).astype(np.float64),
        seen,
        out=np.full(seen.shape, np.nan),
        where=seen > 0,
    )
    n_groups = len(leaning)
    # A name nobody had costs more than any likeness, so that old names are given first.
    cost = np.full((n_groups, max(n_groups, len(before))), 4.0)
    gap = np.abs(leaning[:, None, :] - before[None, :, :])
    known = np.isfinite(gap)
    total = np.where(known, gap, 0.0).sum(axis=2)
    cost[:, : len(before)] = np.divide(
        total, known.sum(axis=2), out=np.full(total.shape, 2.0), where=known.any(axis=2)
    )
    row, name = cheapest_matching(cost)
    order = np.empty(n_groups, np.int32)
    order[row[np.argsort(name, kind="stable")]] = np.arange(n_groups, dtype=np.int32)
    return order


def _renamed(label: NDArray[np.int32], order: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.where(label >= 0, order[np.maximum(label, 0)], label).astype(np.int32)
