"""Matching few groups with few names, beside the general method."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from hiwar.engine.opinion.matching import cheapest_matching


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (5, 5), (5, 2), (4, 7), (3, 20), (0, 3)])
def test_no_matching_is_cheaper_than_ours(shape: tuple[int, int]) -> None:
    for cost in np.random.default_rng(0).random((20, *shape)):
        row, column = cheapest_matching(cost)
        general = linear_sum_assignment(cost)
        assert row.tolist() == general[0].tolist()
        assert column.tolist() == general[1].tolist()


def test_whole_numbers_that_tie_are_matched_as_cheaply() -> None:
    for cost in np.random.default_rng(1).integers(0, 3, (50, 4, 4)):
        row, column = cheapest_matching(cost)
        assert sorted(column) == [0, 1, 2, 3]
        assert cost[row, column].sum() == cost[linear_sum_assignment(cost)].sum()
