"""Everything the engine has to say about one conversation, in one call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion import ENGINE_VERSION
from hiwar.engine.opinion.accuracy import predictive_accuracy
from hiwar.engine.opinion.consensus import majority_consensus
from hiwar.engine.opinion.continuity import recognised
from hiwar.engine.opinion.history import early_participants
from hiwar.engine.opinion.ideal_points import ideal_points
from hiwar.engine.opinion.manipulation import manipulation_report
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.missingness import missingness
from hiwar.engine.opinion.positions import corrected_position
from hiwar.engine.opinion.privacy import row_privacy
from hiwar.engine.opinion.representative import rank_statements, select_representative
from hiwar.engine.opinion.results import Analysis
from hiwar.engine.opinion.stability import bootstrap_stability, verdict
from hiwar.engine.opinion.statistics import statement_statistics

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from hiwar.engine.opinion.continuity import Remembered
    from hiwar.engine.opinion.results import (
        Manipulation,
        OpinionMapResult,
        Parameters,
        Privacy,
        Stability,
    )
    from hiwar.engine.opinion.votes import Moderation, Votes

    Progress = Callable[[str, float], None]


def analyse(  # noqa: PLR0913 -- one record of results for one call; everything optional is named
    votes: Votes,
    moderation: Moderation,
    parameters: Parameters,
    *,
    event_participant: NDArray[np.integer] | None = None,
    event_statement: NDArray[np.integer] | None = None,
    event_time: NDArray[np.number] | None = None,
    weight: ArrayLike | None = None,
    quality: bool = True,
    progress: Progress | None = None,
    before: Remembered | None = None,
) -> Analysis:
    """Make the map, the groups, the statements' figures and the report on their quality.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    moderation : Moderation
        Of the C statements.
    parameters : Parameters
    event_participant, event_statement, event_time : ndarray of shape (n_events,), optional
        Every vote in the order of time, revotes included, for the search for bursts and, in compat
        mode, for who was let in early.
    weight : array_like of shape (N,), optional
        Survey weights, >= 0: they shape the map. Counts stay counts of people.
    quality : bool
        False leaves out stability, accuracy, privacy and manipulation, which take longer than all
        the rest.
    progress : callable, optional
        Is told a stage ("map", "statements", "stability", "accuracy", "privacy", "manipulation",
        "done") and the share of the whole that is done, in [0, 1]. What it raises ends the work.
    before : Remembered, optional
        An earlier map of the same dialogue, whose axes and names of groups are kept.

    Returns
    -------
    Analysis
        With `notes`: "groups_uncertain" or "groups_not_stable" from `stability.verdict`,
        "one_continuum" where groups are shown without a gap between them,
        "small_group_possible", "rows_not_publishable" and "bursts_found".

    Raises
    ------
    ValueError
        If shapes do not fit together.

    Notes
    -----
    In default mode groups that are not stable are not shown: the outcome becomes "not_stable", and
    everything that rests on groups is as if there were none. Compat mode only notes it.
    """
    tell: Progress = progress or (lambda stage, share: None)
    tell("map", 0.0)
    early = None
    if event_participant is not None and event_statement is not None:
        early = early_participants(
            event_participant, event_statement, votes.n_participants, parameters
        )
    shown = fit_map(votes, moderation, parameters, weight=weight, early=early)
    if before is not None:
        shown = recognised(shown, votes.tally(shown.group, shown.n_groups), before)
    stability: Stability | None = None
    notes: list[str] = []
    if quality and parameters.bootstrap:
        stability = bootstrap_stability(
            votes, moderation, parameters, shown, lambda done: tell("stability", 0.1 + 0.6 * done)
        )
        shown = _judged(shown, stability, parameters, notes)
        if not shown.n_groups:
            stability = _without_groups(stability)
    accuracy, privacy, manipulation = None, None, None
    if quality:
        tell("accuracy", 0.7)
        accuracy = predictive_accuracy(votes, moderation, parameters, shown)
        tell("privacy", 0.8)
        privacy = row_privacy(votes, parameters)
        tell("manipulation", 0.85)
        manipulation = manipulation_report(
            votes,
            moderation,
            parameters,
            shown,
            event_participant=event_participant,
            event_statement=event_statement,
            event_time=event_time,
        )
        _note(notes, privacy, manipulation)
    tell("statements", 0.95)
    if shown.n_groups and shown.gap is not None and shown.gap.verdict == "no_gap":
        notes.append("one_continuum")
    if shown.gap is not None and shown.gap.small_groups:
        notes.append("small_group_possible")
    figures = _figures(votes, moderation, parameters, shown)
    figures = replace(
        figures,
        stability=stability,
        accuracy=accuracy,
        privacy=privacy,
        manipulation=manipulation,
        ideal_points=ideal_points(votes, moderation, parameters, shown)
        if parameters.trait_map
        else None,
        notes=tuple(notes),
    )
    tell("done", 1.0)
    return figures


def _figures(
    votes: Votes, moderation: Moderation, parameters: Parameters, shown: OpinionMapResult
) -> Analysis:
    everybody = votes.tally()
    by_group = votes.tally(shown.group, shown.n_groups)
    exposure = 0 if parameters.mode == "compat" else parameters.min_exposure
    agree, disagree = majority_consensus(everybody, moderation.out, min_exposure=exposure)
    corrected = corrected_position(votes, moderation, shown)
    return Analysis(
        engine_version=ENGINE_VERSION,
        parameters=parameters,
        opinion_map=shown,
        corrected_position=corrected,
        tally_all=everybody,
        tally_by_group=by_group,
        representative=select_representative(by_group, moderation.out, parameters),
        ranked=rank_statements(by_group, moderation.out, parameters),
        consensus_agree=agree,
        consensus_disagree=disagree,
        statements=statement_statistics(votes, moderation, by_group, shown, parameters),
        missingness=missingness(votes, moderation, shown, corrected),
    )


def _judged(
    shown: OpinionMapResult, stability: Stability, parameters: Parameters, notes: list[str]
) -> OpinionMapResult:
    """Note what the resamples say of the groups; in default mode take back unstable ones."""
    judgement = verdict(stability, shown)
    if judgement == "stable":
        return shown
    if judgement == "uncertain":
        notes.append("groups_uncertain")
        return shown
    notes.append("groups_not_stable")
    if parameters.mode == "compat":
        return shown
    return replace(
        shown,
        outcome="not_stable",
        group=np.full_like(shown.group, -1),
        group_centre=np.empty((0, 2)),
        base_group=np.full_like(shown.base_group, -1),
    )


def _without_groups(stability: Stability) -> Stability:
    """Keep what the resamples say when the groups that they were compared with are not shown."""
    none = stability.group_agree_low[:0]
    nobody = np.full_like(stability.membership, np.nan)
    return replace(stability, membership=nobody, group_agree_low=none, group_agree_high=none)


def _note(notes: list[str], privacy: Privacy, manipulation: Manipulation) -> None:
    if not privacy.may_publish_rows:
        notes.append("rows_not_publishable")
    if manipulation.bursts:
        notes.append("bursts_found")
