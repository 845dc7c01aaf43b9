"""What a majority of all shares, and what every group shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from hiwar.engine.opinion import proportions
from hiwar.engine.opinion.results import ConsensusStatement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.votes import Tally

Both = tuple[tuple[ConsensusStatement, ...], tuple[ConsensusStatement, ...]]


def majority_consensus(
    everybody: Tally,
    out: NDArray[np.bool_],
    limit: int = 5,
    *,
    min_exposure: int = 0,
) -> Both:
    """List what a majority of all participants agrees with, and disagrees with.

    Parameters
    ----------
    everybody : Tally
        Counts of shape (1, C) of all participants, those outside every group included.
    out : ndarray of shape (C,), bool
        True for statements that are never listed.
    limit : int
        Longest list, >= 0.
    min_exposure : int
        Votes that a statement needs; 0 repeats the best-known system.

    Returns
    -------
    agree, disagree : tuple of ConsensusStatement
        Best first; empty when no majority is clear.

    Notes
    -----
    With P = (A + 1)/(S + 2), passes counted in S: P > ½ and z_P > 1.2816 (one-sided 90 %),
    ordered by P·z_P, ties by column. Groups play no part: a majority may be one group alone.

    References
    ----------
    Small et al. (2021), Polis: scaling deliberation by mapping high dimensional opinion
    spaces, Recerca 26.
    """
    allowed = ~out & (everybody.seen[0] >= min_exposure)
    agree = _majority(everybody.agree[0], everybody.seen[0], allowed, "agree")
    disagree = _majority(everybody.disagree[0], everybody.seen[0], allowed, "disagree")
    return agree[:limit], disagree[:limit]


def group_informed_consensus(by_group: Tally) -> NDArray[np.float64]:
    """Return how far every group agrees: Π over groups of (A + 1) / (S + 2).

    Parameters
    ----------
    by_group : Tally
        Counts of shape (G, C), of the members of the groups only.

    Returns
    -------
    ndarray of shape (C,)
        Values in (0, 1); nan without groups. Statements that are out have a value too:
        leaving them out is for who shows a list.

    Notes
    -----
    One group that rejects a statement pulls the product down, which an average would hide.
    The value falls with the number of groups (0.9 in each of six groups gives 0.53) and a
    statement without a vote gets ½ per group; so compare only within one conversation, and
    read it under a minimum exposure.

    References
    ----------
    Small et al. (2021), Polis: scaling deliberation by mapping high dimensional opinion
    spaces, Recerca 26, on group-informed consensus.

    Examples
    --------
    >>> import numpy as np
    >>> from hiwar.engine.opinion.votes import Tally
    >>> agree, disagree = np.array([[38], [270]]), np.array([[0], [2]])
    >>> group_informed_consensus(Tally(agree, disagree, np.array([[2], [8]]))).round(4).tolist()
    [0.8924]
    """
    return _product_over_groups(by_group.agree, by_group.seen)


def group_informed_consensus_disagree(by_group: Tally) -> NDArray[np.float64]:
    """Return how far every group disagrees: Π over groups of (D + 1) / (S + 2).

    As `group_informed_consensus`, for disagreement. A pass supports neither.
    """
    return _product_over_groups(by_group.disagree, by_group.seen)


def _product_over_groups(
    successes: NDArray[np.int64], trials: NDArray[np.int64]
) -> NDArray[np.float64]:
    if not len(successes):
        return np.full(successes.shape[1], np.nan)
    product: NDArray[np.float64] = proportions.smoothed_share(successes, trials).prod(axis=0)
    return product


def _majority(
    successes: NDArray[np.int64],
    trials: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    direction: Literal["agree", "disagree"],
) -> tuple[ConsensusStatement, ...]:
    share = proportions.smoothed_share(successes, trials)
    z = proportions.smoothed_against_half(successes, trials)
    columns = np.flatnonzero(allowed & (share > 0.5) & (z > proportions.Z_90))
    order = columns[np.lexsort((columns, -(share * z)[columns]))]
    return tuple(
        ConsensusStatement(
            statement=int(j),
            direction=direction,
            n_success=int(successes[j]),
            n_trials=int(trials[j]),
            p_success=float(share[j]),
            p_test=float(z[j]),
        )
        for j in order
    )
