"""How well votes that were withheld are foretold by what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.fingerprints import canonical_order, cell_fingerprints
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Accuracy
from hiwar.engine.opinion.votes import Votes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import OpinionMapResult, Parameters
    from hiwar.engine.opinion.votes import Moderation

WITHHELD = 0.1
MOST_VOTES = 2_000_000
GROUP_PRIOR = 2.0
MAP_PRIOR = 4.0


def predictive_accuracy(
    votes: Votes, moderation: Moderation, parameters: Parameters, shown: OpinionMapResult
) -> Accuracy:
    """Withhold a tenth of the votes, make the map without them and foretell them.

    Parameters
    ----------
    votes : Votes
    moderation : Moderation
        Votes on statements that are out are neither used nor asked for.
    parameters : Parameters
        What the map needs, and `seed` for the choice of votes.
    shown : OpinionMapResult
        Only votes of the people in this map are asked for.

    Returns
    -------
    Accuracy
        Shares of the withheld *agree and disagree* votes that were foretold; nan when nothing
        was withheld. Without groups `group` equals `majority`.

    Notes
    -----
    Whether a vote is withheld depends on a number mixed from what its participant and its
    statement received, so the choice does not depend on their order. Passes are withheld with the
    rest but not asked for: the question is which side somebody is on. Each way of foretelling sees
    only the remaining votes:

    - majority: the more frequent of agree and disagree on the statement;
    - group: the sign of (Σ_g x + 2 m) / (n_g + 2), m the mean of ±1 on the statement: a group with
      few votes leans on everybody;
    - map: the sign of a ridge regression of ±1 on the two coordinates of the refitted map, one
      per statement, its slopes shrunk as by 4 people at the average distance.

    An undecided statement (as many agree as disagree) is foretold as agree. Above two million
    votes a part of the people is taken.

    References
    ----------
    Hastie, T., Tibshirani, R. and Friedman, J. (2009). The Elements of Statistical Learning,
    sections 3.4.1 (ridge) and 7.10 (validation).
    """
    live = votes.keep_statements(~moderation.out)
    people = _sample(live, parameters.seed)
    part = live if live.n_votes <= MOST_VOTES else live.take_participants(people)
    held = cell_fingerprints(part, parameters.seed) < np.uint64(int(WITHHELD * 2**64))
    train = _keep_votes(part, ~held)
    inside = shown.in_map if part is live else shown.in_map[people]
    asked = held & (part.vote != 0) & inside[part.participant]
    n_asked = int(asked.sum())
    if n_asked == 0:
        return Accuracy(0, float("nan"), float("nan"), float("nan"))
    everything = type(moderation).none(part.n_statements)
    known = None if shown.classes is None else shown.classes.on(~moderation.out)
    refit = fit_map(
        train,
        everything,
        replace(parameters, bootstrap=0),
        settled=replace(shown, classes=known),
    )
    truth = part.vote[asked] > 0
    rows, columns = part.participant[asked], part.statement[asked]
    score = _Scores(train)
    by_group = score.group(refit.group, max(refit.n_groups, 1))[refit.group[rows], columns]
    by_group = np.where(refit.group[rows] < 0, score.mean[columns], by_group)
    guesses = score.mean[columns], by_group, score.map(refit.position, rows, columns)
    majority, group, place = (float(((guess >= 0) == truth).mean()) for guess in guesses)
    return Accuracy(n_asked, majority, group, place)


def _sample(votes: Votes, seed: int) -> NDArray[np.intp]:
    order = canonical_order(votes, seed)
    running = np.cumsum(votes.votes_per_participant[order])
    return order[: int(np.searchsorted(running, MOST_VOTES))]


def _keep_votes(votes: Votes, keep: NDArray[np.bool_]) -> Votes:
    running = np.concatenate(([0], np.cumsum(keep, dtype=np.int64)))
    return Votes(running[votes.indptr], votes.statement[keep], votes.vote[keep], votes.n_statements)


class _Scores:
    """Means of agree (+1) and disagree (-1) among the votes that were not withheld."""

    def __init__(self, votes: Votes) -> None:
        sided = votes.vote != 0
        self.rows = votes.participant[sided]
        self.columns = votes.statement[sided]
        self.side = votes.vote[sided].astype(np.float64)
        self.statements = votes.n_statements
        self.count = np.bincount(self.columns, minlength=self.statements)
        total = np.bincount(self.columns, self.side, self.statements)
        self.mean = total / np.maximum(self.count, 1)

    def group(self, group: NDArray[np.int32], groups: int) -> NDArray[np.float64]:
        """Mean of each group on each statement, leaning on everybody's."""
        of_vote = group[self.rows]
        counted = of_vote >= 0
        cell = of_vote[counted].astype(np.int64) * self.statements + self.columns[counted]
        size = groups * self.statements
        total = np.bincount(cell, self.side[counted], size).reshape(groups, -1)
        count = np.bincount(cell, minlength=size).reshape(groups, -1)
        return np.asarray((total + GROUP_PRIOR * self.mean) / (count + GROUP_PRIOR))

    def map(
        self, position: NDArray[np.float64], rows: NDArray[np.int32], columns: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Value at each asked vote of the plane fitted to the votes on its statement."""
        place = position / max(float(np.sqrt((position**2).mean())), 1e-12)
        n = np.maximum(self.count, 1)
        x, y = place[self.rows].T

        def mean(value: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(np.bincount(self.columns, value, self.statements) / n)

        mx, my = mean(x), mean(y)
        prior = MAP_PRIOR / n
        xx, yy = mean(x * x) - mx**2 + prior, mean(y * y) - my**2 + prior
        xy = mean(x * y) - mx * my
        xs, ys = mean(x * self.side) - mx * self.mean, mean(y * self.side) - my * self.mean
        determinant = xx * yy - xy**2
        slope_x = (yy * xs - xy * ys) / determinant
        slope_y = (xx * ys - xy * xs) / determinant
        away = place[rows] - np.stack((mx, my), axis=1)[columns]
        return np.asarray(
            self.mean[columns] + slope_x[columns] * away[:, 0] + slope_y[columns] * away[:, 1]
        )
