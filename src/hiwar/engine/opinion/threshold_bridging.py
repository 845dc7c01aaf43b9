"""Bridging statements by a plain rule: enough agreement in every room and in every group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

PERCENT = 100
REACHED, MISSED, UNTOLD = 1, 0, -1


@dataclass(frozen=True, eq=False)
class Everywhere:
    """Where statements reach a share of agreement.

    Attributes
    ----------
    in_room : ndarray of shape (n_rooms, n_statements), int8
        1 where the share is reached, 0 where it is missed, -1 where it cannot be told.
    in_group : ndarray of shape (n_groups, n_statements), int8
        The same by opinion group.
    bridging : ndarray of shape (n_statements,), int8
        1 where it is reached in every room and group, 0 where one of them is known to miss it,
        -1 where none is known to miss it and one cannot be told.
    """

    in_room: NDArray[np.int8]
    in_group: NDArray[np.int8]
    bridging: NDArray[np.int8]


def reaches_share(
    least: ArrayLike, most: ArrayLike, seen: ArrayLike, percent: int
) -> NDArray[np.int8]:
    """Tell whether the agreement reaches a share, from bounds of the number that agrees.

    Parameters
    ----------
    least, most : array_like of one shape
        Between which numbers the number of those who agree lies; equal where it is known, nan
        where nothing is.
    seen : array_like of that shape
        Votes: agree, disagree and pass.
    percent : int
        Share of the votes, in percent, in 1 … 100.

    Returns
    -------
    ndarray of that shape, int8
        1 where it is reached, 0 where it is missed, -1 where that cannot be told, and where
        nobody voted.

    Raises
    ------
    ValueError
        If the share is not in 1 … 100.

    Notes
    -----
    A / S ≥ p / 100 with A those who agree and S = agree + disagree + pass. A pass counts in S:
    somebody who saw the statement and did not agree with it. Computed as 100 A ≥ p S in whole
    numbers, so 6 of 10 are 60 % without rounding.

    Examples
    --------
    >>> reaches_share([6, 5, np.nan, 0], [6, 5, np.nan, 0], [10, 10, 10, 0], 60).tolist()
    [1, 0, -1, -1]
    """
    if not 1 <= percent <= PERCENT:
        msg = f"a share lies between 1 and 100 percent, not {percent}"
        raise ValueError(msg)
    low, high, votes = (np.asarray(part, np.float64) for part in (least, most, seen))
    is_known = votes > 0
    needed = percent * votes
    reached = np.full(np.broadcast_shapes(low.shape, votes.shape), UNTOLD, np.int8)
    reached[is_known & (PERCENT * high < needed)] = MISSED
    reached[is_known & (PERCENT * low >= needed)] = REACHED
    return reached


def agreement_everywhere(in_room: NDArray[np.int8], in_group: NDArray[np.int8]) -> Everywhere:
    """Join what rooms and groups say into whether a statement is bridging.

    Parameters
    ----------
    in_room : ndarray of shape (n_rooms, n_statements), int8
        From `reaches_share`, one row for each room that is told.
    in_group : ndarray of shape (n_groups, n_statements), int8
        The same by opinion group; no row where people did not form groups.

    Returns
    -------
    Everywhere

    Raises
    ------
    ValueError
        If the two do not have the same statements.

    Notes
    -----
    The minimum over rooms and groups, with a miss that is known weighing more than what cannot
    be told. Without any room nothing can be told. In contrast to group-informed consensus and to
    `bridging.bridging_score` there is no prior and no average: a statement with 59 % in one
    room fails, however popular it is elsewhere. That can be read aloud and checked by hand, which
    is why it is offered beside the scores. It says nothing of people who were not in the rooms.

    References
    ----------
    The rule of 60 % agreement in every group goes back to the summaries of Jigsaw's Sensemaker
    (github.com/Jigsaw-Code/sensemaking-tools), which does not know rooms.

    Examples
    --------
    >>> rooms = np.array([[1, 1, 1, -1], [1, 0, -1, 0]], np.int8)
    >>> groups = np.array([[1, 1, 1, 1]], np.int8)
    >>> agreement_everywhere(rooms, groups).bridging.tolist()
    [1, 0, -1, 0]
    """
    if in_room.shape[1] != in_group.shape[1]:
        msg = f"{in_room.shape[1]} statements by room, {in_group.shape[1]} by group"
        raise ValueError(msg)
    both = np.concatenate((in_room, in_group))
    bridging = np.full(in_room.shape[1], REACHED, np.int8)
    bridging[(both == UNTOLD).any(axis=0) | (len(in_room) == 0)] = UNTOLD
    if len(in_room):
        bridging[(both == MISSED).any(axis=0)] = MISSED
    return Everywhere(in_room, in_group, bridging)
