from __future__ import annotations

import numpy as np

from hiwar.engine.opinion import Votes
from hiwar.engine.opinion.fingerprints import cell_fingerprints, mix, row_fingerprints


def random_votes(people, statements, share, seed):
    rng = np.random.default_rng(seed)
    dense = rng.integers(-1, 2, (people, statements)).astype(float)
    dense[rng.random(dense.shape) > share] = np.nan
    return dense


def test_equal_rows_and_only_they_share_a_fingerprint():
    dense = np.vstack([random_votes(300, 4, 0.7, seed=1)] * 2)
    found = row_fingerprints(Votes.from_dense(dense))
    keys = [tuple(np.nan_to_num(row, nan=9)) for row in dense]
    assert len(set(keys)) == len(set(found.tolist()))
    assert len(set(zip(keys, found.tolist(), strict=True))) == len(set(keys))


def test_a_pass_is_not_a_missing_vote():
    a, b, nobody = row_fingerprints(Votes.from_dense([[1, 0], [1, np.nan], [np.nan, np.nan]]))
    assert a != b
    assert nobody == 0


def test_cells_keep_their_fingerprint_when_rows_and_columns_are_reordered():
    dense = random_votes(40, 12, 0.6, seed=2)
    rng = np.random.default_rng(3)
    rows, columns = rng.permutation(40), rng.permutation(12)

    def table(matrix):
        votes = Votes.from_dense(matrix)
        out = np.zeros(matrix.shape, np.uint64)
        out[votes.participant, votes.statement] = cell_fingerprints(votes, seed=5)
        return out

    np.testing.assert_array_equal(table(dense[rows][:, columns]), table(dense)[rows][:, columns])
    assert len(np.unique(table(dense))) > 0.95 * np.isfinite(dense).sum()


def test_another_seed_gives_other_numbers():
    votes = Votes.from_dense(random_votes(20, 8, 0.8, seed=4))
    assert not np.intersect1d(cell_fingerprints(votes, 1), cell_fingerprints(votes, 2)).size


def test_mixing_is_one_to_one_and_even():
    mixed = mix(np.arange(100_000, dtype=np.uint64))
    assert len(np.unique(mixed)) == 100_000
    assert abs((mixed >> np.uint64(63)).mean() - 0.5) < 0.01
