"""A running dialogue: the map follows new votes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hiwar.engine.opinion.appending import append_votes
from hiwar.engine.opinion.classification import most_likely
from hiwar.engine.opinion.clustering import nearest
from hiwar.engine.opinion.continuity import GroupNumber, axis_signs, continued
from hiwar.engine.opinion.grouping import best_number
from hiwar.engine.opinion.maps import group_plane
from hiwar.engine.opinion.moments import Moments
from hiwar.engine.opinion.pca import fix_sign, leading_eigenpairs
from hiwar.engine.opinion.plane import place
from hiwar.engine.opinion.residuals import residuals
from hiwar.engine.opinion.votes import Moderation, Votes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import OpinionMapResult, Parameters

REGROUP_SHARE = 0.02
JUDGE_AGAIN = 1.1
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False)
class RunningMap:
    """Everything that the next update needs; never changed, only followed by another.

    Attributes
    ----------
    votes : Votes
        All votes so far.
    moderation : Moderation
        Of all statements so far.
    parameters : Parameters
        Chosen when the dialogue was opened.
    moments : Moments
        Exact sums over pairs of statements.
    shown : OpinionMapResult
        The map.
    number : GroupNumber
        Patience with another number of groups.
    moved : ndarray of shape (N,), bool
        People placed by themselves since everybody was last placed.
    judged : int
        Votes there were when a gap was last looked for.
    """

    votes: Votes
    moderation: Moderation
    parameters: Parameters
    moments: Moments
    shown: OpinionMapResult
    number: GroupNumber
    moved: NDArray[np.bool_]
    judged: int


def open_map(votes: Votes, moderation: Moderation, parameters: Parameters) -> RunningMap:
    """Fit the first map of a dialogue.

    Parameters
    ----------
    votes : Votes
        Votes so far, possibly none.
    moderation : Moderation
        Of the statements so far.
    parameters : Parameters
        Default mode: the compatible method has a history of its own.

    Returns
    -------
    RunningMap
        Its map is what `fit_map` gives.
    """
    moments = Moments.empty(votes.n_statements).plus(votes)
    return _refresh(votes, moderation, parameters, moments, None)


def follow(
    state: RunningMap,
    fresh: Votes,
    *,
    moderation: Moderation | None = None,
    tolerance: float = 0.0,
) -> RunningMap:
    """Return the map after new votes.

    Parameters
    ----------
    state : RunningMap
        The map before; not changed.
    fresh : Votes
        New votes of participants and statements numbered as before, with at least as many of
        both; those who did not vote have none.
    moderation : Moderation, optional
        Where it changed, or where statements were added (accepted otherwise).
    tolerance : float
        How far an axis may turn, as the length of the difference of two unit vectors, before
        everybody is placed anew.
        0 places everybody every time.

    Returns
    -------
    RunningMap
        With tolerance 0 the positions are those of a cold fit to 1e-8 (up to the direction of
        axes), and so are the groups when their number is the same.

    Notes
    -----
    The sums over pairs of statements change by the rows of those who voted, so the components
    come from a C x C eigenproblem that starts from the components before: nothing depends on
    the number of votes already there. Within the tolerance only those who voted are placed, on
    the axes and means as they were, and join the nearest base cluster; when the axes have
    turned farther, moderation changed, or 2 % of people have moved so, everybody is placed and
    grouped. Whether there is a gap is looked for again when a tenth more votes have come; until
    then the verdict holds, and classes are fitted on from where they were. Positions are then off
    by no more than the turn times their distance from the centre.

    References
    ----------
    Weng, J., Zhang, Y., Hwang, W.-S. (2003). Candid covariance-free incremental principal
    component analysis. IEEE PAMI 25, for the aim; the sums kept here are exact instead.
    """
    changed = np.flatnonzero(fresh.votes_per_participant)
    rows = changed[changed < state.votes.n_participants]
    votes = append_votes(state.votes, fresh)
    moments = state.moments.plus(state.votes.take_participants(rows), sign=-1)
    moments = moments.plus(votes.take_participants(changed))
    now = moderation or _grown(state.moderation, votes.n_statements)
    if _may_stay(state, votes, now, tolerance):
        axes, _ = _components(moments, now.out, state.shown.component)
        moved = _padded(state.moved, votes.n_participants, False)
        moved[changed] = True
        few = moved.mean() <= REGROUP_SHARE
        if few and _turn(axes, state.shown.component) <= tolerance:
            shown = _place_some(state, votes, now, changed)
            return replace(
                state, votes=votes, moderation=now, moments=moments, shown=shown, moved=moved
            )
    return _refresh(votes, now, state.parameters, moments, state)


def _refresh(
    votes: Votes,
    moderation: Moderation,
    parameters: Parameters,
    moments: Moments,
    before: RunningMap | None,
) -> RunningMap:
    earlier = None if before is None else before.shown.component
    component, eigenvalue = _components(moments, moderation.out, earlier)
    centred = residuals(votes, moderation.out, parameters.mode)
    number = GroupNumber() if before is None else before.number

    def patient(score: Mapping[int, float]) -> int:
        nonlocal number
        number = number.after(best_number(score, parameters), score)
        return number.shown

    plane = place(centred, component, eigenvalue)
    settled = None if before is None or _is_due(before, votes, moderation) else before.shown
    shown = group_plane(votes, plane, parameters, choose=patient, settled=settled)
    if before is not None:
        shown = continued(shown, before.shown)
    nobody = np.zeros(votes.n_participants, np.bool_)
    judged = votes.n_votes if before is None or settled is None else before.judged
    return RunningMap(votes, moderation, parameters, moments, shown, number, nobody, judged)


def _is_due(before: RunningMap, votes: Votes, moderation: Moderation) -> bool:
    """Look for a gap again after a tenth more votes, or when other statements are in."""
    known = len(before.moderation.out)
    is_same = np.array_equal(moderation.out[:known], before.moderation.out)
    return not is_same or votes.n_votes > JUDGE_AGAIN * before.judged


def _components(
    moments: Moments, out: NDArray[np.bool_], before: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    scatter = moments.scatter(out)
    size = len(scatter)
    start = None
    if before is not None and before.any():
        # A little of everything, or a direction that is new could never be found.
        start = _padded(before.sum(axis=0), size, 0.0) + 1e-3 * np.cos(np.arange(size))
        start /= np.linalg.norm(start)
    value, vector = leading_eigenpairs(lambda v: scatter @ v, size, 2, start=start)
    mean = moments.means()
    sign = np.array([fix_sign(row, mean) for row in vector])
    live = ~out & (np.diagonal(moments.seen_seen) > 0)
    return vector * sign[:, None] * live, value


def _may_stay(state: RunningMap, votes: Votes, moderation: Moderation, tolerance: float) -> bool:
    same = np.array_equal(moderation.out, state.moderation.out)
    return tolerance > 0.0 and same and votes.n_statements == state.votes.n_statements


def _turn(axes: NDArray[np.float64], before: NDArray[np.float64]) -> float:
    aligned = axes * axis_signs(axes, before)[:, None]
    return float(np.linalg.norm(aligned - before, axis=1).max())


def _place_some(
    state: RunningMap, votes: Votes, moderation: Moderation, changed: NDArray[np.intp]
) -> OpinionMapResult:
    shown, n = state.shown, votes.n_participants
    some = votes.take_participants(changed)
    live = ~moderation.out
    value = (some.vote - shown.mean[some.statement]) * live[some.statement]
    size = len(changed)
    raw = np.stack(
        [
            np.bincount(some.participant, value * axis[some.statement], size)
            for axis in shown.component
        ],
        axis=1,
    )
    count = np.bincount(some.participant, live[some.statement], size)
    voted_on = np.diagonal(state.moments.seen_seen) > 0
    columns = int((live & voted_on).sum())
    position = _padded(shown.position, n, 0.0)
    position[changed] = np.sqrt(columns / np.maximum(count, 1.0))[:, None] * raw
    inside = _padded(shown.in_map, n, False)
    inside[changed] = count >= max(min(state.parameters.min_votes, columns), 1)
    group = _padded(shown.group, n, -1)
    if shown.classes is not None:
        likely = most_likely(some, shown.classes)
        group[changed] = np.where(inside[changed], likely, -1)
    elif shown.n_groups:
        near = shown.base_group[nearest(position[changed], shown.base_centre)]
        group[changed] = np.where(inside[changed], near, -1)
    return replace(shown, position=position, in_map=inside, group=group)


def _grown(moderation: Moderation, n_statements: int) -> Moderation:
    return Moderation(
        _padded(moderation.status, n_statements, 1),
        _padded(moderation.is_meta, n_statements, False),
    )


def _padded(old: NDArray[Scalar], size: int, value: float) -> NDArray[Scalar]:
    new = np.full((size, *old.shape[1:]), value, old.dtype)
    new[: len(old)] = old
    return new
