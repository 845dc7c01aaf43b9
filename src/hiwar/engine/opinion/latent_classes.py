"""Latent classes: people who belong to one of K groups, each with its own shares of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.answers import CHOICES, PRIOR, normalised
from hiwar.engine.opinion.clustering import best_starts, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.answers import Answers

STEPS, FIRST_STEPS = 200, 8
TOLERANCE = 1e-5
RESTARTS, STARTS = 5, 2
SURE = 0.9


@dataclass(frozen=True, eq=False)
class Classes:
    """A mixture of classes.

    Attributes
    ----------
    log_size : ndarray of shape (K,), float32
        Log of the share of people in each class.
    log_answer : ndarray of shape (3C, K), float32
        Log-probability of each answer in each class, rows as in `Answers.column`.
    fit : float
        Log-likelihood of the votes and of the prior together.
    """

    log_size: NDArray[np.float32]
    log_answer: NDArray[np.float32]
    fit: float = float("-inf")

    @property
    def n_classes(self) -> int:
        """K."""
        return len(self.log_size)

    def posterior(self, answers: Answers, evidence: float = 1.0) -> NDArray[np.float32]:
        """Return how likely each person belongs to each class; shape (M, K), rows add up to 1.

        Each vote counts as `evidence` of one, in (0, 1]: less than one where the answers of a
        person hang together within a class.
        """
        joint = answers.likelihood(self.log_answer) * np.float32(evidence)
        return normalised(joint + self.log_size)[0]

    def reordered(self, name: NDArray[np.integer]) -> Classes:
        """Return the same classes where class k is called ``name[k]``."""
        old = np.argsort(name)
        return Classes(self.log_size[old], self.log_answer[:, old], self.fit)

    def on(self, kept: NDArray[np.bool_]) -> Classes:
        """Return the same classes on the statements where `kept` is true.

        More statements than the classes know may be given; answers to these say nothing.
        """
        known = self.log_answer
        missing = CHOICES * len(kept) - len(known)
        if missing > 0:
            known = np.concatenate((known, np.zeros((missing, known.shape[1]), np.float32)))
        return Classes(self.log_size, known[np.repeat(kept, CHOICES)], self.fit)


def fit_classes(
    answers: Answers, share: NDArray[np.float32], *, prior: float = PRIOR, steps: int = STEPS
) -> Classes:
    """Fit classes by expectation and maximisation from a first guess of who belongs where.

    Parameters
    ----------
    answers : Answers
        M people, C statements.
    share : ndarray of shape (M, K)
        First guess, rows add up to 1.
    prior : float
        Votes on every statement that each class is given beforehand, answered as everybody
        answered (a Dirichlet prior), > 0.
    steps : int
        Most rounds, at least 1.

    Returns
    -------
    Classes
        At rest: another round gains less than 1e-5 a vote, or `steps` are over.

    Notes
    -----
    ``P(x_i) = sum_k pi_k prod_j theta_kj(x_ij)`` over the statements that i voted on: what nobody
    answered is left out of the likelihood, not filled. ``theta_kj`` is the share of each answer
    among the members (each counted as far as they belong) and the prior; every class is given one
    person beforehand.

    References
    ----------
    Bartholomew, D. J. and Knott, M. (1999). Latent Variable Models and Factor Analysis, chapter 6.
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood from incomplete data
    via the EM algorithm. JRSS B 39.
    """
    weight = answers.weight.astype(np.float32)[:, None]
    pull = (prior * answers.share).astype(np.float32).reshape(-1, 1)
    least = TOLERANCE * max(answers.votes.n_votes, 1)
    fit = -np.inf
    for _ in range(steps):
        log_size, log_answer = _maximised(answers, share * weight, pull)
        share, evidence = normalised(answers.likelihood(log_answer) + log_size)
        before, fit = fit, float(evidence @ answers.weight) + float((pull * log_answer).sum())
        if fit - before <= least:
            break
    return Classes(log_size, log_answer, fit)


def counted_classes(
    answers: Answers, share: NDArray[np.float32], *, prior: float = PRIOR
) -> Classes:
    """Return the classes of people who are known to belong where they do.

    Parameters
    ----------
    answers : Answers
        M people, C statements.
    share : ndarray of shape (M, K)
        How much each person belongs to each class; rows add up to 1.
    prior : float
        As in `fit_classes`.

    Returns
    -------
    Classes
        One round of maximisation.
    """
    weight = answers.weight.astype(np.float32)[:, None]
    pull = (prior * answers.share).astype(np.float32).reshape(-1, 1)
    return Classes(*_maximised(answers, share * weight, pull))


def find_classes(answers: Answers, place: NDArray[np.float64], k: int, seed: int) -> Classes:
    """Fit `k` classes from several starts and return the best.

    Parameters
    ----------
    answers : Answers
        M people, C statements.
    place : ndarray of shape (M, D)
        Where people stand on the leading axes, the first first.
    k : int
        Number of classes, at least 1.
    seed : int
        Of the starts of k-means.

    Returns
    -------
    Classes

    Notes
    -----
    K classes span K - 1 axes, so k-means on as many leading axes gives the starts: its two best
    resting places on the axes as they are, and the best with all of them equally wide. Each start
    is worked on for eight rounds, the best of them to the end.

    References
    ----------
    Biernacki, C., Celeux, G. and Govaert, G. (2003). Choosing starting values for the EM algorithm.
    Computational Statistics and Data Analysis 41.
    """
    if k == 1:
        return fit_classes(answers, np.ones((answers.n_people, 1), np.float32), steps=1)
    axes = place[:, : k - 1]
    wide = axes / np.maximum(axes.std(axis=0), 1e-12)
    mass = np.ones(len(axes))
    guess = [
        nearest(space, centre)
        for space, number in ((axes, STARTS), (wide, 1))
        for centre in best_starts(space, mass, k, RESTARTS, seed)[0][:number]
    ]
    tried = [fit_classes(answers, _leaning(label, k), steps=FIRST_STEPS) for label in guess]
    best = max(tried, key=lambda fitted: fitted.fit)
    return fit_classes(answers, best.posterior(answers))


def _leaning(label: NDArray[np.intp], k: int) -> NDArray[np.float32]:
    share = np.full((len(label), k), (1.0 - SURE) / max(k - 1, 1), np.float32)
    share[np.arange(len(label)), label] = SURE
    return share


def _maximised(
    answers: Answers, mass: NDArray[np.float32], pull: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    count = answers.count(mass) + pull
    table = count.reshape(-1, CHOICES, mass.shape[1])
    log_answer = np.log(table / table.sum(axis=1, keepdims=True)).reshape(count.shape)
    size = mass.sum(axis=0) + np.float32(1.0)
    return np.log(size / size.sum()), log_answer
