"""Components equal those of a dense decomposition, whatever the shape and the rank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiwar.engine.opinion import Votes
from hiwar.engine.opinion.pca import fix_sign, leading_eigenpairs, principal_components
from hiwar.engine.opinion.residuals import residuals


def random_votes(seed, n_people=80, n_statements=30):
    rng = np.random.default_rng(seed)
    axes = rng.normal(size=(2, n_statements)) * [[1.5], [0.9]]
    felt = rng.normal(size=(n_people, 2)) @ axes + rng.normal(size=(n_people, n_statements))
    matrix = np.sign(felt)
    matrix[rng.random(matrix.shape) < 0.5] = np.nan
    return Votes.from_dense(matrix)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 400))
def test_components_equal_a_dense_decomposition(seed, n_statements):
    votes = random_votes(seed, 80, n_statements)
    centred = residuals(votes, np.zeros(n_statements, np.bool_))
    component, eigenvalue = principal_components(centred)
    dense = centred.matrix.full
    _, singular, expected = np.linalg.svd(dense, full_matrices=False)
    assert np.allclose(eigenvalue, singular[:2] ** 2, rtol=1e-11)
    assert np.allclose(np.abs((component * expected[:2]).sum(axis=1)), 1.0, atol=1e-10)


def test_imputing_the_mean_is_the_same_as_leaving_nothing():
    votes = random_votes(0)
    dense = votes.dense()
    imputed = np.where(np.isnan(dense), np.nanmean(dense, axis=0), dense)
    centred = residuals(votes, np.zeros(30, np.bool_))
    assert np.allclose(centred.matrix.full, imputed - imputed.mean(axis=0), atol=1e-12)


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_low_rank_gives_nought_for_what_is_not_there(rank):
    rng = np.random.default_rng(rank)
    factor = rng.normal(size=(rank, 50))
    value, vector = leading_eigenpairs(lambda v: factor.T @ (factor @ v), 50, 2)
    expected = np.linalg.svd(factor, compute_uv=False)[:2] ** 2 if rank else np.zeros(0)
    assert np.allclose(value[: len(expected)], expected)
    assert not value[rank:].any()
    assert not vector[rank:].any()


def test_weights_enter_as_repeated_rows_do():
    votes = random_votes(3)
    times = np.random.default_rng(0).integers(1, 4, 80)
    none_out = np.zeros(30, np.bool_)
    weighed = residuals(votes, none_out, weight=times.astype(float))
    repeated = residuals(votes.take_participants(np.repeat(np.arange(80), times)), none_out)
    assert np.allclose(weighed.mean, repeated.mean)
    assert np.allclose(principal_components(weighed)[0], principal_components(repeated)[0])


def test_sign_does_not_depend_on_the_order_or_on_ties():
    loading = np.array([0.6, -0.6, 0.5, 0.1])
    mean = np.zeros(4)
    order = [3, 1, 0, 2]
    assert fix_sign(loading, mean) == fix_sign(loading[order], mean)
    assert fix_sign(-loading, mean) == -fix_sign(loading, mean)
    assert fix_sign(np.array([0.5, -0.5]), np.array([0.0, -1.0])) == 1.0
    assert fix_sign(np.zeros(3), np.zeros(3)) == 1.0


def test_scale_follows_the_mode():
    matrix = np.array([[1.0, np.nan, 1.0], [np.nan, -1.0, -1.0], [1.0, 1.0, np.nan]])
    votes, out = Votes.from_dense(matrix), np.array([False, False, True])
    assert np.allclose(residuals(votes, out).scale ** 2, [2, 2, 1])
    assert np.allclose(residuals(votes, out, "compat").scale ** 2, [1.5, 1.5, 1])
