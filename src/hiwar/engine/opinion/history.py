"""Who is on the map for ever because the conversation had hardly begun (compat mode)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from hiwar.engine.opinion.results import Parameters


def early_participants(
    participant: ArrayLike, statement: ArrayLike, n_participants: int, parameters: Parameters
) -> NDArray[np.bool_]:
    """Return who was let in while the conversation was too small for the threshold.

    Parameters
    ----------
    participant, statement : array_like of shape (n_events,)
        Votes in the order of time, repeated votes included.
    n_participants : int
        N.
    parameters : Parameters
        `min_votes` and `min_participants`.

    Returns
    -------
    ndarray of shape (N,), bool
        True for those who were in at some moment before the threshold had settled.

    Notes
    -----
    After every vote those are in who were in before, who have ``min(min_votes, C)`` votes with C
    the statements voted on so far, or who are needed to make `min_participants` (by votes,
    then by first vote). Nothing changes once C and the number of those in have grown past both,
    so only the first events are replayed. Those who pass the threshold later are not included.

    References
    ----------
    compdemocracy.org, knowledge base, "participants in conversation".
    """
    events = zip(np.asarray(participant).tolist(), np.asarray(statement).tolist(), strict=True)
    voted: dict[int, set[int]] = {}
    statements: set[int] = set()
    inside: dict[int, None] = {}
    for who, what in events:
        voted.setdefault(who, set()).add(what)
        statements.add(what)
        threshold = min(parameters.min_votes, len(statements))
        if len(voted[who]) >= threshold:
            inside[who] = None
        if len(inside) < parameters.min_participants:
            by_votes = sorted(voted, key=lambda person: -len(voted[person]))
            wanted = [person for person in by_votes if person not in inside]
            for person in wanted[: parameters.min_participants - len(inside)]:
                inside[person] = None
        elif len(statements) >= parameters.min_votes:
            break
    early = np.zeros(n_participants, np.bool_)
    early[list(inside)] = True
    return early


def in_conversation(
    n_votes: NDArray[np.int64],
    n_statements: int,
    parameters: Parameters,
    early: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Return who takes part in the groups: enough votes, let in early, or topped up.

    Parameters
    ----------
    n_votes : ndarray of shape (N,)
        Votes of each participant, passes and statements that are out included.
    n_statements : int
        Statements voted on.
    parameters : Parameters
        `min_votes` and `min_participants`.
    early : ndarray of shape (N,), bool, optional
        Those who were let in when the conversation began.

    Returns
    -------
    ndarray of shape (N,), bool
        Nobody without a vote.
    """
    inside = (n_votes >= min(parameters.min_votes, n_statements)) & (n_votes > 0)
    if early is not None:
        inside = inside | early
    missing = parameters.min_participants - int(inside.sum())
    if missing > 0:
        order = np.argsort(-n_votes, kind="stable")
        wanted = order[~inside[order] & (n_votes[order] > 0)]
        inside = inside.copy()
        inside[wanted[:missing]] = True
    return inside
