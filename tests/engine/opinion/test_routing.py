from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from hiwar.engine.opinion import Tally
from hiwar.engine.opinion.exposures import inverse_probability_share
from hiwar.engine.opinion.routing import (
    choose_next,
    choose_next_for_all,
    offer_probabilities,
    priorities,
    routing_plan,
)


def one_group(agree, disagree, passed=None):
    agree, disagree = np.atleast_2d(agree), np.atleast_2d(disagree)
    passed = np.zeros_like(agree) if passed is None else np.atleast_2d(passed)
    return Tally(agree, disagree, passed)


def weigh(votes, mode="default", extremity=None, is_meta=None, **more):
    n = votes.agree.shape[1]
    extremity = np.ones(n) if extremity is None else np.asarray(extremity)
    is_meta = np.zeros(n, bool) if is_meta is None else np.asarray(is_meta)
    return priorities(votes, extremity, is_meta, mode, **more)


@pytest.mark.parametrize(("mode", "first"), [("default", 0), ("compat", 4)])
def test_priorities_vary_and_fall_with_the_number_of_votes(mode, first):
    votes = np.array([n for n in (0, 2, 4, 8, 16, 32, 64) if n >= first])
    found = weigh(one_group(votes // 2, votes // 2), mode)
    assert (np.diff(found) < 0).all()
    assert (found > 0).all()


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30), st.floats(0, 5))
def test_the_same_shares_with_more_votes_weigh_less(agree, disagree, passed, extremity):
    few = one_group([agree], [disagree], [passed])
    many = one_group([3 * agree], [3 * disagree], [3 * passed])
    assert weigh(many, extremity=[extremity]) < weigh(few, extremity=[extremity])


def test_statements_about_the_participant_do_not_stand_at_a_constant():
    votes = one_group([0, 40, 0, 40], [0, 40, 0, 40])
    meta = [True, True, False, False]
    default = weigh(votes, is_meta=meta, extremity=[9.0, 9, 1, 1])
    assert default[0] > default[1]
    assert default[0] < default[2]
    compat = weigh(votes, "compat", is_meta=meta)
    assert compat[:2].tolist() == [49, 49]
    assert 49 not in compat[2:]


def test_agreement_and_disagreement_weigh_alike():
    votes = one_group([45, 5], [5, 45])
    accepted, rejected = weigh(votes)
    assert accepted == rejected
    accepted, rejected = weigh(votes, "compat")
    assert accepted > 10 * rejected


def test_the_group_that_knows_a_statement_least_decides():
    both = Tally(*np.array([[[50, 50], [50, 2]], [[50, 50], [50, 2]], [[0, 0], [0, 0]]]))
    even, neglected = weigh(both)
    assert neglected > 5 * even


def test_what_people_call_important_weighs_up_to_twice():
    votes = one_group([9, 9, 9], [9, 9, 9])
    found = weigh(votes, important=[0.0, 0.5, 1.0])
    np.testing.assert_allclose(found / found[0], [1, 1.5, 2])


def test_before_the_first_vote_all_weigh_alike():
    none = np.zeros((0, 4), int)
    assert weigh(Tally(none, none, none)).tolist() == [1.5] * 4
    assert weigh(Tally(none, none, none), extremity=[np.nan] * 4).tolist() == [1.0] * 4
    empty = np.zeros((2, 0), int)
    assert weigh(Tally(empty, empty, empty)).shape == (0,)


@given(
    st.lists(st.floats(0.001, 50), min_size=1, max_size=20),
    st.sets(st.integers(0, 19)),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 6),
)
def test_what_is_offered_is_open_new_and_its_probability_recorded(weights, voted, draw, minimum):
    n = len(weights)
    voted = [j for j in voted if j < n]
    is_open = np.arange(n) % 4 != 3
    plan = routing_plan(weights, is_open, votes=np.arange(n) % 5, min_votes=minimum)
    seen = np.isin(np.arange(n), voted)
    offered = choose_next(plan, voted, draw)
    left = is_open & ~seen
    if offered is None:
        assert not left.any()
        return
    assert left[offered.statement]
    assert offered.n_eligible == left.sum()
    chance = offer_probabilities(plan, seen[None])[0]
    assert chance.sum() == pytest.approx(1)
    assert offered.probability == pytest.approx(chance[offered.statement])
    assert offered.probability == pytest.approx(
        offered.quota_share * offered.deficit / max(offered.total_deficit, 1)
        + (1 - offered.quota_share) * offered.weight / offered.total_weight
    )


def test_the_same_draw_gives_the_same_statement():
    plan = routing_plan([1.0, 2.0, 3.0], [True] * 3)
    assert choose_next(plan, [0], 0.3) == choose_next(plan, np.array([0]), 0.3)


@pytest.mark.parametrize("sector", [-1, 0, 1])
def test_draws_follow_the_probabilities_that_are_recorded(sector):
    rng = np.random.default_rng(11)
    weights = rng.uniform(0.5, 5, 12)
    plan = routing_plan(
        weights,
        np.ones(12, bool),
        votes=rng.integers(0, 8, 12),
        min_votes=6,
        votes_by_sector=rng.integers(0, 4, (2, 12)),
        min_votes_by_sector=3,
        quota_share=0.6,
    )
    voted = np.isin(np.arange(12), [1, 5])
    draws = rng.random(20_000)
    one_by_one = [choose_next(plan, [1, 5], u, sector).statement for u in draws[:4000]]
    statement, probability = choose_next_for_all(plan, np.tile(voted, (20_000, 1)), draws, sector)
    chance = offer_probabilities(plan, voted[None], sector)[0]
    np.testing.assert_array_equal(probability, chance[statement])
    for found in (np.array(one_by_one), statement):
        expected = chance[~voted] * len(found)
        assert chisquare(np.bincount(found, minlength=12)[~voted], expected).pvalue > 0.01


def test_nothing_left_is_none_and_bad_draws_are_refused():
    plan = routing_plan([1.0, 1.0], [True, False])
    assert choose_next(plan, [0], 0.5) is None
    assert choose_next(routing_plan([], []), [], 0.5) is None
    statement, probability = choose_next_for_all(plan, np.array([[True, False]]), [0.5])
    assert (statement.tolist(), probability.tolist()) == ([-1], [0.0])
    none = np.zeros((1, 0), bool)
    assert choose_next_for_all(routing_plan([], []), none, [0.5])[0].tolist() == [-1]
    for draw in (-0.1, 1.0):
        with pytest.raises(ValueError, match="draw"):
            choose_next(plan, [], draw)
    for sector in (-2, 0):
        with pytest.raises(ValueError, match="sector"):
            choose_next(plan, [], 0.5, sector)
    with pytest.raises(ValueError, match="above 0"):
        routing_plan([0.0], [True])
    assert choose_next(routing_plan([0.0], [False]), [], 0.5) is None
    with pytest.raises(ValueError, match="share"):
        routing_plan([1.0], [True], quota_share=1.5)


def test_the_last_draw_before_one_stays_inside():
    last = np.nextafter(1, 0)
    for weights in ([1.0000000000000002, 0.0], [0.1] * 10, [1e-300, 1.0, 0.0]):
        offered = choose_next(routing_plan(weights, np.array(weights) > 0), [], last)
        assert weights[offered.statement] > 0


def run(rng, shares, sector_of, *, per_person, mode="default", **quota):
    """Let people come one after the other; plan anew every ten. Return what was recorded."""
    people, n = shares.shape
    voted = np.zeros((people, n), bool)
    answer = rng.random(shares.shape) < shares
    counts = np.zeros((2, n), int)
    by_sector = np.zeros((sector_of.max() + 1, n), int)
    records = []
    for i in range(people):
        if i % 10 == 0:
            weight = weigh(one_group(*counts), mode)
            plan = routing_plan(
                weight, np.ones(n, bool), votes=counts.sum(0), votes_by_sector=by_sector, **quota
            )
        for t in range(per_person):
            seen = np.flatnonzero(voted[i])
            offered = choose_next(plan, seen, rng.random(), int(sector_of[i]))
            j = offered.statement
            voted[i, j] = True
            counts[0 if answer[i, j] else 1, j] += 1
            by_sector[sector_of[i], j] += 1
            records.append((i, j, t + 1, offered.probability, answer[i, j]))
    return np.array(records, dtype=float), by_sector


def test_no_statement_starves_that_most_people_reject():
    rng = np.random.default_rng(12)
    shares = np.tile(np.r_[[0.05] * 5, [0.5] * 10, [0.95] * 10], (300, 1))
    nobody = np.zeros(300, int)
    for mode, least in (("default", 0.5), ("compat", 0.0)):
        _, by_sector = run(rng, shares, nobody, per_person=6, mode=mode)
        votes = by_sector.sum(axis=0)
        ratio = votes[:5].mean() / votes[15:].mean()
        assert ratio > least
        if mode == "compat":
            assert ratio < 0.5


def test_every_statement_gets_its_minimum_in_all_and_from_every_sector():
    rng = np.random.default_rng(13)
    sector = (rng.random(200) < 0.2).astype(int)
    shares = np.tile(rng.uniform(0.1, 0.9, 20), (200, 1))
    _, by_sector = run(rng, shares, sector, per_person=5, min_votes=30, min_votes_by_sector=6)
    assert by_sector.sum(axis=0).min() >= 30
    assert by_sector.min() >= 6


def test_weighting_back_removes_the_bias_of_routing():
    rng = np.random.default_rng(14)
    people, n = 4000, 12
    sector = (rng.random(people) < 0.15).astype(int)
    base = np.linspace(0.2, 0.8, n)
    shares = np.where(sector[:, None] == 1, 1 - base, base)
    lacking = rng.integers(0, 40, (2, n))
    plan = routing_plan(
        rng.uniform(0.5, 2, n),
        np.ones(n, bool),
        votes_by_sector=lacking,
        min_votes_by_sector=40,
        quota_share=0.8,
    )
    voted = np.zeros((people, n), bool)
    answer = rng.random(shares.shape) < shares
    rows = []
    draws_each = 4
    for t in range(draws_each):
        j, p = choose_next_for_all(plan, voted, rng.random(people), sector)
        voted[np.arange(people), j] = True
        rows.append(np.column_stack([j, p, np.full(people, t + 1), answer[np.arange(people), j]]))
    recorded = np.vstack(rows)
    plain, weighted, sizes = np.zeros(n), np.zeros(n), np.zeros(n)
    for j in range(n):
        of = recorded[recorded[:, 0] == j]
        plain[j] = of[:, 3].mean()
        weighted[j], sizes[j] = inverse_probability_share(of[:, 3], of[:, 1], of[:, 2], draws_each)
    true = answer.mean(axis=0)
    assert np.abs(weighted - true).mean() < np.abs(plain - true).mean() / 2
    assert np.abs((weighted - true) / np.sqrt(0.25 / sizes)).max() < 3.5


def test_equal_probabilities_change_nothing_and_bad_ones_are_refused():
    assert inverse_probability_share([1, 0, 0, 1], [0.2] * 4) == (0.5, pytest.approx(4))
    share, size = inverse_probability_share([], [])
    assert np.isnan(share)
    assert size == 0
    for probability, number, draws in ((0, 1, 1), (1.2, 1, 1), (0.5, 0, 1), (0.5, 3, 2)):
        with pytest.raises(ValueError, match="probability"):
            inverse_probability_share([1], [probability], [number], [draws])
