"""The opinion map as an estimator: settings first, then `fit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import OpinionMapResult, Parameters
from hiwar.engine.opinion.votes import Moderation, Votes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


class OpinionMap:
    """Fit the opinion map of a conversation.

    Parameters
    ----------
    parameters : Parameters, optional
        Stored untouched; looked at when `fit` is called.

    Attributes
    ----------
    result_ : OpinionMapResult
        Everything that was found.
    position_ : ndarray of shape (N, 2)
        Map units.
    component_ : ndarray of shape (2, C)
        Loadings.
    group_ : ndarray of shape (N,), int32
        Group labels, -1 for none.
    n_groups_ : int
        0 when no groups can be shown.

    Examples
    --------
    >>> import numpy as np
    >>> sides = np.repeat([[1, -1] * 5, [-1, 1] * 5], 20, axis=0)
    >>> OpinionMap().fit(sides).n_groups_
    2
    """

    result_: OpinionMapResult
    position_: NDArray[np.float64]
    component_: NDArray[np.float64]
    group_: NDArray[np.int32]
    n_groups_: int

    def __init__(self, parameters: Parameters | None = None) -> None:
        self.parameters = parameters

    def fit(
        self,
        votes: Votes | ArrayLike,
        moderation: Moderation | None = None,
        *,
        weight: ArrayLike | None = None,
    ) -> OpinionMap:
        """Fit the map.

        Parameters
        ----------
        votes : Votes or array_like of shape (N, C)
            Values in {-1, 0, 1}, nan where no vote was cast.
        moderation : Moderation, optional
            Everything accepted without it.
        weight : array_like of shape (N,), optional
            Weight of each participant, >= 0.

        Returns
        -------
        OpinionMap
            Itself.

        Raises
        ------
        ValueError
            If a vote is not in {-1, 0, 1} or nan, a weight is negative, or sizes differ.
        """
        columns = votes if isinstance(votes, Votes) else Votes.from_dense(votes)
        decided = moderation or Moderation.none(columns.n_statements)
        opinion_map_result = fit_map(
            columns, decided, self.parameters or Parameters(), weight=weight
        )
        self.result_ = opinion_map_result
        self.position_, self.component_ = opinion_map_result.position, opinion_map_result.component
        self.group_, self.n_groups_ = opinion_map_result.group, opinion_map_result.n_groups
        return self
