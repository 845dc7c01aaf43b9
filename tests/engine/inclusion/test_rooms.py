from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiwar.engine.inclusion.disclosure import large_majority
from hiwar.engine.inclusion.rooms import (
    Step,
    _bounds,
    answers_by_room,
    difference_exposes,
    fold_rooms,
)

rooms = st.lists(st.integers(0, 40), max_size=7)


def sizes(people, elsewhere, threshold):
    found = fold_rooms(people, elsewhere, threshold)
    told = np.zeros(found.n_rows, int)
    for row, n in zip(found.row_of_part.tolist(), [*people, elsewhere], strict=True):
        if row >= 0:
            told[row] += n
    return told


def test_the_small_room_of_the_national_session_is_hidden_among_twenty():
    found = fold_rooms([34, 11, 18, 9], 0, 10)
    assert found.row_of_part.tolist() == [0, 2, 1, 2, -1]
    assert (found.n_rows, found.others, found.elsewhere) == (3, 2, -1)
    assert sizes([34, 11, 18, 9], 0, 10).tolist() == [34, 18, 20]


def test_several_small_rooms_are_enough_for_each_other():
    assert fold_rooms([30, 6, 25, 7], 40, 10).row_of_part.tolist() == [0, 2, 1, 2, 3]


def test_people_in_no_room_help_to_hide_where_no_room_is_left():
    found = fold_rooms([4], 40, 10)
    assert found.row_of_part.tolist() == [0, 0]
    assert (found.others, found.elsewhere) == (0, -1)


@pytest.mark.parametrize(("people", "elsewhere"), [([], 0), ([0, 0], 0), ([4, 3], 2), ([], 9)])
def test_too_few_people_make_no_row(people, elsewhere):
    found = fold_rooms(people, elsewhere, 10)
    assert found.n_rows == 0
    assert (found.row_of_part == -1).all()


@pytest.mark.parametrize(
    ("people", "elsewhere", "threshold"), [([-1], 0, 5), ([3], -1, 5), ([3], 0, 0)]
)
def test_what_is_no_number_of_people_is_refused(people, elsewhere, threshold):
    with pytest.raises(ValueError, match="threshold"):
        fold_rooms(people, elsewhere, threshold)


@given(rooms, st.integers(0, 40), st.integers(1, 15))
@settings(max_examples=200)
def test_no_sum_or_difference_of_rows_is_a_small_room(people, elsewhere, threshold):
    told = sizes(people, elsewhere, threshold)
    assert (told >= threshold).all()
    rest = sum(people) + elsewhere - told.sum()
    assert rest == 0 or len(told) == 0
    if len(told) == 0:
        assert rest < threshold


@given(st.permutations([34, 11, 18, 9, 26]))
def test_the_order_of_rooms_changes_only_the_order_of_rows(people):
    assert sorted(sizes(people, 0, 10).tolist()) == [18, 20, 26, 34]


def test_numbers_are_told_where_nothing_speaks_against_it():
    counts = np.array([[[10, 4, 20]], [[5, 2, 11]]])
    found = answers_by_room(counts, 10, 60)
    np.testing.assert_array_equal(found.counts, counts)
    assert found.step.tolist() == [[Step.EXACT], [Step.EXACT]]
    assert found.least.tolist() == found.most.tolist() == [[20], [11]]


def test_a_row_of_few_votes_is_hidden_with_another():
    counts = np.array([[[10, 4, 20]], [[2, 1, 4]], [[5, 2, 11]]])
    found = answers_by_room(counts, 10, 60)
    assert found.step[:, 0].tolist() == [Step.EXACT, Step.HIDDEN, Step.HIDDEN]
    assert np.isnan(found.seen[1:]).all()


def test_near_unanimity_is_told_in_steps_everywhere():
    counts = np.array([[[1, 0, 33]], [[6, 1, 11]], [[9, 1, 10]]])
    found = answers_by_room(counts, 10, 60)
    assert found.step[:, 0].tolist() == [Step.NEARLY_ALL_AGREE, Step.AT_LEAST, Step.BELOW]
    assert np.isnan(found.counts).all()
    assert found.seen[:, 0].tolist() == [34, 18, 20]


def test_what_nobody_voted_on_has_nothing_to_hide():
    found = answers_by_room(np.zeros((2, 1, 3), int), 10, 60)
    assert found.step.tolist() == [[Step.EXACT], [Step.EXACT]]
    assert answers_by_room(np.zeros((0, 3, 3), int), 10, 60).step.shape == (0, 3)


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        answers_by_room(np.array([[[-1, 0, 3]]]), 10, 60)


def splits(seen):
    return [(d, p, seen - d - p) for d in range(seen + 1) for p in range(seen + 1 - d)]


def told_by(step, row, percent):
    """Tell whether a row of counts would be told as it was."""
    if step == Step.HIDDEN:
        return True
    near = {Step.NEARLY_ALL_DISAGREE: 0, Step.NEARLY_ALL_PASS: 1, Step.NEARLY_ALL_AGREE: 2}
    majority = int(large_majority(row))
    if step in near:
        return majority == near[step]
    reaches = 100 * row[2] >= percent * sum(row)
    return majority < 0 and reaches == (step == Step.AT_LEAST)


small = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 6))


@given(st.lists(small, min_size=2, max_size=3), st.sampled_from([50, 60, 75]))
@settings(max_examples=80, deadline=None)
def test_nobody_works_out_a_unanimous_room_from_what_is_told(rows, percent):
    """Every table that fits what is told is written down: no row is certain to be unanimous."""
    table = np.array(rows)
    threshold = 3
    found = answers_by_room(table[:, None, :], threshold, percent)
    total = table.sum(axis=0)
    if total.max(initial=0) == total.sum():
        return  # the totals alone say what everybody answered
    step, seen = found.step[:, 0].tolist(), table.sum(axis=1).tolist()
    fitting = []
    for candidate in product(*[splits(n) for n in seen]):
        rows_of = np.array(candidate)
        if (rows_of.sum(axis=0) != total).any():
            continue
        exact_fits = all(
            (rows_of[at] == table[at]).all()
            if one == Step.EXACT
            else told_by(one, rows_of[at], percent)
            for at, one in enumerate(step)
        )
        if exact_fits:
            fitting.append(rows_of)
    assert len(fitting) >= 1
    for at, one in enumerate(step):
        if seen[at] < threshold or one == Step.HIDDEN:
            continue
        is_unanimous = [fit[at].max() == seen[at] for fit in fitting]
        assert not all(is_unanimous), (rows, step)


@given(small, st.sampled_from([50, 60, 75]))
def test_bounds_hold_what_they_are_told_of(row, percent):
    table = np.array(row)
    found = answers_by_room(np.array([[row], [row]]), 1, percent)
    for answer in range(3):
        low, high = _bounds(int(found.step[0, 0]), answer, table, percent)
        assert low <= table[answer] <= high


def test_ways_in_that_name_a_room_give_the_rest_away():
    assert difference_exposes(np.array([[34, 0], [0, 18], [9, 11]]), 10)
    assert not difference_exposes(np.array([[30, 4], [3, 15], [9, 11]]), 10)
    assert not difference_exposes(np.zeros((2, 0), int), 10)
    assert difference_exposes(np.full((9, 8), 50), 10)


tables = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=3)


@given(tables, st.integers(1, 6))
@settings(max_examples=100, deadline=None)
def test_what_is_not_exposed_cannot_be_subtracted(rows, threshold):
    """Every sum of rows less every sum of categories that lies in it leaves enough people."""
    table = np.array(rows)
    is_exposed = False
    for some in product([False, True], repeat=len(table)):
        for kinds in product([False, True], repeat=3):
            inside, chosen = np.array(some), np.array(kinds)
            rest = table[np.ix_(inside, ~chosen)].sum()
            beyond = table[np.ix_(~inside, chosen)].sum()
            is_exposed |= beyond == 0 and 0 < rest < threshold
            is_exposed |= rest == 0 and 0 < beyond < threshold
    assert difference_exposes(table, threshold) == is_exposed
