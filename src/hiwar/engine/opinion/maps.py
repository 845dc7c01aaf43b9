"""The opinion map: where everybody stands, and the groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.classification import class_groups, search_gap
from hiwar.engine.opinion.describing import describe
from hiwar.engine.opinion.grouping import find_groups
from hiwar.engine.opinion.history import in_conversation
from hiwar.engine.opinion.plane import fit_plane
from hiwar.engine.opinion.positions import corrected_position
from hiwar.engine.opinion.structure import significant_axes

__all__ = ["corrected_position", "fit_map"]

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from hiwar.engine.opinion.grouping import Choose
    from hiwar.engine.opinion.plane import Plane
    from hiwar.engine.opinion.results import OpinionMapResult, Outcome, Parameters
    from hiwar.engine.opinion.votes import Moderation, Votes


def fit_map(
    votes: Votes,
    moderation: Moderation,
    parameters: Parameters,
    *,
    weight: ArrayLike | None = None,
    early: NDArray[np.bool_] | None = None,
    settled: OpinionMapResult | None = None,
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
    settled : OpinionMapResult, optional
        An earlier map of nearly the same votes: its verdict on a gap and its number of classes
        hold, and are not looked for again.

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
    return group_plane(votes, plane, parameters, early=early, settled=settled)


def group_plane(
    votes: Votes,
    plane: Plane,
    parameters: Parameters,
    *,
    early: NDArray[np.bool_] | None = None,
    choose: Choose | None = None,
    settled: OpinionMapResult | None = None,
) -> OpinionMapResult:
    """Find the groups on a fitted plane, or say why there are none.

    Where held-out votes speak for a gap, groups are the latent classes of the votes. Elsewhere
    places on the plane are cut; `choose` then takes the silhouettes and returns the number of
    groups to show; without it the best one is shown.
    """
    masses = plane.centred.weight
    inside = in_map(votes, plane, parameters, early)
    member = np.flatnonzero(inside & (masses > 0) if masses is not None else inside)
    outcome = impediment(plane, member, parameters)
    if outcome is not None:
        return describe(outcome, plane, inside, member, None)
    stretch = axis_stretch(plane, member, parameters)
    gap, classes = None, None
    if parameters.mode != "compat":
        axes = int(np.count_nonzero(stretch))
        gap, classes = search_gap(votes, plane, member, parameters, axes=axes, settled=settled)
    mass = np.ones(len(member)) if masses is None else masses[member]
    if classes is not None and gap is not None:
        shown = class_groups(votes, plane, (inside, member), classes, parameters)
        return replace(shown, gap=gap)
    if not stretch.any():
        return replace(describe("no_structure", plane, inside, member, None), gap=gap)
    grouping = find_groups(plane.position[member] * stretch, mass, parameters, choose)
    outcome = "groups" if grouping.n_groups else "no_structure"
    return replace(describe(outcome, plane, inside, member, grouping), gap=gap)


def axis_stretch(
    plane: Plane, member: NDArray[np.intp], parameters: Parameters
) -> NDArray[np.float64]:
    """Return how much each axis counts when groups are made; shape (2,), in [0, 1].

    Notes
    -----
    Compat mode: both fully. Default mode: an axis that says no more than chance does not count
    at all, the others in proportion to their singular value, so that a weak second axis does
    not decide where the first is cut.
    """
    if parameters.mode == "compat":
        return np.ones(2)
    axes = significant_axes(plane, member, parameters)
    share = np.sqrt(plane.eigenvalue / plane.eigenvalue[0])
    counted: NDArray[np.float64] = share * (np.arange(2) < axes)
    return counted


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


def in_map(
    votes: Votes, plane: Plane, parameters: Parameters, early: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Return who has enough votes to be placed in a group; shape (N,)."""
    if parameters.mode == "compat":
        return in_conversation(
            votes.votes_per_participant, plane.centred.columns, parameters, early
        )
    needed = max(min(parameters.min_votes, plane.centred.columns), 1)
    enough: NDArray[np.bool_] = plane.centred.live_votes >= needed
    return enough


def impediment(plane: Plane, member: NDArray[np.intp], parameters: Parameters) -> Outcome | None:
    """Return why groups cannot even be looked for, or None."""
    if plane.centred.columns < 2:
        return "too_few_statements"
    smallest = 2 if parameters.mode == "compat" else 2 * parameters.min_group_size
    if len(member) < smallest:
        return "too_few_participants"
    here = plane.position[member]
    if plane.eigenvalue[0] == 0.0 or np.ptp(here, axis=0).max() <= 1e-9:
        return "no_variation"
    return None
