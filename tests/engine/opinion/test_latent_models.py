"""Latent classes and the latent trait, against sums by hand and planted answers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from bench.planted import Plan, draw
from hypothesis import given, settings
from hypothesis import strategies as st

from hiwar.engine.opinion import Votes
from hiwar.engine.opinion.agreement import adjusted_rand_index
from hiwar.engine.opinion.answers import Answers, normalised
from hiwar.engine.opinion.latent_classes import Classes, find_classes, fit_classes
from hiwar.engine.opinion.latent_trait import fit_trait, grid, start_at

SHAPE = (150, 30, 0.5)


def answers_of(matrix):
    votes = Votes.from_dense(matrix)
    return Answers(votes, np.ones(votes.n_participants))


def random_matrix(seed, people=12, statements=5):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-1, 2, (people, statements)).astype(float)
    matrix[rng.random(matrix.shape) < 0.4] = np.nan
    return matrix


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_likelihood_and_counts_leave_missing_cells_out(seed):
    matrix = random_matrix(seed)
    answers = answers_of(matrix)
    rng = np.random.default_rng(seed)
    log_answer = rng.normal(size=(15, 2)).astype(np.float32)
    share = rng.random((12, 2)).astype(np.float32)
    likelihood, count = np.zeros((12, 2)), np.zeros((15, 2))
    for i, j in zip(*np.nonzero(~np.isnan(matrix)), strict=True):
        row = int(3 * j + matrix[i, j] + 1)
        likelihood[i] += log_answer[row]
        count[row] += share[i]
    assert answers.likelihood(log_answer) == pytest.approx(likelihood, abs=1e-4)
    assert answers.count(share) == pytest.approx(count, abs=1e-4)


def test_sparse_and_dense_products_agree():
    few = random_matrix(3)
    few[:, 1:] = np.nan
    few[0] = [1, 0, -1, 1, 0]
    log_answer = np.random.default_rng(1).normal(size=(15, 3)).astype(np.float32)
    for matrix in (random_matrix(3), few):
        answers = answers_of(matrix)
        direct = answers._rows.sparse @ log_answer
        assert answers.likelihood(log_answer) == pytest.approx(direct, abs=1e-5)


def test_one_round_by_hand():
    # Each of two classes holds one person, and two votes as everybody voted.
    answers = answers_of([[1.0], [-1.0]])
    share = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    found = fit_classes(answers, share, steps=1)
    everybody = np.array([2, 1, 2]) / 5
    assert np.exp(found.log_answer[:, 0]) == pytest.approx((2 * everybody + [0, 0, 1]) / 3)
    assert np.exp(found.log_answer[:, 1]) == pytest.approx((2 * everybody + [1, 0, 0]) / 3)
    assert np.exp(found.log_size) == pytest.approx([0.5, 0.5])
    # Who agreed belongs to the first class with odds of 1.8/3 against 0.8/3.
    assert found.posterior(answers)[0] == pytest.approx([1.8 / 2.6, 0.8 / 2.6])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_more_rounds_never_fit_worse(seed, k):
    answers = answers_of(random_matrix(seed, 40, 8))
    share = np.random.default_rng(seed).dirichlet(np.ones(k), 40).astype(np.float32)
    fits = [fit_classes(answers, share, steps=steps).fit for steps in (1, 3, 10, 40)]
    assert all(later >= earlier - 1e-2 for earlier, later in pairwise(fits))
    found = fit_classes(answers, share)
    assert found.posterior(answers).sum(axis=1) == pytest.approx(np.ones(40), abs=1e-5)
    assert np.exp(found.log_answer).reshape(-1, 3, k).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_planted_classes_are_found():
    planted = draw(Plan("independent", 3), SHAPE, 4)
    answers = answers_of(planted.matrix)
    filled = np.nan_to_num(planted.matrix)
    filled -= filled.mean(axis=0)
    place = filled @ np.linalg.svd(filled, full_matrices=False)[2][:2].T
    found = find_classes(answers, place, 3, 0)
    truth = fit_classes(answers, np.eye(3, dtype=np.float32)[planted.group])
    assert found.fit >= truth.fit - 1.0
    assert adjusted_rand_index(planted.group, found.posterior(answers).argmax(axis=1)) > 0.6


def test_a_weight_of_two_counts_as_two_people():
    matrix = random_matrix(5, 30, 6)
    share = np.random.default_rng(5).dirichlet([1, 1], 30).astype(np.float32)
    times = np.random.default_rng(6).integers(1, 4, 30)
    weighed = fit_classes(Answers(Votes.from_dense(matrix), times.astype(float)), share, steps=20)
    rows = np.repeat(np.arange(30), times)
    repeated = fit_classes(answers_of(matrix[rows]), share[rows], steps=20)
    assert np.exp(weighed.log_answer) == pytest.approx(np.exp(repeated.log_answer), abs=1e-3)


def test_classes_can_be_renamed_and_put_on_other_statements():
    answers = answers_of(random_matrix(2))
    found = fit_classes(answers, np.tile(np.float32([0.6, 0.4]), (12, 1)))
    turned = found.reordered(np.array([1, 0]))
    assert turned.posterior(answers)[:, ::-1] == pytest.approx(found.posterior(answers))
    kept = np.array([True, False, True, True, True, True])
    fewer = found.on(kept)
    assert fewer.log_answer.shape == (15, 2)
    assert not fewer.log_answer[-3:].any()
    assert isinstance(fewer, Classes)


def test_the_trait_finds_the_order_of_a_line():
    rng = np.random.default_rng(3)
    place = rng.normal(size=200)
    felt = np.outer(place, rng.normal(0, 1.5, 30)) + rng.normal(size=(200, 30))
    matrix = np.where(np.abs(felt) < 0.25, 0.0, np.sign(felt))
    matrix[rng.random(matrix.shape) < 0.4] = np.nan
    answers = answers_of(matrix)
    filled = np.nan_to_num(matrix)
    first = np.linalg.svd(filled - filled.mean(axis=0))[0][:, :1]
    found = fit_trait(answers, start_at(first), 1)
    at = found.posterior(answers) @ found.node[:, 0]
    by_axis = abs(np.corrcoef(first[:, 0], place)[0, 1])
    assert abs(np.corrcoef(at, place)[0, 1]) > max(by_axis, 0.9)
    assert np.exp(found.log_answer).reshape(30, 3, -1).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("dimensions", [1, 2])
def test_the_grid_is_a_normal_law(dimensions):
    node, log_size = grid(dimensions)
    weight = np.exp(log_size.astype(float))
    assert weight.sum() == pytest.approx(1.0, abs=1e-5)
    assert weight @ node == pytest.approx(np.zeros(dimensions), abs=1e-6)
    assert weight @ node**2 == pytest.approx(np.full(dimensions, 0.97), abs=0.04)


@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("value", [1.0, 0.0])
def test_everybody_alike_teaches_the_trait_nothing(dimensions, value):
    answers = answers_of(np.full((20, 4), value))
    found = fit_trait(answers, start_at(np.zeros((20, dimensions))), dimensions)
    assert np.isfinite(found.fit)
    assert np.isfinite(found.log_answer).all()


def test_shares_of_extreme_weights_are_finite():
    share, evidence = normalised(np.array([[-1e4, -1e4 - 1.0], [0.0, -1e4]], np.float32))
    assert share.sum(axis=1) == pytest.approx([1, 1])
    assert np.isfinite(evidence).all()
