"""Which statements speak for one group and not for the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erfc, sqrt
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion import proportions
from hiwar.engine.opinion.intervals import wilson
from hiwar.engine.opinion.multiple_testing import benjamini_hochberg
from hiwar.engine.opinion.results import Interval, RepresentativeStatement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Parameters
    from hiwar.engine.opinion.votes import Tally

SHORT_LIST = 5
_AGREE, _DISAGREE = 0, 1


@dataclass(frozen=True, eq=False)
class _Figures:
    """Every figure of §Notes; arrays of shape (2, G, C), agree first."""

    success: NDArray[np.int64]
    trials: NDArray[np.int64]
    share: NDArray[np.float64]
    repness: NDArray[np.float64]
    p_test: NDArray[np.float64]
    repness_test: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]
    score: NDArray[np.float64]
    direction: NDArray[np.intp]


def rank_statements(
    by_group: Tally, out: NDArray[np.bool_], parameters: Parameters
) -> tuple[tuple[RepresentativeStatement, ...], ...]:
    """Rank every live statement for each group, the most representative first.

    Parameters
    ----------
    by_group : Tally
        Counts of shape (G, C), of the members of the groups only.
    out : ndarray of shape (C,), bool
        True for statements that are never named.
    parameters : Parameters
        `mode`, `confidence`, `false_discovery_rate` and `min_exposure` are read.

    Returns
    -------
    tuple of G tuples of RepresentativeStatement
        Empty when there are no groups. Shares in [0, 1], p and q in [0, 1].

    Notes
    -----
    For A of S votes in a direction (agree or disagree; passes count in S) in the group and
    A', S' in all other groups together: P = (A + 1)/(S + 2), R = P/P', z_P tests A/S against
    one half, z_R tests A/S against A'/S', and the score is R·z_R·P·z_P in the direction with
    the larger z_R. Statements that pass neither test in the positive direction follow, by z_R.

    *compat*: both tests with one added to every count; every statement is tested.
    *default*: both tests on the counts as they are, z_R with continuity correction; the
    score is 0 unless both are positive; where the group or the others have fewer than
    `min_exposure` votes nothing is tested and p = q = 1.

    p is the one-sided p of z_R; q its Benjamini-Hochberg value over both directions, all
    groups and all live statements that are tested.

    References
    ----------
    Small et al. (2021), Polis: scaling deliberation by mapping high dimensional opinion
    spaces, Recerca 26, on representativeness; Benjamini, Hochberg (1995).
    """
    figures = _figures(by_group, out, parameters)
    live = np.flatnonzero(~out)
    ranked = []
    for group in range(len(by_group.agree)):
        chosen = figures.direction[group, live]
        z_r = figures.repness_test[chosen, group, live]
        z_p = figures.p_test[chosen, group, live]
        both = (z_r > 0) & (z_p > 0)
        score = np.where(both, figures.score[chosen, group, live], 0.0)
        order = np.lexsort((live, -z_r, -score))
        ranked.append(_records(figures, group, live[order], parameters))
    return tuple(ranked)


def select_representative(
    by_group: Tally, out: NDArray[np.bool_], parameters: Parameters
) -> tuple[tuple[RepresentativeStatement, ...], ...]:
    """Choose at most five statements that speak for each group, agrees before disagrees.

    Parameters
    ----------
    by_group, out, parameters
        As for `rank_statements`.

    Returns
    -------
    tuple of G tuples of RepresentativeStatement
        In default mode a group's tuple is empty when nothing is significant, which is an
        answer. In compat mode it is empty only when no statement is live.

    Notes
    -----
    *default*: those with q at most `false_discovery_rate` and a lower Wilson bound above one
    half, so that the group differs from the others **and** a clear majority of it is meant.
    The first five by score; the best of those agreed with is marked.

    *compat*: those for which z_P and z_R both exceed 1.2816 in one direction. The best-agree
    statement is put in front, whether it passes or not; when nothing passes it stands alone,
    and when there is none either, the statement with the largest z_R does.
    """
    if parameters.mode == "compat":
        return _select_compat(by_group, out, parameters)
    chosen = []
    for ranked in rank_statements(by_group, out, parameters):
        clear = [s for s in ranked if s.is_significant and s.p_success.low > 0.5][:SHORT_LIST]
        best = next((s.statement for s in clear if s.direction == "agree"), None)
        chosen.append(_agrees_first(replace(s, is_best_agree=s.statement == best) for s in clear))
    return tuple(chosen)


def _select_compat(
    by_group: Tally, out: NDArray[np.bool_], parameters: Parameters
) -> tuple[tuple[RepresentativeStatement, ...], ...]:
    figures = _figures(by_group, out, parameters)
    live = np.flatnonzero(~out)
    voted = (by_group.agree + by_group.disagree) > 0
    z = proportions.Z_90
    passes = np.any((figures.p_test > z) & (figures.repness_test > z), axis=0)
    lists = []
    for group in range(len(by_group.agree)):
        direction = figures.direction[group]
        best = _best_agree(figures, group, live[voted[group, live]])
        passing = live[passes[group, live]]
        score = figures.score[direction[passing], group, passing]
        chosen = passing[np.lexsort((passing, -score))].tolist()
        if not chosen and best is None and len(live):
            chosen = [live[np.argmax(figures.repness_test[:, group, live].max(axis=0))]]
        if best is not None:
            chosen = [best, *(j for j in chosen if j != best)]
        columns = np.asarray(chosen[:SHORT_LIST], dtype=np.intp)
        lists.append(_agrees_first(_records(figures, group, columns, parameters, best)))
    return tuple(lists)


def _best_agree(figures: _Figures, group: int, columns: NDArray[np.intp]) -> int | None:
    """Walk through the statements in order and keep the one that is best agreed with.

    The measure on which a statement must beat the one that is held depends on the latter,
    so the outcome is that of the walk and not a maximum.
    """
    held: int | None = None
    z_p = figures.p_test[_AGREE, group]
    ratio, share = figures.repness[_AGREE, group], figures.share[_AGREE, group]
    score, liked = figures.score[_AGREE, group], share * z_p
    for j in columns.tolist():
        if held is None:
            beats = z_p[j] > proportions.Z_90 or (ratio[j] > 1 and share[j] > 0.5)
        elif ratio[held] > 1:
            beats = score[j] > score[held]
        else:
            beats = liked[j] > liked[held]
        if beats:
            held = j
    return held


def _figures(by_group: Tally, out: NDArray[np.bool_], parameters: Parameters) -> _Figures:
    rest = by_group.rest()
    own = np.stack([by_group.agree, by_group.disagree]), np.stack([by_group.seen] * 2)
    other = np.stack([rest.agree, rest.disagree]), np.stack([rest.seen] * 2)
    share = proportions.smoothed_share(*own)
    repness = share / proportions.smoothed_share(*other)
    tested = np.broadcast_to(~out, own[1].shape)
    if parameters.mode == "compat":
        p_test = proportions.smoothed_against_half(*own)
        repness_test = proportions.smoothed_of_two(own, other)
        score = repness * repness_test * share * p_test
    else:
        p_test = proportions.against_half(*own)
        repness_test = proportions.of_two(own, other)
        score = repness * np.maximum(repness_test, 0) * share * np.maximum(p_test, 0)
        tested = tested & (np.minimum(own[1], other[1]) >= parameters.min_exposure)
    p_value = np.where(tested, _upper_tail(repness_test), np.nan)
    q_value = benjamini_hochberg(p_value)
    return _Figures(
        success=own[0],
        trials=own[1],
        share=share,
        repness=repness,
        p_test=p_test,
        repness_test=repness_test,
        p_value=np.where(tested, p_value, 1.0),
        q_value=np.where(tested, q_value, 1.0),
        score=score,
        direction=_direction(repness_test, own[0], parameters),
    )


def _direction(
    repness_test: NDArray[np.float64], success: NDArray[np.int64], parameters: Parameters
) -> NDArray[np.intp]:
    agrees = repness_test[_AGREE] > repness_test[_DISAGREE]
    if parameters.mode == "default":
        alike = repness_test[_AGREE] == repness_test[_DISAGREE]
        agrees |= alike & (success[_AGREE] >= success[_DISAGREE])
    return np.where(agrees, _AGREE, _DISAGREE)


def _records(
    figures: _Figures,
    group: int,
    columns: NDArray[np.intp],
    parameters: Parameters,
    best: int | None = None,
) -> tuple[RepresentativeStatement, ...]:
    direction = np.where(columns == best, _AGREE, figures.direction[group, columns])
    at = direction, group, columns
    success, trials = figures.success[at], figures.trials[at]
    low, high = wilson(success, trials, parameters.confidence)
    table = zip(
        columns.tolist(),
        direction.tolist(),
        success.tolist(),
        trials.tolist(),
        zip(figures.share[at].tolist(), low.tolist(), high.tolist(), strict=True),
        figures.p_test[at].tolist(),
        figures.repness[at].tolist(),
        figures.repness_test[at].tolist(),
        figures.score[at].tolist(),
        figures.p_value[at].tolist(),
        figures.q_value[at].tolist(),
        strict=True,
    )
    return tuple(
        RepresentativeStatement(
            statement=j,
            direction="disagree" if way else "agree",
            n_success=hits,
            n_trials=n,
            p_success=Interval(*share),
            p_test=z_p,
            repness=ratio,
            repness_test=z_r,
            score=score,
            p_value=p,
            q_value=q,
            is_significant=q <= parameters.false_discovery_rate,
            is_best_agree=j == best,
        )
        for j, way, hits, n, share, z_p, ratio, z_r, score, p, q in table
    )


def _agrees_first(
    statements: Iterable[RepresentativeStatement],
) -> tuple[RepresentativeStatement, ...]:
    return tuple(sorted(statements, key=lambda s: s.direction == "disagree"))


def _upper_tail(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely a normal number is above z."""
    # Loading the library that has this for arrays takes longer than most analyses.
    tail = [0.5 * erfc(value / sqrt(2.0)) for value in z.ravel().tolist()]
    return np.array(tail).reshape(z.shape)
