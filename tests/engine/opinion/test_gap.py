"""Groups with a gap, a continuum, or nothing: the verdict, and what rests on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bench.planted import Plan, draw

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion import classification as classification_module
from hiwar.engine.opinion import gap as module
from hiwar.engine.opinion.agreement import adjusted_rand_index
from hiwar.engine.opinion.analysis import analyse
from hiwar.engine.opinion.incremental import follow, open_map
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters
from hiwar.engine.opinion.stability import bootstrap_stability

SMALL = (120, 36, 0.4)
PARAMETERS = Parameters(bootstrap=10)


def fitted(matrix, parameters=PARAMETERS, **options):
    votes = Votes.from_dense(matrix)
    return fit_map(votes, Moderation.none(votes.n_statements), parameters, **options)


@pytest.mark.parametrize(
    ("plan", "seed"), [(Plan("independent", 2), 3), (Plan("independent", 4), 2)]
)
def test_planted_groups_have_a_gap_and_are_the_planted_ones(plan, seed):
    planted = draw(plan, SMALL, seed)
    found = fitted(planted.matrix)
    assert found.gap.verdict == "gap"
    assert found.n_groups == found.gap.n_classes == plan.n_groups
    assert found.classes.n_classes == plan.n_groups
    inside = found.group >= 0
    assert adjusted_rand_index(planted.group[inside], found.group[inside]) > 0.75
    assert np.diff(np.bincount(found.group[inside])).max() <= 0
    assert 0.5 <= found.gap.certainty <= 1.0
    assert sum(found.gap.share_by_number.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["line", "disc"])
def test_a_continuum_has_no_gap_and_is_cut_as_before(kind):
    planted = draw(Plan(kind), SMALL, 5)
    found = fitted(planted.matrix)
    assert found.gap.verdict == "no_gap"
    assert found.gap.z < -1.0
    assert found.classes is None
    assert found.outcome == "groups"
    # The partition is that of places on the map, as it is without any verdict.
    votes = Votes.from_dense(planted.matrix)
    settled = fitted(planted.matrix, settled=found)
    assert np.array_equal(settled.group, found.group)
    assert settled.gap is found.gap
    notes = analyse(
        votes, Moderation.none(votes.n_statements), replace(PARAMETERS, bootstrap=0)
    ).notes
    assert "one_continuum" in notes


@pytest.mark.parametrize("kind", ["noise", "one"])
def test_no_opinions_no_groups(kind):
    found = fitted(draw(Plan(kind), SMALL, 6).matrix)
    assert found.gap.verdict == "nothing"
    assert found.outcome == "no_structure"
    assert found.n_groups == 0
    assert np.isnan(found.gap.z)


def test_a_minority_of_a_tenth_survives():
    planted = draw(Plan("independent", 2, uneven=True), (300, 50, 0.4), 8)
    found = fitted(planted.matrix)
    assert found.gap.verdict == "gap"
    assert found.n_groups == 2
    assert adjusted_rand_index(planted.group, found.group) > 0.7


def test_the_order_of_people_and_statements_does_not_matter():
    planted = draw(Plan("independent", 3), SMALL, 9)
    rng = np.random.default_rng(9)
    rows, columns = rng.permutation(120), rng.permutation(36)
    first, second = fitted(planted.matrix), fitted(planted.matrix[rows][:, columns])
    assert first.gap.verdict == second.gap.verdict == "gap"
    assert first.gap.z == pytest.approx(second.gap.z, abs=1e-3)
    assert first.gap.share_by_number == second.gap.share_by_number
    assert np.array_equal(first.group[rows], second.group)


@pytest.mark.parametrize(
    "matrix",
    [
        np.ones((40, 10)),
        np.zeros((40, 10)),
        np.where(np.arange(40)[:, None] < 20, 1.0, -1.0) * np.ones((40, 2)),
        np.tile([[1.0, -1.0]], (40, 1)),
        np.where(np.eye(40) > 0, 1.0, np.nan),
    ],
)
def test_degenerate_votes_give_an_answer(matrix):
    found = fitted(matrix)
    assert np.isfinite(found.position).all()
    if found.gap is not None:
        assert found.gap.verdict in {"gap", "no_gap", "nothing"}


def test_two_blocks_are_a_gap_and_compat_asks_for_none():
    blocks = np.where(np.arange(60)[:, None] < 35, 1.0, -1.0) * np.where(np.arange(12) % 2, 1, -1)
    noisy = np.where(np.random.default_rng(0).random(blocks.shape) < 0.15, -blocks, blocks)
    assert fitted(noisy).gap.verdict == "gap"
    compat = fitted(noisy, replace(PARAMETERS, mode="compat"))
    assert compat.gap is None
    assert compat.classes is None


def test_membership_is_the_mean_posterior_of_resamples():
    planted = draw(Plan("independent", 3), SMALL, 9)
    votes, moderation = Votes.from_dense(planted.matrix), Moderation.none(36)
    shown = fit_map(votes, moderation, PARAMETERS)
    found = bootstrap_stability(votes, moderation, PARAMETERS, shown)
    inside = shown.group >= 0
    right = np.zeros(120, bool)
    for g in range(3):
        inside_g = shown.group == g
        right[inside_g] = planted.group[inside_g] == np.bincount(planted.group[inside_g]).argmax()
    assert np.nanmean(found.membership) == pytest.approx(right[inside].mean(), abs=0.08)
    assert found.share_by_n_groups == shown.gap.share_by_number
    assert found.mean_agreement > 0.8


def test_a_large_conversation_is_judged_by_a_sample(monkeypatch):
    planted = draw(Plan("independent", 2), (400, 30, 0.3), 1)
    monkeypatch.setattr(classification_module, "MOST_VOTES", 3_000)
    found = fitted(planted.matrix)
    assert found.gap.verdict == "gap"
    assert found.gap.n_votes <= 3_100
    assert found.gap.n_people < 200
    assert (found.group >= 0).sum() == found.in_map.sum()
    assert adjusted_rand_index(planted.group, found.group) > 0.8


def test_who_belongs_where_is_decided_by_more_than_the_sample(monkeypatch):
    # Some 130 votes on a statement tell less of what each class answers than everybody's.
    planted = draw(Plan("independent", 3, spread=1.0), (3_000, 60, 0.7), 4)
    monkeypatch.setattr(classification_module, "MOST_VOTES", 8_000)
    judged_by_few = fitted(planted.matrix)
    assert judged_by_few.gap.n_votes <= 8_100
    assert judged_by_few.n_groups == 3
    agreement = adjusted_rand_index(planted.group, judged_by_few.group)
    monkeypatch.setattr(classification_module, "FITTED_VOTES", 8_000)
    assert agreement > adjusted_rand_index(planted.group, fitted(planted.matrix).group) + 0.05
    monkeypatch.setattr(classification_module, "MOST_VOTES", 1_000_000)
    assert agreement > adjusted_rand_index(planted.group, fitted(planted.matrix).group) - 0.02


def test_a_running_map_keeps_the_verdict_until_a_tenth_more_votes_came():
    planted = draw(Plan("independent", 2), SMALL, 3)
    votes = Votes.from_dense(planted.matrix)
    state = open_map(votes, Moderation.none(36), PARAMETERS)
    fresh = np.full((121, 36), np.nan)
    fresh[120] = np.nan_to_num(planted.matrix[0], nan=1.0)
    after = follow(state, Votes.from_dense(fresh))
    assert after.shown.gap is state.shown.gap
    assert after.judged == votes.n_votes
    assert after.shown.group[120] == state.shown.group[0]
    near = follow(state, Votes.from_dense(fresh), tolerance=1.0)
    assert near.shown.group[120] == state.shown.group[0]
    more = np.vstack([planted.matrix[:, ::-1], fresh[120:]])
    many = follow(after, Votes.from_dense(more))
    assert many.judged == many.votes.n_votes


def test_z_by_hand():
    # Differences 1, 1, 4: sum 6, squares around 2 add up to 6.
    assert module._z(np.array([1.0, 1, 4]), np.ones(3)) == pytest.approx(6 / np.sqrt(6))
    assert module._z(np.zeros(3), np.ones(3)) == 0.0
    assert module._z(np.array([1.0, 2.0]), np.zeros(2)) == 0.0
