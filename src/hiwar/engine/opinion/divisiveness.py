"""How far groups differ on a statement, and which statements are shared or dividing."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.intervals import difference, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Parameters
    from hiwar.engine.opinion.votes import Tally

SHARED_SHARE = 0.60
CLEAR_DIFFERENCE = 0.15


def divisiveness(
    by_group: Tally, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the largest difference of agreement between two groups, with its interval.

    Parameters
    ----------
    by_group : Tally
        Counts of shape (G, C), of the members of the groups only.
    confidence : float
        Level of the interval, in (0, 1), for all pairs of groups together.

    Returns
    -------
    estimate, low, high : ndarray of shape (C,)
        In [0, 1]; nan where fewer than two groups have a vote.

    Raises
    ------
    ValueError
        If the level is not in (0, 1).

    Notes
    -----
    The share that agrees is A / S with passes counted in S. The estimate is the maximum over
    pairs of groups of abs(A_g/S_g - A_h/S_h). Each pair has Newcombe's interval at level
    1 - (1 - confidence) / (number of pairs), so that all hold together (Bonferroni); the bounds
    are the largest lower and the largest upper bound of the pairs. A maximum of noisy
    differences is too large on average, so order by `low`, not by the estimate.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> import numpy as np
    >>> from hiwar.engine.opinion.votes import Tally
    >>> votes = Tally(np.array([[80], [16]]), np.array([[10], [66]]), np.array([[4], [7]]))
    >>> [round(float(bound[0]), 3) for bound in divisiveness(votes, 0.90)]
    [0.671, 0.568, 0.748]
    """
    pairs = list(combinations(range(len(by_group.agree)), 2))
    size, low, high = _pairwise(by_group, pairs, confidence)
    return _largest(size), _largest(low), _largest(high)


def shared_direction(by_group: Tally, parameters: Parameters) -> NDArray[np.int8]:
    """Return what every group shares: 1 agreement, -1 disagreement, 0 neither.

    Parameters
    ----------
    by_group : Tally
        Counts of shape (G, C).
    parameters : Parameters
        `confidence` and `min_exposure` are read.

    Returns
    -------
    ndarray of shape (C,), int8
        Values in {-1, 0, 1}; 0 without groups.

    Notes
    -----
    In **every** group: at least `min_exposure` votes, a share of at least 60 % of all votes
    (passes included) and a lower Wilson bound above one half. As every group has to pass, the
    claim needs no correction for the number of groups.
    """
    enough = has_exposure(by_group, parameters.min_exposure)
    agree = _clear_majority(by_group.agree, by_group.seen, parameters.confidence)
    disagree = _clear_majority(by_group.disagree, by_group.seen, parameters.confidence)
    return (enough & agree).astype(np.int8) - (enough & disagree).astype(np.int8)


def is_dividing(by_group: Tally, parameters: Parameters) -> NDArray[np.bool_]:
    """Return where two groups lean in opposite directions by a clear margin.

    Parameters
    ----------
    by_group : Tally
        Counts of shape (G, C).
    parameters : Parameters
        `confidence` and `min_exposure` are read.

    Returns
    -------
    ndarray of shape (C,), bool
        False without two groups; never true where a statement is shared.

    Notes
    -----
    Every group has `min_exposure` votes, and for some pair of groups the lower bound of
    the difference of agreement (see `divisiveness`) exceeds 0.15 while more members of one
    agree than disagree and more of the other disagree than agree. The lean is taken from
    agree against disagree, because a group that passes is not a group that is against.
    """
    pairs = list(combinations(range(len(by_group.agree)), 2))
    if not pairs:
        return np.zeros(by_group.agree.shape[1], np.bool_)
    _, low, _ = _pairwise(by_group, pairs, parameters.confidence)
    lean = np.sign(by_group.agree - by_group.disagree)
    opposite = np.stack([lean[g] * lean[h] < 0 for g, h in pairs])
    clear = np.any(opposite & (low > CLEAR_DIFFERENCE), axis=0)
    verdict: NDArray[np.bool_] = clear & has_exposure(by_group, parameters.min_exposure)
    return verdict


def has_exposure(by_group: Tally, min_exposure: int) -> NDArray[np.bool_]:
    """Return where every group has at least so many votes; shape (C,), False without groups."""
    if not len(by_group.agree):
        return np.zeros(by_group.agree.shape[1], np.bool_)
    enough: NDArray[np.bool_] = np.all(by_group.seen >= min_exposure, axis=0)
    return enough


def _pairwise(
    by_group: Tally, pairs: list[tuple[int, int]], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return size, low and high of the difference of each pair; shape (n_pairs, C)."""
    first = np.array([g for g, _ in pairs], dtype=np.intp)
    second = np.array([h for _, h in pairs], dtype=np.intp)
    agree, seen = by_group.agree, by_group.seen
    level = 1 - (1 - confidence) / max(len(pairs), 1)
    low, high = difference((agree[first], seen[first]), (agree[second], seen[second]), level)
    share = np.divide(agree, seen, out=np.full(agree.shape, np.nan), where=seen > 0)
    size = np.abs(share[first] - share[second])
    return size, np.maximum(np.maximum(low, -high), 0.0), np.maximum(high, -low)


def _largest(of_pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = np.full(of_pairs.shape[1], np.nan)
    for values in of_pairs:
        largest = np.fmax(largest, values)
    return largest


def _clear_majority(
    successes: NDArray[np.int64], trials: NDArray[np.int64], confidence: float
) -> NDArray[np.bool_]:
    low, _ = wilson(successes, trials, confidence)
    clear: NDArray[np.bool_] = np.all((successes >= SHARED_SHARE * trials) & (low > 0.5), axis=0)
    return clear
