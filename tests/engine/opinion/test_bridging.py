from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr

from engine.opinion.data import conversation
from hiwar.engine.opinion import Votes, bridging
from hiwar.engine.opinion.bridging import bridging_score, viewpoints
from hiwar.engine.opinion.consensus import group_informed_consensus

matrices = st.tuples(st.integers(1, 12), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([-1.0, 0.0, 1.0, np.nan]))
)


def score(matrix):
    votes = Votes.from_dense(matrix)
    return bridging_score(votes, np.zeros(votes.n_statements, bool))


def planted(rng, shares, people, votes_each=12):
    """Return votes of groups of people; shares has one row per group, one column per statement."""
    shares = np.asarray(shares)
    group = np.repeat(np.arange(len(shares)), people)
    matrix = np.where(rng.random((len(group), shares.shape[1])) < shares[group], 1.0, -1.0)
    hidden = rng.random(matrix.shape).argsort(axis=1) >= votes_each
    matrix[hidden] = np.nan
    return matrix, group


@given(matrices)
def test_scores_lie_between_zero_and_one_and_are_missing_only_without_votes(matrix):
    found = score(matrix)
    voted = ~np.isnan(matrix).all(axis=0)
    assert (np.isnan(found) == ~voted).all()
    assert ((found[voted] > 0) & (found[voted] < 1)).all()


@given(matrices)
def test_few_votes_never_lift_a_score_above_their_bound(matrix):
    seen = (~np.isnan(matrix)).sum(axis=0)
    found = score(matrix)
    assert (found[seen > 0] <= ((seen + 1) / (seen + 4))[seen > 0] + 1e-12).all()


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_order_of_people_and_of_statements_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    matrix, _ = planted(rng, rng.uniform(size=(2, 15)), [25, 15], 9)
    people, columns = rng.permutation(40), rng.permutation(15)
    np.testing.assert_allclose(score(matrix[people][:, columns]), score(matrix)[columns], atol=1e-6)


def test_support_on_both_sides_beats_more_support_on_one():
    rng = np.random.default_rng(2)
    sides = np.array([[0.95] * 6, [0.05] * 6])
    sides[:, 3:] = sides[::-1, 3:]
    shares = np.column_stack([[0.75, 0.75], [0.97, 0.15], sides, sides[::-1]])
    matrix, _ = planted(rng, shares, [320, 80], 10)
    found = score(matrix)
    assert np.nanmean(matrix[:, 1]) > np.nanmean(matrix[:, 0])
    assert found[0] > found[1] + 0.1
    assert found.argmax() == 0


def test_two_votes_never_top_the_list():
    rng = np.random.default_rng(4)
    shares = np.array([[0.6, 0.9, 0.1, 0.9, 0.1], [0.6, 0.1, 0.9, 0.1, 0.9]])
    matrix, _ = planted(rng, shares, [100, 100], 5)
    rare = np.full((200, 1), np.nan)
    rare[[10, 150]] = 1.0
    found = score(np.hstack([matrix, rare]))
    assert found[-1] < 0.5 < found[0]


def test_a_pass_supports_half():
    agree, passed, disagree = (score(np.full((40, 1), x))[0] for x in (1.0, 0.0, -1.0))
    assert agree > passed > disagree
    assert passed == pytest.approx((40 * 0.5 + 1) / 44)


def test_viewpoints_tell_planted_groups_apart():
    rng = np.random.default_rng(6)
    half = np.array([[0.9] * 10, [0.1] * 10])
    matrix, group = planted(rng, np.hstack([half, half[::-1]]), [150, 50])
    line = viewpoints(Votes.from_dense(matrix), np.zeros(20, bool))
    right = (line > 0) == (group == 1)
    assert max(right.mean(), 1 - right.mean()) > 0.95
    assert np.sqrt(np.mean(line**2)) == pytest.approx(1)


def test_statements_that_are_out_do_not_turn_the_line():
    rng = np.random.default_rng(8)
    half = np.array([[0.9] * 6, [0.1] * 6])
    matrix, _ = planted(rng, half, [40, 40], 6)
    noise = rng.choice([-1.0, 1.0], (80, 8))
    out = np.arange(14) >= 6
    with_noise = viewpoints(Votes.from_dense(np.hstack([matrix, noise])), out)
    without = viewpoints(Votes.from_dense(matrix), np.zeros(6, bool))
    np.testing.assert_allclose(np.abs(with_noise), np.abs(without), atol=1e-6)
    assert not np.isnan(bridging_score(Votes.from_dense(np.hstack([matrix, noise])), out)).any()


def test_a_start_from_the_busiest_leads_to_the_same_answer(monkeypatch):
    rng = np.random.default_rng(9)
    matrix, _ = planted(rng, rng.uniform(size=(3, 20)), [120, 80, 60], 8)
    matrix[:60, ::2] = np.where(np.isnan(matrix[:60, ::2]), -1.0, matrix[:60, ::2])
    everybody = score(matrix)
    monkeypatch.setattr(bridging, "_LARGE", 1000)
    monkeypatch.setattr(bridging, "_START_VOTES", 400)
    np.testing.assert_allclose(score(matrix), everybody, atol=0.005)
    assert (score(matrix).argsort() == everybody.argsort()).all()


def test_stopping_early_still_gives_an_answer_close_by(monkeypatch):
    rng = np.random.default_rng(15)
    matrix, _ = planted(rng, rng.uniform(size=(2, 20)), [60, 40], 8)
    everybody = score(matrix)
    monkeypatch.setattr(bridging, "_MAX_ROUNDS", 4)
    np.testing.assert_allclose(score(matrix), everybody, atol=0.05)


def test_somebody_without_votes_changes_nothing():
    rng = np.random.default_rng(10)
    matrix, _ = planted(rng, rng.uniform(size=(2, 10)), [30, 30], 6)
    with_silent = np.vstack([matrix, np.full((25, 10), np.nan)])
    np.testing.assert_allclose(score(with_silent), score(matrix), atol=1e-12)


def test_nobody_differs_nobody_voted_nobody_came():
    assert score(np.ones((30, 2))) == pytest.approx([31 / 34] * 2)
    assert np.isnan(score(np.full((3, 2), np.nan))).all()
    assert score(np.zeros((0, 3))).shape == (3,)
    assert score(np.zeros((4, 0))).shape == (0,)
    assert viewpoints(Votes.from_dense(np.full((3, 2), np.nan)), np.zeros(2, bool)).tolist() == [
        0,
        0,
        0,
    ]
    every_out = np.ones(2, bool)
    assert (viewpoints(Votes.from_dense(np.eye(3, 2)), every_out) == 0).all()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("brexit-consensus", 0.95),
        ("scoop-hivemind.biodiversity", 0.85),
        ("vtaiwan.uberx", 0.93),
        ("american-assembly.bowling-green", 0.93),
    ],
)
def test_it_ranks_much_as_group_informed_consensus_does(name, least):
    found = conversation(name)
    by_group = found.votes.tally(found.published, found.published.max() + 1)
    counted = ~found.moderation.out & (found.votes.tally().seen[0] >= 20)
    consensus = group_informed_consensus(by_group)[counted]
    bridging = bridging_score(found.votes, found.moderation.out)[counted]
    assert least < spearmanr(bridging, consensus).statistic < 0.995
