"""Means, components and positions: the map before anybody is put into a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.pca import principal_components
from hiwar.engine.opinion.residuals import Residuals, residuals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Mode
    from hiwar.engine.opinion.votes import Votes


@dataclass(frozen=True, eq=False)
class Plane:
    """Where people and statements stand.

    Attributes
    ----------
    centred : Residuals
        What the components were computed from.
    component : ndarray of shape (2, C)
        Loadings, unit length.
    eigenvalue : ndarray of shape (2,)
        Sum of squares along each component.
    explained_variance : ndarray of shape (2,)
        Share of the variance of the imputed matrix, in [0, 1].
    position : ndarray of shape (N, 2)
        Map units.
    statement_position : ndarray of shape (C, 2)
        Map units; 0 for statements that are out or that nobody voted on.
    """

    centred: Residuals
    component: NDArray[np.float64]
    eigenvalue: NDArray[np.float64]
    explained_variance: NDArray[np.float64]
    position: NDArray[np.float64]
    statement_position: NDArray[np.float64]


def fit_plane(
    votes: Votes,
    out: NDArray[np.bool_],
    mode: Mode = "default",
    *,
    weight: NDArray[np.float64] | None = None,
) -> Plane:
    """Fit the two components and place everybody and every statement.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    out : ndarray of shape (C,), bool
        Statements that take no part.
    mode : {"default", "compat"}
        How statements that are out count in the scale, see `residuals`.
    weight : ndarray of shape (N,), optional
        Weight of each participant, >= 0.

    Returns
    -------
    Plane
        (0, 0) for somebody without a live vote.

    Notes
    -----
    Participant: ``y_i = sqrt(C / n_i) * sum_j (x_ij - m_j) v_j`` over the statements voted on.
    Statement: ``p_j = sqrt(C) * (1 - m_j) * v_j``, somebody whose only vote is agree on it.
    """
    centred = residuals(votes, out, mode, weight=weight)
    return place(centred, *principal_components(centred))


def place(
    centred: Residuals, component: NDArray[np.float64], eigenvalue: NDArray[np.float64]
) -> Plane:
    """Place everybody and every statement on given components."""
    component = component * centred.live
    axes = np.ascontiguousarray(component.T)
    position = centred.scale[:, None] * (centred.matrix.product @ axes)
    statement_position = np.sqrt(centred.columns) * (1.0 - centred.mean)[:, None] * axes
    total = _sum_of_squares(centred)
    share = eigenvalue / total if total > 0.0 else np.zeros(2)
    return Plane(centred, component, eigenvalue, share, position, statement_position)


def _sum_of_squares(centred: Residuals) -> float:
    data = centred.matrix.data
    if centred.weight is None:
        return float(data @ data)
    of_vote = np.repeat(centred.weight, np.diff(centred.matrix.indptr))
    return float((data * of_vote) @ data)
