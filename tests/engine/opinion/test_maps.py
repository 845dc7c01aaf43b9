"""Planted groups are found, noise is not, and the estimator is the function."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from bench.synthetic import conversation

from engine.opinion import data
from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.agreement import adjusted_rand_index
from hiwar.engine.opinion.estimator import OpinionMap
from hiwar.engine.opinion.maps import corrected_position, fit_map
from hiwar.engine.opinion.missingness import missingness
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters()


def drawn_votes(*size, **how):
    drawn = conversation(*size, **how)
    votes = Votes.from_events(
        drawn.participant,
        drawn.statement,
        drawn.vote,
        n_participants=drawn.n_participants,
        n_statements=drawn.n_statements,
    )
    return votes, drawn.planted


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("size", "shares"),
    [
        ((240, 25, 17), (0.55, 0.45)),
        ((800, 60, 30), (0.88, 0.12)),
        ((800, 60, 30), (0.5, 0.3, 0.2)),
    ],
)
def test_planted_groups_are_found(size, shares, seed):
    votes, planted = drawn_votes(*size, shares=shares, spread=1.6, noise=0.5, seed=seed)
    result = fit_map(votes, Moderation.none(size[1]), PARAMETERS)
    assert result.n_groups == len(shares)
    assert adjusted_rand_index(result.group, planted) >= 0.6


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("size", "spread"), [((240, 25, 17), 0.0), ((600, 60, 20), 1.2)])
def test_one_group_of_people_shows_no_groups(size, spread, seed):
    votes, _ = drawn_votes(*size, shares=(1.0,), spread=spread, seed=seed)
    result = fit_map(votes, Moderation.none(size[1]), PARAMETERS)
    assert result.outcome == "no_structure"
    assert result.n_groups == 0
    assert (result.group == -1).all()


@pytest.mark.shared_data
def test_two_groups_planted_in_the_demonstration_are_found():
    path = data.shared("demo/scenario-data/s1-votes-web.csv")
    with path.open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    people = sorted({row["registration_id"] for row in rows})
    value = {"agree": 1, "pass": 0, "disagree": -1}
    votes = Votes.from_events(
        [people.index(row["registration_id"]) for row in rows],
        [int(row["statement"]) - 1 for row in rows],
        [value[row["vote"]] for row in rows],
        n_participants=len(people),
        n_statements=25,
    )
    assert fit_map(votes, Moderation.none(25), PARAMETERS).n_groups == 2


def test_statements_that_are_out_are_as_if_they_had_never_been():
    votes, _ = drawn_votes(300, 30, 20, shares=(0.5, 0.5), spread=1.6, noise=0.5)
    out = np.arange(30) % 5 == 0
    moderation = Moderation(np.where(out, -1, 1).astype(np.int8), np.zeros(30, np.bool_))
    with_them = fit_map(votes, moderation, PARAMETERS)
    without = fit_map(votes.keep_statements(~out), Moderation.none(24), PARAMETERS)
    assert np.abs(with_them.position - without.position).max() <= 1e-9
    assert np.array_equal(with_them.group, without.group)
    meta = Moderation(np.ones(30, np.int8), out)
    assert np.array_equal(fit_map(votes, meta, PARAMETERS).position, with_them.position)


def test_groups_come_by_size_and_their_centres_are_means():
    votes, _ = drawn_votes(800, 60, 30, spread=1.6, noise=0.5, seed=1)
    result = fit_map(votes, Moderation.none(60), PARAMETERS)
    size = np.bincount(result.group[result.in_map])
    assert (np.diff(size) <= 0).all()
    for number in range(result.n_groups):
        assert np.allclose(
            result.group_centre[number], result.position[result.group == number].mean(0)
        )


def test_corrected_positions_say_less_about_the_number_of_votes():
    votes, planted = drawn_votes(2000, 80, 20, shares=(0.5, 0.5), spread=1.2)
    moderation = Moderation.none(80)
    result = fit_map(votes, moderation, PARAMETERS)
    corrected = corrected_position(votes, moderation, result)
    found = missingness(votes, moderation, result, corrected)
    assert np.isfinite(corrected).all()
    assert abs(found.distance_correlation_corrected) <= 0.3
    side = corrected[:, 0] > 0
    assert max((side == planted).mean(), (side != planted).mean()) > 0.75


def test_the_estimator_is_the_function():
    votes, _ = drawn_votes(240, 25, 17, shares=(0.5, 0.5), spread=1.6, noise=0.5)
    parameters = replace(PARAMETERS, restarts=3)
    estimator = OpinionMap(parameters)
    assert estimator.fit(votes.dense()) is estimator
    assert estimator.parameters is parameters
    expected = fit_map(votes, Moderation.none(25), parameters)
    assert np.array_equal(estimator.position_, expected.position)
    assert np.array_equal(estimator.group_, expected.group)
    assert estimator.n_groups_ == expected.n_groups
