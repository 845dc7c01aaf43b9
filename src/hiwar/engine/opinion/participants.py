"""Where somebody stands in relation to everybody and to their own group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import OpinionMapResult


@dataclass(frozen=True, eq=False)
class ParticipantStatistics:
    """One value per participant, in map units; nan for those who are in no group.

    Attributes
    ----------
    centricness : ndarray of shape (N,)
        1 - distance to the centre of everybody on the map, at most 1.
    coreness : ndarray of shape (N,)
        1 - distance to the centre of the group, at most 1.
    extremeness : ndarray of shape (N,)
        Distance from the centre of everybody, measured in the direction of the centre of
        the group; negative on the far side.
    """

    centricness: NDArray[np.float64]
    coreness: NDArray[np.float64]
    extremeness: NDArray[np.float64]


def participant_statistics(opinion_map: OpinionMapResult) -> ParticipantStatistics:
    """Measure how central, how typical and how far out each member of a group is.

    Parameters
    ----------
    opinion_map : OpinionMapResult
        Positions, groups and their centres.

    Returns
    -------
    ParticipantStatistics
        Arrays of shape (N,); all nan when there are no groups.

    Notes
    -----
    With y a position, c the mean position of all who are on the map and c_g the mean of the
    group: 1 - ‖y - c‖, 1 - ‖y - c_g‖, and (y - c)·(c_g - c)/‖c_g - c‖, which is 0 for everybody
    in a group whose centre is c. Distances are in map units and grow with the number of
    statements, so values compare people of one conversation only.

    References
    ----------
    Small et al. (2021), Polis, Recerca 26.
    """
    group = opinion_map.group
    grouped = group >= 0
    blank = np.full(len(group), np.nan)
    if not grouped.any():
        return ParticipantStatistics(blank, blank.copy(), blank.copy())
    centre = opinion_map.position[opinion_map.in_map].mean(axis=0)
    from_centre = opinion_map.position[grouped] - centre
    own = opinion_map.group_centre[group[grouped]]
    from_own = opinion_map.position[grouped] - own
    outward = own - centre
    length = np.hypot(*outward.T)
    along = (from_centre * outward).sum(axis=1)

    def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
        full = blank.copy()
        full[grouped] = values
        return full

    return ParticipantStatistics(
        centricness=spread(1 - np.hypot(*from_centre.T)),
        coreness=spread(1 - np.hypot(*from_own.T)),
        extremeness=spread(np.divide(along, length, out=np.zeros_like(along), where=length > 0)),
    )
