from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hiwar.engine.inclusion.attack import feasible_interval, feasible_intervals
from hiwar.engine.inclusion.disclosure import large_majority, suppress, with_totals

THRESHOLD = 5


def tables(*sizes, most=25):
    def build(shape):
        cells = int(np.prod(shape))
        values = st.lists(st.integers(0, most), min_size=cells, max_size=cells)
        return values.map(lambda v: np.array(v).reshape(shape))

    return st.tuples(*(st.integers(2, n) for n in sizes)).flatmap(build)


def every_table(table, hidden):
    """All tables of whole numbers >= 0 that agree with what is shown, by plain enumeration."""
    inner = tuple(slice(0, n - 1) for n in table.shape)
    most = np.full(table[inner].shape, table[(-1,) * table.ndim])
    for axis in range(table.ndim):
        margin = tuple(slice(-1, None) if a == axis else inner[a] for a in range(table.ndim))
        most = np.minimum(most, np.where(hidden[margin], most, table[margin]))
    ranges = [
        range(m + 1) if h else [int(v)]
        for v, h, m in zip(*(x.ravel() for x in (table[inner], hidden[inner], most)), strict=True)
    ]
    for values in product(*ranges):
        guess = with_totals(np.array(values).reshape(table[inner].shape))
        if (guess[~hidden] == table[~hidden]).all():
            yield guess


@settings(max_examples=40, deadline=None)
@given(tables(2, 2, most=4), st.data())
def test_attack_equals_enumeration(counts, data):
    table = with_totals(counts)
    assume(table[-1, -1] <= 10)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=9, max_size=9))).reshape(3, 3)
    hidden[-1, -1] = False
    every = np.array(list(every_table(table, hidden)))
    low, high = feasible_intervals(table, hidden)
    np.testing.assert_array_equal(low, every.min(axis=0))
    np.testing.assert_array_equal(high, every.max(axis=0))


def test_attack_in_three_dimensions_uses_whole_people():
    table = with_totals(np.ones((2, 2, 2), int))
    hidden = np.zeros((3, 3, 3), bool)
    hidden[:2, :2, :2] = True
    every = np.array(list(every_table(table, hidden)))
    low, high = feasible_intervals(table, hidden)
    np.testing.assert_array_equal(low, every.min(axis=0))
    np.testing.assert_array_equal(high, every.max(axis=0))


def test_a_cell_that_is_shown_is_known():
    table = with_totals([[1, 2], [3, 4]])
    assert feasible_interval(table, np.zeros((3, 3), bool), (1, 0)) == (3.0, 3.0)


def test_nothing_bounds_a_table_without_its_total():
    table = with_totals([[1, 2], [3, 4]])
    assert feasible_interval(table, np.ones((3, 3), bool), (0, 0)) == (0.0, np.inf)


@settings(max_examples=150, deadline=None)
@given(tables(5, 4))
def test_an_attacker_learns_no_hidden_cell(counts):
    s = suppress(counts, THRESHOLD)
    small = (s.table > 0) & (s.table < THRESHOLD)
    assert s.hidden[small].all()
    assert s.is_safe
    low, high = feasible_intervals(s.table, s.hidden)
    assert (low <= s.table).all()
    assert (s.table <= high).all()
    assert (high - low)[s.hidden].min(initial=np.inf) >= 1
    assert (high - low)[s.primary].min(initial=np.inf) >= THRESHOLD


@settings(max_examples=80, deadline=None)
@given(tables(5, 4))
def test_with_the_totals_of_everybody_known_it_is_safe_or_says_so(counts):
    public = np.zeros(np.add(counts.shape, 1), bool)
    public[-1] = True
    s = suppress(counts, THRESHOLD, public=public)
    assert not s.hidden[public].any()
    low, high = feasible_intervals(s.table, s.hidden)
    if s.is_safe:
        assert (high - low)[s.primary].min(initial=np.inf) >= THRESHOLD
    else:
        assert s.hidden[~public].all()


@settings(max_examples=15, deadline=None)
@given(tables(3, 2, 3))
def test_three_way_tables_resist_an_integer_attack(counts):
    public = np.zeros(np.add(counts.shape, 1), bool)
    public[-1] = True
    s = suppress(counts, THRESHOLD, public=public)
    if s.is_safe:
        for cell in map(tuple, np.argwhere(s.primary)[:6]):
            low, high = feasible_interval(s.table, s.hidden, cell)
            assert high - low >= THRESHOLD


@settings(max_examples=15, deadline=None)
@given(tables(3, 2, 3))
def test_two_tables_that_share_a_margin_resist_a_joint_attack(counts):
    """Sector by group and sector by answer share the sector totals."""
    shape = np.add(counts.shape, 1)
    place = np.indices(shape)
    total = place == (shape - 1).reshape(3, 1, 1, 1)
    unpublished = ~total[1] & ~total[2]
    s = suppress(counts, THRESHOLD, unpublished=unpublished)
    assert s.hidden[unpublished].all()
    assert not s.primary[unpublished].any()
    if s.is_safe:
        for cell in map(tuple, np.argwhere(s.primary)[:6]):
            low, high = feasible_interval(s.table, s.hidden, cell)
            assert high - low >= THRESHOLD


def fewest_hidden(table, primary):
    """Smallest number of inner cells that protect the small ones, by trying every choice."""
    others = [tuple(c) for c in np.argwhere(~primary[:-1, :-1])]
    for n in range(len(others) + 1):
        for extra in combinations(others, n):
            hidden = primary.copy()
            for cell in extra:
                hidden[cell] = True
            widths = (
                high - low
                for cell in map(tuple, np.argwhere(primary))
                for low, high in [feasible_interval(table, hidden, cell)]
            )
            if all(width >= THRESHOLD for width in widths):
                return int(hidden.sum())
    raise AssertionError


def test_hardly_more_is_hidden_than_must_be():
    rng = np.random.default_rng(5)
    ours, fewest = 0, 0
    for _ in range(12):
        counts = rng.integers(6, 30, (3, 3))
        counts[rng.integers(3), rng.integers(3)] = 2
        counts[rng.integers(3), rng.integers(3)] = 3
        s = suppress(counts, THRESHOLD)
        ours += int(s.hidden.sum())
        fewest += fewest_hidden(s.table, s.primary)
    assert fewest <= ours <= 1.1 * fewest


def test_nothing_small_nothing_hidden():
    s = suppress([[10, 0], [12, 30]], THRESHOLD)
    assert not s.hidden.any()
    np.testing.assert_array_equal(s.shown(), s.table)


def test_a_single_row_equals_the_public_total_and_is_not_called_safe():
    public = np.zeros((2, 4), bool)
    public[-1] = True
    s = suppress([[3, 20, 30]], THRESHOLD, public=public)
    assert not s.is_safe


def test_sensitive_cells_are_hidden_like_small_ones():
    sensitive = np.zeros((4, 4), bool)
    sensitive[0, 0] = True
    counts = np.full((3, 3), 40)
    s = suppress(counts, THRESHOLD, sensitive=sensitive)
    assert s.primary.sum() == 1
    low, high = feasible_interval(s.table, s.hidden, (0, 0))
    assert high - low >= THRESHOLD


def test_a_wider_protection_is_kept():
    s = suppress([[3, 20, 30], [25, 40, 35], [30, 22, 28]], THRESHOLD, protection=30)
    low, high = feasible_intervals(s.table, s.hidden)
    assert (high - low)[s.primary].min() >= 30


def test_large_majority_needs_people():
    counts = [[9, 1, 0], [8, 2, 0], [0, 0, 0], [0, 0, 7]]
    assert large_majority(counts).tolist() == [0, -1, -1, 2]


@pytest.mark.parametrize("counts", [[[1, -1]], [[0.5, 1]]])
def test_only_whole_people_are_counted(counts):
    with pytest.raises(ValueError, match="whole"):
        suppress(counts, 5)


def test_a_threshold_below_one_is_refused():
    with pytest.raises(ValueError, match="below 1"):
        suppress([[1]], 0)
