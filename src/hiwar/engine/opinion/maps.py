"""The opinion map: where everybody stands, and the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.clustering import nearest
from hiwar.engine.opinion.compat import compat_groups
from hiwar.engine.opinion.grouping import Grouping, find_groups
from hiwar.engine.opinion.history import in_conversation
from hiwar.engine.opinion.plane import Plane, fit_plane
from hiwar.engine.opinion.results import OpinionMapResult, Outcome, Parameters
from hiwar.engine.opinion.structure import significant_axes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from hiwar.engine.opinion.votes import Moderation, Votes


def fit_map(
    votes: Votes,
    moderation: Moderation,
    parameters: Parameters,
    *,
    weight: ArrayLike | None = None,
    early: NDArray[np.bool_] | None = None,
) -> OpinionMapResult:
    """Place everybody on the map and find the groups, or say why there are none.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    moderation : Moderation
        Statements that are rejected or about the participant take no part.
    parameters : Parameters
        `mode` chooses between the compatible method and our own.
    weight : array_like of shape (N,), optional
        Survey weights or bootstrap multiplicities, >= 0. Somebody with weight 0 is placed, but
        shapes neither the map nor the groups. Ones are the same as none.
    early : ndarray of shape (N,), bool, optional
        Compat mode only: who was let in when the conversation began (`early_participants`).

    Returns
    -------
    OpinionMapResult
        Positions in map units, always finite; groups by size, the largest first.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, or the lengths differ.

    Notes
    -----
    The result does not depend on the order of participants, statements or votes (default mode).

    References
    ----------
    Small, C., Bjorkegren, M., Erkkilä, T., Shaw, L., Megill, C. (2021). Polis: Scaling
    deliberation by mapping high dimensional opinion spaces. Recerca 26(2).
    """
    masses = _checked_weight(weight, votes)
    if len(moderation.status) != votes.n_statements:
        msg = "moderation and votes differ in the number of statements"
        raise ValueError(msg)
    plane = fit_plane(votes, moderation.out, parameters.mode, weight=masses)
    inside = _in_map(votes, plane, parameters, early)
    member = np.flatnonzero(inside & (masses > 0) if masses is not None else inside)
    mass = np.ones(len(member)) if masses is None else masses[member]
    outcome = _impediment(plane, member, parameters)
    if outcome is not None:
        return _result(outcome, plane, inside, member, None)
    if parameters.mode == "compat":
        return _result(
            "groups", plane, inside, member, compat_groups(plane.position[member], mass, parameters)
        )
    axes = significant_axes(plane, member, parameters)
    if axes == 0:
        return _result("no_structure", plane, inside, member, None)
    found = find_groups(plane.position[member], mass, parameters, axes)
    outcome = "groups" if len(found.centre) else "no_structure"
    return _result(outcome, plane, inside, member, found)


def _checked_weight(weight: ArrayLike | None, votes: Votes) -> NDArray[np.float64] | None:
    if weight is None:
        return None
    masses = np.asarray(weight, dtype=np.float64)
    if masses.shape != (votes.n_participants,):
        msg = "one weight for each participant is needed"
        raise ValueError(msg)
    if not (np.isfinite(masses).all() and (masses >= 0).all()):
        msg = "a weight is finite and not negative"
        raise ValueError(msg)
    return masses


def _in_map(
    votes: Votes, plane: Plane, parameters: Parameters, early: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    if parameters.mode == "compat":
        return in_conversation(
            votes.votes_per_participant, plane.centred.columns, parameters, early
        )
    needed = max(min(parameters.min_votes, plane.centred.columns), 1)
    enough: NDArray[np.bool_] = plane.centred.live_votes >= needed
    return enough


def _impediment(plane: Plane, member: NDArray[np.intp], parameters: Parameters) -> Outcome | None:
    if plane.centred.columns < 2:
        return "too_few_statements"
    smallest = 2 if parameters.mode == "compat" else 2 * parameters.min_group_size
    if len(member) < smallest:
        return "too_few_participants"
    here = plane.position[member]
    if plane.eigenvalue[0] == 0.0 or np.ptp(here, axis=0).max() <= 1e-9:
        return "no_variation"
    return None


def _result(
    outcome: Outcome,
    plane: Plane,
    inside: NDArray[np.bool_],
    member: NDArray[np.intp],
    found: Grouping | None,
) -> OpinionMapResult:
    group = np.full(len(inside), -1, np.int32)
    n_groups = 0
    if found is not None and len(found.centre):
        n_groups = int(found.label.max()) + 1
        group[member] = found.label
        rest = np.flatnonzero(inside & (group < 0))
        if len(rest):
            near = nearest(plane.position[rest][:, : found.centre.shape[1]], found.centre)
            group[rest] = found.centre_group[near]
    return OpinionMapResult(
        outcome=outcome,
        position=plane.position,
        component=plane.component,
        mean=plane.centred.mean,
        explained_variance=plane.explained_variance,
        statement_position=plane.statement_position,
        extremity=np.hypot(*plane.statement_position.T),
        in_map=inside,
        group=group,
        group_centre=_centres(plane.position, group, n_groups),
        silhouette={} if found is None else found.silhouette,
        base_centre=np.empty((0, 2)) if found is None else found.base_centre,
        base_size=np.empty(0, np.int64) if found is None else found.base_size,
        base_group=np.empty(0, np.int32) if found is None else found.base_group,
    )


def _centres(
    position: NDArray[np.float64], group: NDArray[np.int32], n_groups: int
) -> NDArray[np.float64]:
    counted = group >= 0
    size = np.bincount(group[counted], minlength=n_groups)
    return np.stack(
        [np.bincount(group[counted], axis[counted], n_groups) / size for axis in position.T],
        axis=1,
    )
