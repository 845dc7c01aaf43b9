"""What would look like manipulation, and what it changes in the result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.agreement import adjusted_rand_index
from hiwar.engine.opinion.bursts import bursts
from hiwar.engine.opinion.fingerprints import canonical_order, row_fingerprints
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Manipulation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import OpinionMapResult, Parameters
    from hiwar.engine.opinion.votes import Moderation, Votes

MOST_ACTIVE = 0.01
MOST_CLUSTERS = 100


def manipulation_report(
    votes: Votes,
    moderation: Moderation,
    parameters: Parameters,
    shown: OpinionMapResult,
    *,
    event_participant: NDArray[np.integer] | None = None,
    event_statement: NDArray[np.integer] | None = None,
    event_time: NDArray[np.number] | None = None,
) -> Manipulation:
    """Look for the traces that organised voting leaves, and redo the groups without them.

    Parameters
    ----------
    votes : Votes
    moderation : Moderation
    parameters : Parameters
    shown : OpinionMapResult
        The map that is judged.
    event_participant, event_statement, event_time : ndarray of shape (n_events,), optional
        Every vote in the order of time, for bursts; times in any unit.

    Returns
    -------
    Manipulation
        At most 100 clusters of identical rows, the largest first. The agreements are nan when no
        groups are shown, and 0 when none come out in the second map.

    Notes
    -----
    Nothing here proves manipulation and nobody is removed from the result: twenty people who agree
    with everything have identical rows too. The agreement says whether it matters. The most active
    are one in a hundred of those who voted, at least one person. Rows are identical when the
    same answers were given on the same statements, at least `min_votes` of them. See `bursts` for
    the test of events.
    """
    voters = int((votes.votes_per_participant > 0).sum())
    order = canonical_order(votes)
    order = order[np.argsort(-votes.votes_per_participant[order], kind="stable")]
    active = order[: max(int(np.ceil(MOST_ACTIVE * voters)), 1)] if voters else order[:0]
    clusters = _identical_rows(votes, parameters.min_votes)
    repeated = np.array([person for cluster in clusters for person in cluster[1:]], np.int64)
    share = votes.votes_per_participant[active].sum() / max(votes.n_votes, 1)
    burst_runs: tuple[tuple[int, int, int], ...] = ()
    if event_participant is not None and event_statement is not None and event_time is not None:
        burst_runs = bursts(event_participant, event_statement, event_time)

    def agreement_without(people: NDArray[np.int64]) -> float:
        if not shown.n_groups:
            return float("nan")
        if not len(people):
            return 1.0
        others = np.ones(votes.n_participants, np.bool_)
        others[people] = False
        rest = np.flatnonzero(others)
        again = fit_map(
            votes.take_participants(rest),
            moderation,
            replace(parameters, bootstrap=0),
            settled=shown,
        )
        return adjusted_rand_index(again.group, shown.group[rest]) if again.n_groups else 0.0

    return Manipulation(
        most_active_share=float(share),
        agreement_without_most_active=agreement_without(active),
        identical_rows=clusters[:MOST_CLUSTERS],
        agreement_without_identical=agreement_without(repeated),
        bursts=burst_runs,
    )


def _identical_rows(votes: Votes, min_votes: int) -> tuple[tuple[int, ...], ...]:
    people = np.flatnonzero(votes.votes_per_participant >= max(min_votes, 1))
    fingerprint = row_fingerprints(votes)[people]
    order = np.argsort(fingerprint, kind="stable")
    ends = np.flatnonzero(np.diff(fingerprint[order])) + 1
    clusters = [part for part in np.split(people[order], ends) if len(part) > 1]
    return tuple(
        tuple(int(person) for person in part)
        for part in sorted(clusters, key=lambda part: (-len(part), int(part[0])))
    )
