"""What was offered to whom with what probability, and how to weigh the answers by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Exposure:
    """What was offered to somebody, with everything needed to weigh the answer later.

    Attributes
    ----------
    statement : int
        Column of the statement.
    probability : float
        Probability with which it was offered, in (0, 1]:
        quota_share · deficit / total_deficit + (1 - quota_share) · weight / total_weight.
    n_eligible : int
        Statements that could have been offered.
    weight, total_weight : float
        Priority of the statement, and of all that could have been offered.
    deficit, total_deficit : float
        Votes it lacks to its guaranteed minimum, and those that all lack.
    quota_share : float
        Share of draws that went to deficits; 0 when nothing was lacking.
    """

    statement: int
    probability: float
    n_eligible: int
    weight: float
    total_weight: float
    deficit: float
    total_deficit: float
    quota_share: float


def inverse_probability_share(
    success: ArrayLike,
    probability: ArrayLike,
    draw_number: ArrayLike = 1,
    n_draws: ArrayLike = 1,
) -> tuple[float, float]:
    """Return the share of successes as if everybody had been offered the statement.

    Parameters
    ----------
    success : array_like of shape (n,)
        1 where the answer counts as a success, else 0; one row per person who answered.
    probability : array_like of shape (n,)
        Probability with which the statement was offered (`Exposure.probability`), in (0, 1].
    draw_number : array_like of shape (n,) or int
        Which of the person's offers it was, from 1.
    n_draws : array_like of shape (n,) or int
        How many offers the person had in all, >= `draw_number`.

    Returns
    -------
    share : float
        In [0, 1]; nan without an answer.
    effective_sample_size : float
        (Σw)² / Σw², between 1 and n; 0 without an answer.

    Raises
    ------
    ValueError
        If a probability is outside (0, 1] or a draw number outside 1 … n_draws.

    Notes
    -----
    Hájek's estimator Σ w s / Σ w. With one offer w = 1/π. With T offers without repetition,
    of which the statement was the r-th, w = (T - r + 1/π) / T: before the r-th offer the person
    adds 0, at it 1/π, after it 1, which given the past is 1 on average at every offer (the idea
    of Des Raj's ordered estimator), so w has mean 1 over everybody. It assumes that every
    offer is answered, a pass being an answer, and that T does not depend on the answers.

    References
    ----------
    Hájek (1971), comment on Basu, in Foundations of Statistical Inference. Des Raj (1956),
    Some estimators in sampling with varying probabilities without replacement, JASA 51.

    Examples
    --------
    >>> share, size = inverse_probability_share([1, 1, 0], [0.5, 0.5, 0.1])
    >>> round(share, 3), round(size, 2)
    (0.286, 1.81)
    """
    s, p, r, n = (
        np.asarray(part, dtype=np.float64) for part in (success, probability, draw_number, n_draws)
    )
    if ((p <= 0) | (p > 1)).any() or ((r < 1) | (r > n)).any():
        msg = "a probability lies in (0, 1] and a draw number in 1 … n_draws"
        raise ValueError(msg)
    if not len(s):
        return float("nan"), 0.0
    weight = np.broadcast_to((n - r + 1 / p) / n, s.shape)
    return float(weight @ s / weight.sum()), float(weight.sum() ** 2 / (weight @ weight))
