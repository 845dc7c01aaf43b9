"""Every figure about a statement, in one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.engine.opinion.bridging import bridging_score
from hiwar.engine.opinion.consensus import (
    group_informed_consensus,
    group_informed_consensus_disagree,
)
from hiwar.engine.opinion.divisiveness import (
    divisiveness,
    has_exposure,
    is_dividing,
    shared_direction,
)
from hiwar.engine.opinion.results import StatementStatistics
from hiwar.engine.opinion.routing import priorities

if TYPE_CHECKING:
    from hiwar.engine.opinion.results import OpinionMapResult, Parameters
    from hiwar.engine.opinion.votes import Moderation, Tally, Votes


def statement_statistics(
    votes: Votes,
    moderation: Moderation,
    by_group: Tally,
    opinion_map: OpinionMapResult,
    parameters: Parameters,
) -> StatementStatistics:
    """Compute consensus, common ground, divisiveness, verdicts and priority of each statement.

    Parameters
    ----------
    votes : Votes
        Votes of all N participants on C statements.
    moderation : Moderation
        Of the C statements.
    by_group : Tally
        Counts of shape (G, C) of the members of the groups; G may be 0.
    opinion_map : OpinionMapResult
        Its extremity is read.
    parameters : Parameters
        `mode`, `confidence` and `min_exposure` are read.

    Returns
    -------
    StatementStatistics
        Arrays of shape (C,).

    Notes
    -----
    Without groups, everybody is judged as one group: a statement is shared when a clear
    majority of all agrees or disagrees, and none divides; what compares groups is nan. A
    statement that is out is neither shared nor dividing.
    """
    groups = by_group if len(by_group.agree) else votes.tally()
    live = ~moderation.out
    estimate, low, high = divisiveness(by_group, parameters.confidence)
    return StatementStatistics(
        group_informed_consensus=group_informed_consensus(by_group),
        group_informed_consensus_disagree=group_informed_consensus_disagree(by_group),
        bridging=bridging_score(votes, moderation.out),
        divisiveness=estimate,
        divisiveness_low=low,
        divisiveness_high=high,
        is_shared=live & (shared_direction(groups, parameters) != 0),
        is_dividing=live & is_dividing(by_group, parameters),
        has_exposure=has_exposure(groups, parameters.min_exposure),
        priority=priorities(groups, opinion_map.extremity, moderation.is_meta, parameters.mode),
    )
