"""A matrix of votes: small ones in full and large ones sparse give the same products."""

from __future__ import annotations

import numpy as np
import pytest

from hiwar.engine.opinion.quantiles import quantiles
from hiwar.engine.opinion.rows import SMALL, Rows


def drawn(people: int, statements: int, missing: float) -> tuple[Rows, np.ndarray]:
    rng = np.random.default_rng(people)
    dense = np.where(rng.random((people, statements)) < missing, 0.0, rng.normal(size=(1, 1)) + 2.0)
    row, column = np.nonzero(dense)
    indptr = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=people))))
    data = rng.normal(size=len(row))
    dense[row, column] = data
    return Rows(data, column.astype(np.int32), indptr, dense.shape), dense


@pytest.mark.parametrize("people", [0, 1, 30, SMALL // 50 + 1])
def test_products_are_those_of_the_full_matrix(people: int) -> None:
    rows, dense = drawn(people, 50, 0.8)
    assert isinstance(rows.product, np.ndarray) == (dense.size <= SMALL)
    right, left = np.arange(50.0)[:, None], np.arange(float(people))
    assert np.allclose(rows.product @ right, dense @ right)
    assert np.allclose(rows.product.T @ left, dense.T @ left)
    assert np.allclose(rows.sparse.toarray(), rows.full)
    assert np.shares_memory(rows.sparse.indices, rows.indices) or not rows.nnz


def test_rows_and_columns_are_taken_in_the_order_asked_for() -> None:
    rows, dense = drawn(30, 12, 0.5)
    chosen, order = np.array([4, 4, 29, 0]), np.random.default_rng(1).permutation(12)
    moved = rows.take(chosen).reordered(order)
    assert np.array_equal(moved.full, dense[chosen][:, order])
    row = np.repeat(np.arange(4), np.diff(moved.indptr))
    assert (np.diff(row * 12 + moved.indices) > 0).all()


@pytest.mark.parametrize("shape", [(1,), (7,), (40, 3, 2)])
def test_quantiles_are_those_of_the_library(shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).normal(size=shape)
    shares = [0.0, 0.025, 0.5, 0.9, 1.0]
    assert np.allclose(quantiles(values, shares), np.quantile(values, shares, axis=0))
