from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from hiwar.engine.opinion import Votes
from hiwar.engine.opinion.privacy import row_privacy
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters()


def random_votes(people, statements, share, seed):
    rng = np.random.default_rng(seed)
    dense = rng.integers(-1, 2, (people, statements)).astype(float)
    dense[rng.random(dense.shape) > share] = np.nan
    return dense


def by_enumeration(dense, k):
    """Share singled out over every person and every choice of k of their votes."""
    shares = []
    for row in dense:
        own = np.flatnonzero(np.isfinite(row))
        if len(own) >= k:
            alone = [
                (dense[:, c] == row[list(c)]).all(axis=1).sum() == 1
                for c in map(list, combinations(own, k))
            ]
            shares.append(np.mean(alone))
    return np.mean(shares)


def test_shares_equal_a_full_enumeration():
    dense = random_votes(60, 8, 0.9, seed=1)
    report = row_privacy(Votes.from_dense(dense), PARAMETERS)
    for k, share in report.singled_out.items():
        assert share == pytest.approx(by_enumeration(dense, k), abs=0.03)


def test_everybody_alike_singles_out_nobody():
    report = row_privacy(Votes.from_dense(np.ones((30, 8))), PARAMETERS)
    assert report.unique_rows == 0
    assert set(report.singled_out.values()) == {0.0}
    assert report.may_publish_rows


def test_a_matrix_of_fingerprints_may_not_be_published():
    report = row_privacy(Votes.from_dense(random_votes(200, 40, 0.9, seed=2)), PARAMETERS)
    assert report.unique_rows == 1
    assert report.singled_out[3] < report.singled_out[4] < report.singled_out[7]
    assert not report.may_publish_rows


def test_unique_short_rows_forbid_publishing():
    dense = np.full((40, 40), np.nan)
    np.fill_diagonal(dense, 1)
    report = row_privacy(Votes.from_dense(dense), PARAMETERS)
    assert report.unique_rows == 1
    assert report.singled_out == {}
    assert not report.may_publish_rows


def test_rows_without_votes_are_not_counted():
    dense = np.vstack([np.ones((4, 3)), np.full((6, 3), np.nan)])
    assert row_privacy(Votes.from_dense(dense), PARAMETERS).n_rows == 4


def test_same_seed_same_report():
    votes = Votes.from_dense(random_votes(700, 12, 0.7, seed=3))
    assert row_privacy(votes, PARAMETERS) == row_privacy(votes, PARAMETERS)


def test_no_votes_at_all():
    report = row_privacy(Votes.from_dense(np.full((3, 2), np.nan)), PARAMETERS)
    assert (report.n_rows, report.unique_rows, report.singled_out) == (0, 0.0, {})
    assert report.may_publish_rows
