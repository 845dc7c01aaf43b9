from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hiwar.engine.opinion import Tally
from hiwar.engine.opinion.consensus import (
    group_informed_consensus,
    group_informed_consensus_disagree,
    majority_consensus,
)

counts = st.tuples(st.integers(1, 4), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.int64, (3, *shape), elements=st.integers(0, 50))
)


@given(counts)
def test_values_lie_between_zero_and_one_whatever_the_groups_are_called(votes):
    forward, backward = Tally(*votes), Tally(*votes[:, ::-1])
    gic = group_informed_consensus(forward)
    assert ((gic > 0) & (gic < 1)).all()
    np.testing.assert_allclose(gic, group_informed_consensus(backward))


@given(counts)
def test_disagreement_is_agreement_seen_from_the_other_side(votes):
    agree, disagree, passed = votes
    np.testing.assert_array_equal(
        group_informed_consensus_disagree(Tally(agree, disagree, passed)),
        group_informed_consensus(Tally(disagree, agree, passed)),
    )


@given(counts)
def test_one_more_agreement_never_lowers_it_and_one_more_pass_never_raises_it(votes):
    agree, disagree, passed = votes
    gic = group_informed_consensus(Tally(agree, disagree, passed))
    assert (group_informed_consensus(Tally(agree + 1, disagree, passed)) >= gic).all()
    assert (group_informed_consensus(Tally(agree, disagree, passed + 1)) <= gic).all()


def test_one_group_against_pulls_it_down():
    every = Tally(np.array([[30], [30]]), np.array([[10], [10]]), np.zeros((2, 1), int))
    split = Tally(np.array([[40], [20]]), np.array([[0], [20]]), np.zeros((2, 1), int))
    assert group_informed_consensus(split)[0] < group_informed_consensus(every)[0]


def test_without_groups_there_is_no_value():
    empty = np.zeros((0, 3), int)
    assert np.isnan(group_informed_consensus(Tally(empty, empty, empty))).all()
    assert np.isnan(group_informed_consensus_disagree(Tally(empty, empty, empty))).all()


def test_majorities_are_listed_best_first_and_never_both_ways():
    everybody = Tally(
        np.array([[90, 60, 5, 50, 95]]),
        np.array([[5, 30, 92, 50, 0]]),
        np.array([[5, 10, 3, 0, 5]]),
    )
    agree, disagree = majority_consensus(everybody, np.zeros(5, bool))
    assert [s.statement for s in agree] == [4, 0, 1]
    assert [(s.statement, s.n_success, s.n_trials) for s in disagree] == [(2, 92, 100)]
    agree, _ = majority_consensus(everybody, np.array([0, 0, 0, 0, 1], bool), limit=1)
    assert [s.statement for s in agree] == [0]


def test_two_votes_are_a_majority_only_without_a_minimum():
    pair = Tally(np.array([[2]]), np.array([[0]]), np.array([[0]]))
    assert len(majority_consensus(pair, np.zeros(1, bool))[0]) == 1
    assert majority_consensus(pair, np.zeros(1, bool), min_exposure=5) == ((), ())


def test_nobody_and_nothing_have_no_majority():
    for shape in ((1, 0), (1, 4)):
        zero = np.zeros(shape, int)
        out = np.zeros(shape[1], bool)
        assert majority_consensus(Tally(zero, zero, zero), out) == ((), ())
