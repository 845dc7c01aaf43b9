"""What missing votes may have done to the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.results import Missingness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import OpinionMapResult
    from hiwar.engine.opinion.votes import Moderation, Votes


def missingness(
    votes: Votes,
    moderation: Moderation,
    shown: OpinionMapResult,
    corrected: NDArray[np.float64],
) -> Missingness:
    """Report how much is missing and whether a place on the map says how much somebody voted.

    Parameters
    ----------
    votes : Votes
    moderation : Moderation
        Votes on statements that are out do not count towards the correlation.
    shown : OpinionMapResult
        The map whose positions are judged, over the people in it.
    corrected : ndarray of shape (n_participants, 2)
        Positions that correct for the number of votes.

    Returns
    -------
    Missingness
        Correlations are nan when fewer than three people are in the map, or all are equally far
        from the centre or have equally many votes.

    Notes
    -----
    Density and median are those of the table of votes as it came, over everybody and every
    statement. The correlation is Pearson's, between the distance from the mean position of the
    people in the map and the natural logarithm of their number of votes.
    """
    cells = votes.n_participants * votes.n_statements
    everybody = votes.votes_per_participant
    counts = everybody[shown.in_map]
    if moderation.out.any():
        live = np.concatenate(([0], np.cumsum(~moderation.out[votes.statement])))
        counts = (live[votes.indptr[1:]] - live[votes.indptr[:-1]])[shown.in_map]
    return Missingness(
        density=votes.n_votes / cells if cells else 0.0,
        median_votes=float(np.median(everybody)) if len(everybody) else 0.0,
        distance_correlation=_correlation(shown.position[shown.in_map], counts),
        distance_correlation_corrected=_correlation(corrected[shown.in_map], counts),
    )


def _correlation(position: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    voted = counts > 0
    if voted.sum() < 3:
        return float("nan")
    place, logs = position[voted], np.log(counts[voted])
    distance = np.linalg.norm(place - place.mean(axis=0), axis=1)
    distance, logs = distance - distance.mean(), logs - logs.mean()
    spread = float(np.sqrt((distance @ distance) * (logs @ logs)))
    if spread <= 1e-12 * len(logs):
        return float("nan")
    return float(np.clip(distance @ logs / spread, -1.0, 1.0))
