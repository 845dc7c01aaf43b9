"""Who may be told apart: no class of people that is small enough to be one person's ballot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion import Votes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Conversation
    from hiwar.engine.opinion.results import Analysis
    from hiwar.engine.opinion.votes import Tally


@dataclass(frozen=True, eq=False)
class Told:
    """What may be said of whom.

    Attributes
    ----------
    groups : tuple of bool
        Whether the answers of each group are told.
    sizes : tuple of int
        People of each group.
    untold : int
        People whose votes are left out of every count.
    conversation : Conversation
        The same people and statements without the votes of those.
    tally : Tally
        The votes of all others together, shape (1, C).
    """

    groups: tuple[bool, ...]
    sizes: tuple[int, ...]
    untold: int
    conversation: Conversation
    tally: Tally


def told(conversation: Conversation, analysis: Analysis, smallest: int) -> Told:
    """Return what may be said when no fewer than a number of people are told apart.

    Notes
    -----
    Whoever sees the counts of everybody and of each group can subtract. What remains are the votes
    of those in no group, together with those of groups too small to be told. If they are fewer than
    `smallest`, their votes would stand there by statement; so they are left out of all counts.
    """
    opinion_map = analysis.opinion_map
    sizes = np.bincount(opinion_map.group[opinion_map.group >= 0], minlength=opinion_map.n_groups)
    is_told = sizes >= smallest
    rest = (opinion_map.group < 0) | ~np.append(is_told, False)[opinion_map.group]
    cast = conversation.votes.votes_per_participant > 0
    untold = int((rest & cast).sum())
    if not 0 < untold < smallest:
        return Told(tuple(is_told.tolist()), tuple(sizes.tolist()), 0, conversation,
                    analysis.tally_all)  # fmt: skip
    kept = replace(conversation, votes=_without(conversation.votes, rest))
    return Told(tuple(is_told.tolist()), tuple(sizes.tolist()), untold, kept, kept.votes.tally())


def _without(votes: Votes, people: NDArray[np.bool_]) -> Votes:
    """Return the votes of all others; the people stay, without a vote."""
    keep = ~people[votes.participant]
    count = np.where(people, 0, np.diff(votes.indptr))
    indptr = np.concatenate(([0], np.cumsum(count)))
    return Votes(indptr, votes.statement[keep], votes.vote[keep], votes.n_statements)
