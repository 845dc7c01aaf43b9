from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hiwar.engine.opinion import Tally
from hiwar.engine.opinion.representative import rank_statements, select_representative
from hiwar.engine.opinion.results import Parameters

DEFAULT, COMPAT = Parameters(), Parameters(mode="compat")


def tally(agree, disagree, passed=None):
    agree, disagree = np.atleast_2d(agree), np.atleast_2d(disagree)
    passed = np.zeros_like(agree) if passed is None else np.atleast_2d(passed)
    return Tally(agree, disagree, passed)


def none_out(counts):
    return np.zeros(counts.agree.shape[1], bool)


@st.composite
def tallies(draw):
    shape = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    counts = arrays(np.int64, (3, *shape), elements=st.integers(0, 40))
    return Tally(*draw(counts))


@given(tallies(), st.sampled_from(["default", "compat"]))
def test_every_live_statement_is_ranked_once_for_each_group(counts, mode):
    out = none_out(counts)
    out[0] = True
    ranked = rank_statements(counts, out, Parameters(mode=mode))
    live = list(range(1, counts.agree.shape[1]))
    assert [sorted(s.statement for s in group) for group in ranked] == [live] * len(counts.agree)
    for group in ranked:
        for s in group:
            assert 0 < s.p_success.estimate < 1
            assert 0 <= s.p_success.low <= s.p_success.high <= 1
            assert 0 <= s.p_value <= s.q_value <= 1
            assert s.n_success <= s.n_trials


@given(tallies(), st.randoms(use_true_random=False))
def test_names_of_groups_and_order_of_statements_do_not_matter(counts, random):
    n_groups, n_statements = counts.agree.shape
    groups, columns = list(range(n_groups)), list(range(n_statements))
    random.shuffle(groups)
    random.shuffle(columns)
    moved = Tally(
        counts.agree[np.ix_(groups, columns)],
        counts.disagree[np.ix_(groups, columns)],
        counts.passed[np.ix_(groups, columns)],
    )
    before = rank_statements(counts, none_out(counts), DEFAULT)
    after = rank_statements(moved, none_out(moved), DEFAULT)
    for new, old in enumerate(groups):
        key = {s.statement: s for s in before[old]}
        for s in after[new]:
            assert replace(s, statement=columns[s.statement]) == key[columns[s.statement]]


@given(tallies())
def test_both_tests_speak_for_every_chosen_statement(counts):
    for group in select_representative(counts, none_out(counts), DEFAULT):
        assert len(group) <= 5
        assert [s.direction for s in group] == sorted(s.direction for s in group)
        assert sum(s.is_best_agree for s in group) == any(s.direction == "agree" for s in group)
        for s in group:
            assert s.q_value <= DEFAULT.false_discovery_rate
            assert s.p_success.low > 0.5
            assert s.score > 0


def test_the_statement_that_only_one_group_agrees_with_leads():
    counts = tally([[40, 40, 20], [5, 40, 20]], [[2, 2, 20], [30, 2, 20]])
    first, second = select_representative(counts, none_out(counts), DEFAULT)
    assert [(s.statement, s.direction, s.is_best_agree) for s in first] == [(0, "agree", True)]
    assert [(s.statement, s.direction) for s in second] == [(0, "disagree")]


def test_nothing_is_chosen_when_groups_answer_alike():
    counts = tally([[30, 12], [31, 11]], [[10, 28], [11, 29]])
    assert select_representative(counts, none_out(counts), DEFAULT) == ((), ())
    assert [len(group) for group in select_representative(counts, none_out(counts), COMPAT)] == [
        1,
        1,
    ]


def test_a_pass_is_not_a_disagreement():
    counts = tally([[5, 5], [30, 30]], [[30, 0], [2, 2]], [[0, 30], [0, 0]])
    first, _ = select_representative(counts, none_out(counts), DEFAULT)
    assert [(s.statement, s.direction) for s in first] == [(0, "disagree")]
    ranked = {s.statement: s for s in rank_statements(counts, none_out(counts), DEFAULT)[0]}
    assert ranked[1].n_trials == 35
    assert ranked[1].p_success.high < 0.5


def test_a_handful_of_votes_is_not_tested():
    counts = tally([[4, 30], [0, 30]], [[0, 0], [40, 0]])
    ranked = rank_statements(counts, none_out(counts), DEFAULT)[0]
    by_statement = {s.statement: s for s in ranked}
    assert (by_statement[0].p_value, by_statement[0].q_value) == (1.0, 1.0)
    assert not by_statement[0].is_significant
    assert select_representative(counts, none_out(counts), DEFAULT)[0] == ()
    assert select_representative(counts, none_out(counts), COMPAT)[0][0].statement == 0


@pytest.mark.parametrize("params", [DEFAULT, COMPAT])
def test_without_groups_there_is_nothing_to_represent(params):
    counts = tally(np.zeros((0, 3), int), np.zeros((0, 3), int))
    assert rank_statements(counts, none_out(counts), params) == ()
    assert select_representative(counts, none_out(counts), params) == ()


@pytest.mark.parametrize("params", [DEFAULT, COMPAT])
def test_one_group_has_no_others_to_differ_from(params):
    counts = tally([20, 3, 0], [2, 9, 0])
    (group,) = select_representative(counts, none_out(counts), DEFAULT)
    assert group == ()
    (ranked,) = rank_statements(counts, none_out(counts), params)
    assert len(ranked) == 3


@pytest.mark.parametrize("params", [DEFAULT, COMPAT])
def test_nothing_is_named_when_every_statement_is_out(params):
    counts = tally([[20, 3], [2, 9]], [[2, 9], [20, 3]])
    assert select_representative(counts, np.ones(2, bool), params) == ((), ())


def test_compat_falls_back_on_the_largest_difference_when_nobody_voted_agree_or_disagree():
    counts = tally([[0, 0], [9, 1]], [[0, 0], [0, 8]], [[9, 9], [0, 0]])
    (only,), _ = select_representative(counts, none_out(counts), COMPAT)
    assert not only.is_best_agree
    assert only.statement == 0


def test_compat_keeps_the_statement_that_wins_the_walk_on_its_own_measure():
    # The first is held although its ratio is below one; the second is liked more and takes
    # over; from then on only a higher score beats it, which the third, liked by all, lacks.
    counts = tally([[30, 36, 40], [38, 8, 40]], [[10, 4, 0], [2, 32, 0]])
    (first, *_), _ = select_representative(counts, none_out(counts), COMPAT)
    assert (first.statement, first.is_best_agree) == (1, True)


def test_false_discoveries_among_groups_made_by_chance_are_rare():
    rng = np.random.default_rng(5)
    false = 0
    for _ in range(60):
        share = rng.beta(1, 3, 60)
        seen = rng.integers(5, 60, (2, 60))
        agree = rng.binomial(seen, share)
        ranked = rank_statements(tally(agree, seen - agree), np.zeros(60, bool), DEFAULT)
        false += any(s.is_significant for group in ranked for s in group)
    assert false <= 0.10 * 60 + 3
