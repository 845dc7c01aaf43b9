"""The order of people, statements and votes never matters; nor does a weight of one."""

from __future__ import annotations

import numpy as np
import pytest
from bench.synthetic import conversation
from hypothesis import given, settings
from hypothesis import strategies as st

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.agreement import adjusted_rand_index
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters(restarts=5)


def shuffled(drawn, rows, columns, order):
    return Votes.from_events(
        rows[drawn.participant][order],
        columns[drawn.statement][order],
        drawn.vote[order],
        n_participants=drawn.n_participants,
        n_statements=drawn.n_statements,
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["default", "compat"]))
def test_order_does_not_matter(seed, mode):
    parameters = Parameters(mode=mode, restarts=5)
    drawn = conversation(300, 25, 14, shares=(0.5, 0.3, 0.2), spread=1.6, noise=0.5, seed=seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(300), rng.permutation(25)
    order = rng.permutation(len(drawn.vote))
    plain = shuffled(drawn, np.arange(300), np.arange(25), np.arange(len(order)))
    first = fit_map(plain, Moderation.none(25), parameters)
    second = fit_map(shuffled(drawn, rows, columns, order), Moderation.none(25), parameters)
    assert first.outcome == second.outcome
    assert np.abs(first.position - second.position[rows]).max() <= 1e-9
    assert np.abs(first.component - second.component[:, columns]).max() <= 1e-9
    assert np.array_equal(first.group, second.group[rows])
    assert first.silhouette == pytest.approx(second.silhouette, abs=1e-9)


def planted():
    drawn = conversation(200, 20, 12, shares=(0.6, 0.4), spread=1.6, noise=0.5, seed=5)
    return shuffled(drawn, np.arange(200), np.arange(20), np.arange(len(drawn.vote)))


def test_weights_of_one_are_the_same_as_none():
    votes = planted()
    plain = fit_map(votes, Moderation.none(20), PARAMETERS)
    weighed = fit_map(votes, Moderation.none(20), PARAMETERS, weight=np.ones(200))
    assert np.abs(plain.position - weighed.position).max() <= 1e-9
    assert np.array_equal(plain.group, weighed.group)


def test_a_weight_of_two_counts_as_two_people():
    votes = planted()
    times = np.random.default_rng(2).integers(0, 4, 200)
    weighed = fit_map(votes, Moderation.none(20), PARAMETERS, weight=times)
    rows = np.repeat(np.arange(200), times)
    repeated = fit_map(votes.take_participants(rows), Moderation.none(20), PARAMETERS)
    assert np.abs(weighed.mean - repeated.mean).max() <= 1e-12
    assert np.abs(weighed.position[rows] - repeated.position).max() <= 1e-8
    assert adjusted_rand_index(weighed.group[rows], repeated.group) >= 0.9


def test_somebody_with_weight_nought_is_placed_and_shapes_nothing():
    votes = planted()
    weight = np.ones(200)
    weight[:30] = 0.0
    weighed = fit_map(votes, Moderation.none(20), PARAMETERS, weight=weight)
    without = fit_map(votes.take_participants(np.arange(30, 200)), Moderation.none(20), PARAMETERS)
    assert np.abs(weighed.position[30:] - without.position).max() <= 1e-9
    assert np.array_equal(weighed.group[30:], without.group)
    assert np.array_equal(weighed.group >= 0, weighed.in_map)


def test_arguments_are_not_changed():
    votes = planted()
    before = (votes.indptr.copy(), votes.statement.copy(), votes.vote.copy())
    weight = np.full(200, 2.0)
    fit_map(votes, Moderation.none(20), PARAMETERS, weight=weight)
    for old, new in zip(before, (votes.indptr, votes.statement, votes.vote), strict=True):
        assert np.array_equal(old, new)
    assert (weight == 2.0).all()
