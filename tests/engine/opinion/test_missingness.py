from __future__ import annotations

import numpy as np
import pytest

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.missingness import missingness
from hiwar.engine.opinion.results import OpinionMapResult


def map_of(position, in_map, n_statements):
    empty = np.zeros((0, 2))
    return OpinionMapResult(
        "no_structure", position, np.zeros((2, n_statements)), np.zeros(n_statements), np.zeros(2),
        np.zeros((n_statements, 2)), np.zeros(n_statements), in_map,
        np.full(len(position), -1, np.int32), empty, {}, empty, np.zeros(0, int),
        np.zeros(0, np.int32),
    )  # fmt: skip


@pytest.fixture
def stairs():
    """Five people with 1, 2, 4, 8 and 16 votes among 20 statements."""
    dense = np.full((5, 20), np.nan)
    for person, n in enumerate((1, 2, 4, 8, 16)):
        dense[person, :n] = 1
    return Votes.from_dense(dense)


def test_distance_that_grows_with_votes_is_found(stairs):
    position = np.array([[0, 0], [3, 0], [0, -3], [-6, 0], [3, 3.0]])
    everybody = np.ones(5, bool)
    shown = map_of(position, everybody, 20)
    flat = np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [0.6, 0.8]])
    report = missingness(stairs, Moderation.none(20), shown, flat)
    distance = np.hypot(*(position - position.mean(axis=0)).T)
    expected = np.corrcoef(distance, np.log([1, 2, 4, 8, 16]))[0, 1]
    assert report.distance_correlation == pytest.approx(expected)
    assert report.density == pytest.approx(31 / 100)
    assert report.median_votes == 4
    assert -1 <= report.distance_correlation_corrected <= 1


def test_only_people_in_the_map_and_live_votes_count(stairs):
    position = np.array([[9, 9], [1, 0], [-1, 0], [0, 2], [0, -2.0]])
    shown = map_of(position, np.array([False, True, True, True, True]), 20)
    status = np.ones(20, np.int8)
    status[10:] = -1
    report = missingness(stairs, Moderation(status, np.zeros(20, bool)), shown, position)
    expected = np.corrcoef([1, 1, 2, 2], np.log([2, 4, 8, 10]))[0, 1]
    assert report.distance_correlation == pytest.approx(expected)


def test_no_correlation_without_variation():
    votes = Votes.from_dense(np.ones((4, 3)))
    shown = map_of(np.zeros((4, 2)), np.ones(4, bool), 3)
    report = missingness(votes, Moderation.none(3), shown, shown.position)
    assert np.isnan(report.distance_correlation)
    assert report.density == 1


def test_nobody():
    votes = Votes.from_dense(np.zeros((0, 0)))
    shown = map_of(np.zeros((0, 2)), np.zeros(0, bool), 0)
    report = missingness(votes, Moderation.none(0), shown, shown.position)
    assert (report.density, report.median_votes) == (0.0, 0.0)
    assert np.isnan(report.distance_correlation)
