from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion import accuracy as module
from hiwar.engine.opinion.accuracy import predictive_accuracy
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters(seed=3)


def two_camps(people=120, statements=30, noise=0.05, seed=1):
    """Two camps of equal size that disagree on every statement, with a few slips."""
    rng = np.random.default_rng(seed)
    side = np.where(np.arange(people) < people // 2, 1, -1)
    dense = side[:, None] * np.where(np.arange(statements) % 2, 1, -1) * 1.0
    dense[rng.random(dense.shape) < noise] *= -1
    dense[rng.random(dense.shape) < 0.3] = np.nan
    return dense


def report(dense, parameters=PARAMETERS, moderation=None):
    votes = Votes.from_dense(dense)
    moderation = moderation or Moderation.none(votes.n_statements)
    return predictive_accuracy(
        votes, moderation, parameters, fit_map(votes, moderation, parameters)
    )


def test_camps_are_foretold_by_group_and_place_but_not_by_the_majority():
    found = report(two_camps())
    assert found.n_withheld == pytest.approx(0.1 * 120 * 30 * 0.7, rel=0.2)
    assert found.majority < 0.6
    assert found.group == pytest.approx(0.95, abs=0.03)
    assert found.map == pytest.approx(0.95, abs=0.03)


def test_what_cannot_be_known_is_not_foretold():
    rng = np.random.default_rng(2)
    found = report(rng.choice([-1.0, 1.0], (300, 40)))
    for share in (found.majority, found.group, found.map):
        assert share == pytest.approx(0.5, abs=0.05)


def test_order_of_people_and_statements_does_not_matter():
    dense = two_camps(noise=0.2)
    rng = np.random.default_rng(4)
    shuffled = dense[rng.permutation(len(dense))][:, rng.permutation(dense.shape[1])]
    assert report(shuffled) == pytest.approx(report(dense))


def test_another_seed_withholds_other_votes():
    dense = two_camps(noise=0.2)
    assert report(dense).n_withheld != report(dense, replace(PARAMETERS, seed=9)).n_withheld


def test_rejected_statements_are_not_asked_for():
    dense = two_camps(statements=20)
    noise = np.random.default_rng(5).choice([-1.0, 1.0], (120, 20))
    status = np.repeat(np.array([1, -1], np.int8), 20)
    moderation = Moderation(status, np.zeros(40, bool))
    with_rejected = report(np.hstack([dense, noise]), moderation=moderation)
    assert with_rejected == pytest.approx(report(dense))


def test_without_groups_the_group_is_everybody():
    rng = np.random.default_rng(6)
    dense = np.where(rng.random((60, 20)) < 0.8, 1.0, -1.0)
    found = report(dense)
    assert found.group == found.majority == pytest.approx(0.8, abs=0.08)


def test_nothing_to_withhold():
    found = report(np.zeros((5, 3)))
    assert found.n_withheld == 0
    assert np.isnan([found.majority, found.group, found.map]).all()


def test_large_input_is_sampled(monkeypatch):
    monkeypatch.setattr(module, "MOST_VOTES", 1_000)
    found = report(two_camps())
    assert 50 < found.n_withheld < 150
    assert found.group > 0.9
