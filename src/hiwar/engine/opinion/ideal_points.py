"""Where people stand by what they voted alone: a second map, with an interval for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.answers import Answers
from hiwar.engine.opinion.classification import answers_by_block
from hiwar.engine.opinion.fingerprints import canonical_order
from hiwar.engine.opinion.latent_trait import fit_trait, start_at
from hiwar.engine.opinion.results import IdealPoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.latent_trait import Trait
    from hiwar.engine.opinion.results import OpinionMapResult, Parameters
    from hiwar.engine.opinion.votes import Moderation, Votes

FITTED_VOTES, MOST_VOTES = 200_000, 2_000_000
DIMENSIONS = 2


def ideal_points(
    votes: Votes, moderation: Moderation, parameters: Parameters, shown: OpinionMapResult
) -> IdealPoints | None:
    """Place everybody in the map by a latent trait of their votes.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    moderation : Moderation
        Statements that are out say nothing.
    parameters : Parameters
        `confidence` of the intervals.
    shown : OpinionMapResult
        The map: who is in it, where the fit starts, and how the plane is turned.

    Returns
    -------
    IdealPoints or None
        None where nobody is in the map, nothing varies, or there are more than two million votes.

    Notes
    -----
    The nominal response model of `latent_trait.fit_trait` on a plane, fitted to the people in the
    map (of at most 200,000 votes, every n-th in an order of the votes). Nothing is filled in, and
    no factor for the number of votes is needed: who voted little has a wide interval instead. The
    place is the posterior mean over the grid; the interval holds the middle share of the posterior
    of each coordinate, interpolated between grid lines. The model does not know how its plane is
    turned, so it is turned (and mirrored) to the places of the map (orthogonal Procrustes) and
    brought to their root mean square.

    References
    ----------
    Clinton, J., Jackman, S. and Rivers, D. (2004). The statistical analysis of roll call data.
    American Political Science Review 98. Imai, K., Lo, J. and Olmsted, J. (2016). Fast estimation
    of ideal points with massive data. American Political Science Review 110. Schönemann, P. H.
    (1966). A generalized solution of the orthogonal Procrustes problem. Psychometrika 31.
    """
    live = ~moderation.out
    part = votes.keep_statements(live)
    inside = np.flatnonzero(shown.in_map & (part.votes_per_participant > 0))
    asked = part.take_participants(inside)
    if not 0 < asked.n_votes <= MOST_VOTES or not np.ptp(shown.position[inside], axis=0).any():
        return None
    trait, turned = _fitted(asked, shown.position[inside])
    at, spread, low, high = _read(asked, trait, turned, parameters.confidence)
    target = shown.position[inside] - shown.position[inside].mean(axis=0)
    size = float(np.sqrt((target**2).mean() / max(float((at**2).mean()), 1e-12)))
    everybody = np.full((4, votes.n_participants, DIMENSIONS), np.nan)
    for row, value in enumerate((at, low, high, np.repeat(spread[:, None], DIMENSIONS, axis=1))):
        everybody[row, inside] = value * size
    return IdealPoints(everybody[0], everybody[1], everybody[2], everybody[3, :, 0])


def _fitted(votes: Votes, position: NDArray[np.float64]) -> tuple[Trait, NDArray[np.float64]]:
    """Fit the plane to a part of the people; return it and its nodes turned to the map."""
    order = canonical_order(votes)
    order = order[:: max(-(-votes.n_votes // FITTED_VOTES), 1)]
    sample = votes.take_participants(order)
    answers = Answers(sample, np.ones(len(order)))
    trait = fit_trait(answers, start_at(position[order]), DIMENSIONS)
    mean = trait.posterior(answers).astype(np.float64) @ trait.node
    target = position[order] - position[order].mean(axis=0)
    left, _, right = np.linalg.svd(mean.T @ target)
    return trait, trait.node @ (left @ right)


def _read(
    votes: Votes, trait: Trait, node: NDArray[np.float64], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return mean, standard deviation and interval of everybody's place."""
    people = votes.n_participants
    mean, spread = np.empty((people, DIMENSIONS)), np.empty(people)
    low, high = np.empty((people, DIMENSIONS)), np.empty((people, DIMENSIONS))
    tail = 0.5 - 0.5 * confidence
    for first, last, answers in answers_by_block(votes):
        share = trait.posterior(answers).astype(np.float64)
        mean[first:last] = share @ node
        square = share @ (node**2).sum(axis=1) - (mean[first:last] ** 2).sum(axis=1)
        spread[first:last] = np.sqrt(np.maximum(square, 0.0))
        for axis in range(DIMENSIONS):
            order = np.argsort(node[:, axis], kind="stable")
            below = np.cumsum(share[:, order], axis=1) - 0.5 * share[:, order]
            at = node[order, axis]
            low[first:last, axis] = _quantile(below, at, tail)
            high[first:last, axis] = _quantile(below, at, 1.0 - tail)
    # Where nearly all stand on one line of the grid, interpolation may miss the mean by a hair.
    return mean, spread, np.minimum(low, mean), np.maximum(high, mean)


def _quantile(
    below: NDArray[np.float64], at: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Interpolate where the cumulated share of each row passes a value."""
    after = np.minimum((below < share).sum(axis=1), len(at) - 1)
    before = np.maximum(after - 1, 0)
    row = np.arange(len(below))
    width = below[row, after] - below[row, before]
    part = np.divide(share - below[row, before], width, out=np.zeros(len(below)), where=width > 0)
    quantile: NDArray[np.float64] = at[before] + np.clip(part, 0.0, 1.0) * (at[after] - at[before])
    return quantile
