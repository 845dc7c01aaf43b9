"""Which statement a participant is shown next, and with what probability."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.exposures import Exposure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from hiwar.engine.opinion.results import Mode
    from hiwar.engine.opinion.votes import Tally

META_PRIORITY = 49.0
QUOTA_SHARE = 0.9


@dataclass(frozen=True, eq=False)
class RoutingPlan:
    """Weights shared by everybody who is served until the next update.

    Attributes
    ----------
    weight : ndarray of shape (C,)
        Priority; 0 for a statement that is not offered.
    deficit : ndarray of shape (K + 1, C)
        Votes lacking to the minimum: row ``k`` for somebody of sector ``k``, the last row
        for somebody without a sector.
    quota_share : float
        Share of draws that go to deficits while there are any, in [0, 1].
    """

    weight: NDArray[np.float64]
    deficit: NDArray[np.float64]
    quota_share: float

    @cached_property
    def is_lacking(self) -> bool:
        """Whether any statement lacks votes to a minimum."""
        return bool(self.deficit.any())


def priorities(
    by_group: Tally,
    extremity: NDArray[np.float64],
    is_meta: NDArray[np.bool_],
    mode: Mode,
    *,
    important: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Return the weight with which each statement is offered next.

    Parameters
    ----------
    by_group : Tally
        Counts of shape (G, C): of the groups or, before there are any, of everybody as one.
        G = 0 counts as no votes.
    extremity : ndarray of shape (C,)
        Extremity on the map, >= 0; nan counts as 0.
    is_meta : ndarray of shape (C,), bool
        True for statements about the participant.
    mode : {"default", "compat"}
        Whose formula.
    important : array_like of shape (C,), optional
        Share of voters who called the statement important, in [0, 1]. Default mode only.

    Returns
    -------
    ndarray of shape (C,)
        Greater than 0; default at most 4, compat at most 81 (E + 1)².

    Notes
    -----
    *compat*: with A, P, S the agrees, passes and votes over all groups, E the extremity,
    importance = (1 - (P+1)/(S+2)) · (E + 1) · (A+1)/(S+2), priority =
    (importance · (1 + 8·2^(-S/5)))², and 49 for meta statements. It starves statements that
    most disagree with, for their A stays small.

    *default*: 12 V · (1 + E/(E + Ē)) · (1 + important), with Ē the mean extremity of those
    above 0, E = 0 for meta statements, and V = max over groups of p(1 - p)/(S + 3),
    p = (A + 1)/(S + 2): the variance of the share of agreement that is left in the group that
    knows the statement least. Offering in proportion to the variance leads to votes in
    proportion to the standard deviation, which is the division of a given number of votes that
    leaves least variance in all (Neyman). It treats agreement and disagreement alike, so
    a statement that most reject is asked about as often as one that most accept.

    References
    ----------
    Small et al. (2021), Polis, Recerca 26, on comment routing. Neyman (1934), On the two
    different aspects of the representative method, JRSS 97, 558-625.

    Examples
    --------
    >>> from hiwar.engine.opinion.votes import Tally
    >>> votes = Tally(np.array([[0, 9, 1, 90]]), np.array([[0, 1, 9, 10]]), np.zeros((1, 4), int))
    >>> plain = np.zeros(4), np.zeros(4, bool)
    >>> priorities(votes, *plain, "default").round(3).tolist()
    [1.0, 0.128, 0.128, 0.011]
    >>> priorities(votes, *plain, "compat").round(2).tolist()
    [5.06, 5.25, 0.21, 0.78]
    """
    reach = np.nan_to_num(np.asarray(extremity, dtype=np.float64))
    if mode == "compat":
        return _compat_priorities(by_group.pooled(), reach, is_meta)
    variance = np.full(by_group.agree.shape[1], 1 / 12)
    if len(by_group.agree):
        hits, n = by_group.agree + 1.0, by_group.seen + 2.0
        variance = (hits * (n - hits) / (n**2 * (n + 1))).max(axis=0)
    reach = np.where(is_meta, 0.0, reach)
    typical = reach[reach > 0].mean() if (reach > 0).any() else 1.0
    marked = 0.0 if important is None else np.nan_to_num(np.asarray(important, np.float64))
    weight: NDArray[np.float64] = 12 * variance * (1 + reach / (reach + typical)) * (1 + marked)
    return weight


def routing_plan(
    priority: ArrayLike,
    is_open: ArrayLike,
    *,
    votes: ArrayLike | None = None,
    min_votes: int = 0,
    votes_by_sector: ArrayLike | None = None,
    min_votes_by_sector: int = 0,
    quota_share: float = QUOTA_SHARE,
) -> RoutingPlan:
    """Prepare what all participants share until the next update.

    Parameters
    ----------
    priority : array_like of shape (C,)
        As `priorities` gives it; not finite counts as 1.
    is_open : array_like of shape (C,), bool
        Statements that may be offered: accepted, or not rejected, as the rules say.
    votes : array_like of shape (C,), optional
        Votes on each statement so far.
    min_votes : int
        Votes that every open statement is to have.
    votes_by_sector : array_like of shape (K, C), optional
        Votes of the members of each sector.
    min_votes_by_sector : int
        Votes that every open statement is to have from each sector.
    quota_share : float
        Share of draws that go to statements below a minimum, in [0, 1]. With 1 no other
        statement is offered until all minima are met; then some statements have probability 0
        for a while and answers to them cannot be weighted back.

    Returns
    -------
    RoutingPlan
        Reusable for any number of participants.

    Raises
    ------
    ValueError
        If the priority of an open statement is not above 0 or `quota_share` is not in [0, 1].
    """
    if not 0 <= quota_share <= 1:
        msg = f"a share lies between 0 and 1, not {quota_share}"
        raise ValueError(msg)
    weight = np.asarray(priority, dtype=np.float64)
    weight = np.where(np.isfinite(weight), weight, 1.0)
    may_be_shown = np.asarray(is_open, dtype=np.bool_)
    if (weight[may_be_shown] <= 0).any():
        msg = "the priority of an open statement is above 0"
        raise ValueError(msg)
    total = np.zeros(len(weight)) if votes is None else np.asarray(votes, dtype=np.float64)
    by_sector = np.zeros((0, len(weight))) if votes_by_sector is None else votes_by_sector
    lacking = np.maximum(min_votes - total, 0.0)
    of_sector = np.maximum(min_votes_by_sector - np.asarray(by_sector, dtype=np.float64), 0.0)
    deficit = np.vstack([of_sector + lacking, lacking])
    return RoutingPlan(
        weight=np.where(may_be_shown, weight, 0.0),
        deficit=np.where(may_be_shown, deficit, 0.0),
        quota_share=float(quota_share),
    )


def choose_next(
    plan: RoutingPlan, voted: Sequence[int] | NDArray[np.integer], draw: float, sector: int = -1
) -> Exposure | None:
    """Draw one statement that a participant has not voted on.

    Parameters
    ----------
    plan : RoutingPlan
        As `routing_plan` gives it.
    voted : sequence of int
        Columns of the statements that the participant has voted on; repeats do no harm.
        An array is fastest.
    draw : float
        A number drawn uniformly from [0, 1). The same number gives the same statement.
    sector : int
        Sector of the participant, -1 for none.

    Returns
    -------
    Exposure or None
        None when nothing is left to offer.

    Raises
    ------
    ValueError
        If the draw is outside [0, 1) or there is no such sector.

    Notes
    -----
    While the statements left lack votes to their minimum, `quota_share` of the draws go to
    them in proportion to what they lack; all other draws go to everything that is left in
    proportion to priority. As everything left has a positive probability, which is recorded,
    shares can later be weighted back (`inverse_probability_share`).

    Examples
    --------
    >>> plan = routing_plan([3.0, 1.0, 4.0], [True, True, True])
    >>> choose_next(plan, [2], 0.8).statement, choose_next(plan, [2], 0.8).probability
    (1, 0.25)
    """
    if not 0 <= draw < 1:
        msg = f"a draw lies in [0, 1), not {draw}"
        raise ValueError(msg)
    if not -1 <= sector < len(plan.deficit) - 1:
        msg = f"there is no sector {sector}"
        raise ValueError(msg)
    done = np.asarray(voted, dtype=np.intp)
    weight = plan.weight.copy()
    weight[done] = 0.0
    running = weight.cumsum()
    total = float(running[-1]) if len(running) else 0.0
    if total <= 0:
        return None
    deficit = plan.deficit[sector].copy()
    deficit[done] = 0.0
    lacking = deficit.cumsum()
    total_deficit = float(lacking[-1])
    share = plan.quota_share if total_deficit > 0 else 0.0
    if draw < share:
        j = _first_above(lacking, draw / share * total_deficit)
    else:
        j = _first_above(running, (draw - share) / (1 - share) * total)
    lacks, weighs = float(deficit[j]), float(weight[j])
    return Exposure(
        statement=j,
        probability=share * lacks / (total_deficit or 1.0) + (1 - share) * weighs / total,
        n_eligible=int(np.count_nonzero(weight)),
        weight=weighs,
        total_weight=total,
        deficit=lacks,
        total_deficit=total_deficit,
        quota_share=share,
    )


def draw_next(plan: RoutingPlan, voted: NDArray[np.bool_], draw: float) -> tuple[int, float] | None:
    """Draw as `choose_next` does for somebody without a sector, and say no more than is needed.

    Parameters
    ----------
    plan : RoutingPlan
        As `routing_plan` gives it.
    voted : ndarray of shape (C,), bool
        True where the participant has voted on the statement.
    draw : float
        A number drawn uniformly from [0, 1).

    Returns
    -------
    tuple of int and float, or None
        Column and probability of the statement; None when nothing is left to offer.
    """
    if plan.is_lacking:
        offer = choose_next(plan, np.flatnonzero(voted), draw)
        return None if offer is None else (offer.statement, offer.probability)
    weight = np.where(voted, 0.0, plan.weight)
    running = weight.cumsum()
    total = float(running[-1]) if len(running) else 0.0
    if total <= 0:
        return None
    j = _first_above(running, draw * total)
    return j, float(weight[j]) / total


def offer_probabilities(
    plan: RoutingPlan, voted: NDArray[np.bool_], sector: ArrayLike = -1
) -> NDArray[np.float64]:
    """Return the probability with which each statement is offered to each participant.

    Parameters
    ----------
    plan : RoutingPlan
        As `routing_plan` gives it.
    voted : ndarray of shape (N, C), bool
        True where the participant has voted on the statement.
    sector : array_like of shape (N,) or a single int
        Sector of each participant, -1 for none.

    Returns
    -------
    ndarray of shape (N, C)
        In [0, 1]; each row sums to 1, or to 0 where nothing is left.
    """
    weight = np.where(voted, 0.0, plan.weight)
    rows = np.broadcast_to(np.asarray(sector, dtype=np.intp), (len(weight),))
    deficit = np.where(weight > 0, plan.deficit[rows], 0.0)
    total = weight.sum(axis=1, keepdims=True)
    lacking = deficit.sum(axis=1, keepdims=True)
    share = np.where(lacking > 0, plan.quota_share, 0.0)
    by_quota = deficit / np.where(lacking > 0, lacking, 1.0)
    by_priority = weight / np.where(total > 0, total, 1.0)
    chance: NDArray[np.float64] = share * by_quota + (1 - share) * by_priority
    return chance


def choose_next_for_all(
    plan: RoutingPlan, voted: NDArray[np.bool_], draw: ArrayLike, sector: ArrayLike = -1
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw one statement for each of many participants at once.

    Parameters
    ----------
    plan, voted, sector
        As for `offer_probabilities`.
    draw : array_like of shape (N,)
        Numbers drawn uniformly from [0, 1).

    Returns
    -------
    statement : ndarray of shape (N,), int64
        Column of the statement; -1 where nothing is left.
    probability : ndarray of shape (N,)
        Probability with which it was offered; 0 where nothing is left.
    """
    chance = offer_probabilities(plan, voted, sector)
    running = chance.cumsum(axis=1)
    if not running.shape[1]:
        return np.full(len(running), -1), np.zeros(len(running))
    sought = np.asarray(draw, dtype=np.float64)[:, None] * running[:, -1:]
    statement = (running <= sought).sum(axis=1)
    statement = np.minimum(statement, running.argmax(axis=1))
    probability = chance[np.arange(len(chance)), statement]
    return np.where(running[:, -1] > 0, statement, -1), probability


def _compat_priorities(
    pooled: Tally, extremity: NDArray[np.float64], is_meta: NDArray[np.bool_]
) -> NDArray[np.float64]:
    agree, passed, seen = pooled.agree[0], pooled.passed[0], pooled.seen[0]
    opinionated = 1 - (passed + 1) / (seen + 2)
    importance = opinionated * (extremity + 1) * (agree + 1) / (seen + 2)
    priority = (importance * (1 + 8 * 2.0 ** (-seen / 5))) ** 2
    return np.where(is_meta, META_PRIORITY, priority)


def _first_above(running: NDArray[np.float64], sought: float) -> int:
    """Return the first place whose running total exceeds what is sought."""
    j = int(running.searchsorted(sought, side="right"))
    # Rounding may lift what is sought to the total itself, which no place exceeds.
    return j if j < len(running) else int(running.searchsorted(running[-1]))
