"""Latent trait: people who stand somewhere on a line or a plane, with answers that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.answers import CHOICES, normalised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.answers import Answers

STEPS, LEAST_STEPS, FIRST_NEWTON = 60, 3, 4
TOLERANCE = 5e-5
REACH, NODES = 3.0, (21, 11)
SLOPE_PRECISION, LEVEL_PRECISION = 1.0, 0.1
START_WIDTH = 0.3
LONGEST_STEP = 2.0


@dataclass(frozen=True, eq=False)
class Trait:
    """A fitted continuum.

    Attributes
    ----------
    node : ndarray of shape (G, D)
        Places that are looked at, in standard deviations of a normal law.
    log_size : ndarray of shape (G,), float32
        Log of the share of people at each place, before any vote.
    log_answer : ndarray of shape (3C, G), float32
        Log-probability of each answer at each place.
    fit : float
        Log-likelihood of the votes and of the prior together.
    """

    node: NDArray[np.float64]
    log_size: NDArray[np.float32]
    log_answer: NDArray[np.float32]
    fit: float

    def posterior(self, answers: Answers) -> NDArray[np.float32]:
        """Return how likely each person stands at each place; shape (M, G), rows add up to 1."""
        return normalised(answers.likelihood(self.log_answer) + self.log_size)[0]


def start_at(place: NDArray[np.float64]) -> NDArray[np.float32]:
    """Turn places into a first guess of where on the grid people stand.

    Parameters
    ----------
    place : ndarray of shape (M, D)
        In any unit, D = 1 or 2; each axis is brought to a standard deviation of one.

    Returns
    -------
    ndarray of shape (M, G)
        Rows add up to 1.
    """
    node, _ = grid(place.shape[1])
    spread = np.maximum(place.std(axis=0), 1e-12)
    at = np.clip((place - place.mean(axis=0)) / spread, -0.9 * REACH, 0.9 * REACH)
    away = ((at[:, None, :] - node[None]) ** 2).sum(axis=2)
    return normalised((-0.5 * away / START_WIDTH**2).astype(np.float32))[0]


def grid(dimensions: int) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return places on a line or in a disc, shape (G, D), and their log-weights, shape (G,)."""
    axis = np.linspace(-REACH, REACH, NODES[dimensions - 1])
    node = np.stack(np.meshgrid(*[axis] * dimensions, indexing="ij"), axis=-1)
    node = node.reshape(-1, dimensions)
    square = (node**2).sum(axis=1)
    node, square = node[square <= REACH**2 + 1e-9], square[square <= REACH**2 + 1e-9]
    weight = np.exp(-0.5 * square)
    return node, np.log(weight / weight.sum()).astype(np.float32)


def fit_trait(
    answers: Answers, share: NDArray[np.float32], dimensions: int, *, steps: int = STEPS
) -> Trait:
    """Fit the nominal response model from a first guess of where people stand.

    Parameters
    ----------
    answers : Answers
        M people, C statements.
    share : ndarray of shape (M, G)
        First guess over the places of `grid(dimensions)`, rows add up to 1.
    dimensions : {1, 2}
        A line or a plane.
    steps : int
        Most rounds, at least 1.

    Returns
    -------
    Trait

    Notes
    -----
    Against a pass, agreeing and disagreeing each have a log-odds that is a straight function of
    the place z: ``a_jc + b_jc · z``, z ~ N(0, I) on a grid up to three standard deviations. A
    round puts people on the grid by their votes and takes one Newton step for each statement.
    Slopes have a normal prior of precision 1, levels one of 0.1 around what everybody answered.
    What nobody answered is left out of the likelihood.

    References
    ----------
    Bock, R. D. (1972). Estimating item parameters and latent ability when responses are scored in
    two or more nominal categories. Psychometrika 37. Bock, R. D. and Aitkin, M. (1981).
    Psychometrika 46.
    """
    node, log_size = grid(dimensions)
    design = np.concatenate((np.ones((len(node), 1)), node), axis=1)
    statement = _Statements(answers, design)
    weight = answers.weight.astype(np.float32)[:, None]
    least = TOLERANCE * max(answers.votes.n_votes, 1)
    fit = -np.inf
    for step in range(steps):
        count = answers.count(share * weight).astype(np.float64)
        for _ in range(1 if step else FIRST_NEWTON):
            statement.step(count.reshape(answers.n_statements, CHOICES, -1))
        log_answer = statement.log_answer().reshape(-1, len(node)).astype(np.float32)
        share, evidence = normalised(answers.likelihood(log_answer) + log_size)
        before, fit = fit, float(evidence @ answers.weight) - statement.penalty()
        if step >= LEAST_STEPS and fit - before <= least:
            break
    return Trait(node, log_size, log_answer, fit)


class _Statements:
    """Levels and slopes of agreeing and disagreeing against passing, of every statement."""

    def __init__(self, answers: Answers, design: NDArray[np.float64]) -> None:
        self.design = design
        self.width = design.shape[1]
        pairs = design[:, :, None] * design[:, None, :]
        self.pairs = pairs.reshape(len(design), -1)
        log_share = np.log(answers.share)
        self.level = log_share[:, [0, 2]] - log_share[:, [1]]
        self.coefficient = np.zeros((answers.n_statements, 2, self.width))
        self.coefficient[:, :, 0] = self.level
        self.precision = np.full(self.width, SLOPE_PRECISION)
        self.precision[0] = LEVEL_PRECISION

    def log_answer(self) -> NDArray[np.float64]:
        """Return the log-probability of each answer at each place; shape (C, 3, G)."""
        score = np.zeros((len(self.coefficient), CHOICES, len(self.design)))
        score[:, [0, 2]] = self.coefficient @ self.design.T
        score -= score.max(axis=1, keepdims=True)
        log_answer: NDArray[np.float64] = score - np.log(np.exp(score).sum(axis=1, keepdims=True))
        return log_answer

    def _away(self) -> NDArray[np.float64]:
        away = self.coefficient.copy()
        away[:, :, 0] -= self.level
        return away

    def penalty(self) -> float:
        """Return what the prior takes off the log-likelihood."""
        return 0.5 * float((self.precision * self._away() ** 2).sum())

    def step(self, count: NDArray[np.float64]) -> None:
        """Take one Newton step towards the answers counted at each place; shape (C, 3, G)."""
        share = np.exp(self.log_answer())[:, [0, 2]]
        total = count.sum(axis=1)
        slope = (count[:, [0, 2]] - total[:, None] * share) @ self.design
        slope -= self.precision * self._away()
        number, width = len(count), self.width
        curve = np.zeros((number, 2, width, 2, width))
        for a, b in ((0, 0), (0, 1), (1, 1)):
            mass = total * share[:, a] * ((a == b) - share[:, b])
            curve[:, a, :, b] = curve[:, b, :, a] = (mass @ self.pairs).reshape(-1, width, width)
        square = curve.reshape(number, 2 * width, 2 * width)
        square += np.diag(np.tile(self.precision, 2))
        move = np.linalg.solve(square, slope.reshape(number, -1, 1)).reshape(slope.shape)
        longest = np.abs(move).max(axis=(1, 2), keepdims=True)
        self.coefficient += move * np.minimum(1.0, LONGEST_STEP / np.maximum(longest, 1e-12))
