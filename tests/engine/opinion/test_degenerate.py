"""Every conversation has a defined outcome: no warning, no nan, never a group of one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.history import early_participants, in_conversation
from hiwar.engine.opinion.maps import corrected_position, fit_map
from hiwar.engine.opinion.results import Parameters

NAN = np.nan
DEFAULT, COMPAT = Parameters(restarts=3), Parameters(mode="compat", restarts=3)


def two_camps(n_people=40, n_statements=10):
    half = np.ones((n_people // 2, n_statements))
    half[:, ::2] = -1
    return np.concatenate((half, -half))


def one_vote_each(n_people=30, n_statements=10):
    matrix = np.full((n_people, n_statements), NAN)
    matrix[np.arange(n_people), np.arange(n_people) % n_statements] = 1.0
    return matrix


def lopsided():
    matrix = np.full((30, 10), NAN)
    matrix[:, 0] = np.where(np.arange(30) < 15, 1, -1)
    return matrix


CASES = {
    "nobody": (np.empty((0, 5)), "too_few_statements"),
    "nothing": (np.empty((0, 0)), "too_few_statements"),
    "one person": (np.array([[1.0, -1, 0, 1, 1, 1, -1, 1]]), "too_few_participants"),
    "one statement": (np.resize([1.0, -1.0], (40, 1)), "too_few_statements"),
    "all pass": (np.zeros((40, 10)), "no_variation"),
    "all agree": (np.ones((40, 10)), "no_variation"),
    "no votes": (np.full((40, 10), NAN), "too_few_statements"),
    "one vote each": (one_vote_each(), "too_few_participants"),
    "one statement voted on": (lopsided(), "too_few_statements"),
    "nine people": (two_camps(8), "too_few_participants"),
    "two camps": (two_camps(), "groups"),
}


def check(result, votes):
    assert np.isfinite(result.position).all()
    assert np.isfinite(result.statement_position).all()
    assert np.isfinite(result.explained_variance).all()
    assert result.position.shape == (votes.n_participants, 2)
    assert (result.outcome == "groups") == (result.n_groups >= 2)
    assert result.base_size.sum() in {0, int(result.in_map.sum())}
    assert not result.position[votes.votes_per_participant == 0].any()
    if result.n_groups:
        assert np.array_equal(result.group >= 0, result.in_map)
        assert len(np.unique(result.base_group)) == result.n_groups
        assert np.bincount(result.group[result.in_map]).sum() == result.base_size.sum()


@pytest.mark.parametrize("name", CASES)
def test_small_and_flat_conversations_have_an_outcome(name):
    matrix, outcome = CASES[name]
    votes = Votes.from_dense(matrix)
    moderation = Moderation.none(votes.n_statements)
    result = fit_map(votes, moderation, DEFAULT)
    check(result, votes)
    assert result.outcome == outcome
    check(fit_map(votes, moderation, COMPAT), votes)
    assert np.isfinite(corrected_position(votes, moderation, result)).all()


def test_everything_moderated_out_leaves_nothing_to_say():
    votes = Votes.from_dense(two_camps())
    moderation = Moderation(np.full(10, -1, np.int8), np.zeros(10, np.bool_))
    for parameters in (DEFAULT, COMPAT):
        result = fit_map(votes, moderation, parameters)
        assert result.outcome in {"too_few_statements", "no_variation"}
        assert not result.position.any()


def test_duplicate_rows_are_found_again_as_groups():
    votes = Votes.from_dense(two_camps())
    result = fit_map(votes, Moderation.none(10), DEFAULT)
    assert sorted(np.bincount(result.group).tolist()) == [20, 20]
    assert len(set(result.group[:20].tolist())) == 1


def test_statements_nobody_voted_on_change_nothing():
    matrix = np.random.default_rng(1).choice([1.0, -1.0], (40, 8)) * two_camps(40, 8)
    wide = np.concatenate((matrix, np.full((40, 3), NAN)), axis=1)
    small = fit_map(Votes.from_dense(matrix), Moderation.none(8), DEFAULT)
    large = fit_map(Votes.from_dense(wide), Moderation.none(11), DEFAULT)
    assert np.allclose(small.position, large.position, atol=1e-9)
    assert not large.statement_position[8:].any()


def test_people_without_votes_are_no_members():
    matrix = np.concatenate((two_camps(), np.full((5, 10), NAN)))
    result = fit_map(Votes.from_dense(matrix), Moderation.none(10), DEFAULT)
    assert not result.in_map[40:].any()
    assert (result.group[40:] == -1).all()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 14).flatmap(
        lambda n: st.integers(0, 6).flatmap(
            lambda c: arrays(np.float64, (n, c), elements=st.sampled_from([1.0, 0.0, -1.0, NAN]))
        )
    ),
    st.sampled_from(["default", "compat"]),
)
def test_any_matrix_has_a_defined_outcome(matrix, mode):
    votes = Votes.from_dense(matrix)
    parameters = Parameters(mode=mode, min_votes=2, min_group_size=2, restarts=2)
    check(fit_map(votes, Moderation.none(votes.n_statements), parameters), votes)


def test_weights_are_checked():
    votes = Votes.from_dense(two_camps())
    for weight in (np.ones(3), -np.ones(40), np.full(40, NAN)):
        with pytest.raises(ValueError, match="weight"):
            fit_map(votes, Moderation.none(10), DEFAULT, weight=weight)
    with pytest.raises(ValueError, match="statements"):
        fit_map(votes, Moderation.none(9), DEFAULT)


def test_the_first_fifteen_stay_in_for_ever():
    who = [0] * 8 + list(range(1, 30))
    what = [*range(8), *([0] * 29)]
    early = early_participants(who, what, 30, COMPAT)
    assert np.flatnonzero(early).tolist() == list(range(15))


def test_too_few_are_topped_up_by_votes():
    n_votes = np.array([9, 1, 3, 0, 2])
    inside = in_conversation(n_votes, 20, Parameters(min_participants=3))
    assert inside.tolist() == [True, False, True, False, True]
