from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.engine.opinion.threshold_bridging import agreement_everywhere, reaches_share

counts = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8)
told = st.lists(
    st.lists(st.sampled_from([-1, 0, 1]), min_size=4, max_size=4), min_size=1, max_size=5
)


def table(rows):
    return np.array(rows, np.int8).reshape(-1, 4)


def test_a_share_is_reached_exactly_at_its_edge():
    assert reaches_share([6, 59, 60], [6, 59, 60], [10, 100, 100], 60).tolist() == [1, 0, 1]


def test_bounds_decide_only_where_both_lie_on_one_side():
    assert reaches_share([6, 0, 5], [9, 5, 7], [10, 10, 10], 60).tolist() == [1, 0, -1]


def test_nobody_and_nothing_known_decide_nothing():
    assert reaches_share([0, np.nan], [0, np.nan], [0, np.nan], 60).tolist() == [-1, -1]
    assert reaches_share([], [], [], 60).tolist() == []


@pytest.mark.parametrize("percent", [0, 101, -5])
def test_what_is_no_share_is_refused(percent):
    with pytest.raises(ValueError, match="percent"):
        reaches_share([1], [1], [1], percent)


@given(counts, st.integers(1, 100))
def test_a_higher_share_is_never_reached_where_a_lower_one_is_missed(pairs, percent):
    agree = np.array([min(pair) for pair in pairs])
    seen = np.array([max(pair) for pair in pairs])
    lower = reaches_share(agree, agree, seen, max(percent // 2, 1))
    higher = reaches_share(agree, agree, seen, percent)
    assert (higher <= lower).all()


@given(told, told)
def test_bridging_is_the_weakest_room_or_group(rooms, groups):
    found = agreement_everywhere(table(rooms), table(groups)).bridging
    for column, state in enumerate(found.tolist()):
        everything = {row[column] for row in [*rooms, *groups]}
        assert state == (0 if 0 in everything else -1 if -1 in everything else 1)


@given(told, told, st.randoms(use_true_random=False))
def test_the_order_of_rooms_and_groups_plays_no_part(rooms, groups, random):
    mixed_rooms, mixed_groups = rooms[:], groups[:]
    random.shuffle(mixed_rooms)
    random.shuffle(mixed_groups)
    first = agreement_everywhere(table(rooms), table(groups)).bridging
    again = agreement_everywhere(table(mixed_rooms), table(mixed_groups)).bridging
    np.testing.assert_array_equal(first, again)


def test_without_rooms_nothing_is_told_and_without_groups_rooms_decide():
    none = np.zeros((0, 2), np.int8)
    rooms = np.array([[1, 0]], np.int8)
    assert agreement_everywhere(none, rooms).bridging.tolist() == [-1, -1]
    assert agreement_everywhere(rooms, none).bridging.tolist() == [1, 0]


def test_rooms_and_groups_are_about_the_same_statements():
    with pytest.raises(ValueError, match="statements"):
        agreement_everywhere(np.zeros((1, 2), np.int8), np.zeros((1, 3), np.int8))
