from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiwar.engine.inclusion.attack import feasible_interval
from hiwar.engine.inclusion.crosstab import (
    answers_to_statement,
    people_by_group,
    sector_balanced_consensus,
)
from hiwar.engine.inclusion.disclosure import with_totals

THRESHOLD = 5


def answers(table):
    """Turn counts by category and answer into one category and one vote per person."""
    rows = [(c, a - 1) for (c, a), n in np.ndenumerate(np.array(table)) for _ in range(n)]
    return np.array(rows).T


def test_a_table_without_small_cells_is_shown_with_its_totals():
    table = [[10, 12, 20], [15, 9, 30]]
    category, vote = answers(table)
    found = answers_to_statement(category, vote, 2, THRESHOLD)
    expected = with_totals([*table, [0, 0, 0]])
    np.testing.assert_array_equal(found.shown, expected)
    assert found.is_safe
    assert found.large_majority.tolist() == [-1, -1, -1]


def test_small_cells_and_what_gives_them_away_are_hidden():
    table = np.array([[2, 12, 20], [15, 9, 30], [25, 20, 30], [20, 20, 20]])
    category, vote = answers(table)
    category[category == 3] = -1
    found = answers_to_statement(category, vote, 3, THRESHOLD)
    hidden = np.isnan(found.shown)
    assert hidden[0, 0]
    assert hidden.sum() == 4
    low, high = feasible_interval(with_totals(table), hidden, (0, 0))
    assert high - low >= THRESHOLD
    np.testing.assert_array_equal(found.shown[-1], [62, 61, 100, 223])


def test_unanimity_is_told_in_words_not_in_numbers():
    table = np.array([[0, 1, 99], [30, 20, 40], [20, 30, 45], [25, 25, 25]])
    category, vote = answers(table)
    category[category == 3] = -1
    found = answers_to_statement(category, vote, 3, THRESHOLD)
    assert found.large_majority.tolist() == [2, -1, -1, -1]
    hidden = np.isnan(found.shown)
    assert hidden[0, :3].all()
    low, high = feasible_interval(with_totals(table), hidden, (0, 2))
    assert high - low >= THRESHOLD


def test_a_category_with_too_few_people_has_no_majority_word():
    category, vote = answers([[0, 0, 3], [30, 20, 40], [20, 30, 45]])
    assert answers_to_statement(category, vote, 3, THRESHOLD).large_majority[0] == -1


def test_what_public_totals_give_away_is_not_shown_at_all():
    category, vote = answers([[2, 20, 30]])
    found = answers_to_statement(category, vote, 1, THRESHOLD)
    np.testing.assert_array_equal(found.shown[-1], [2, 20, 30, 52])
    assert not found.is_safe or np.isnan(found.shown[0, 0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(20, 150))
def test_people_by_group_resists_an_attack(seed, people):
    rng = np.random.default_rng(seed)
    category, group = rng.integers(-1, 4, people), rng.integers(-1, 2, people)
    found = people_by_group(category, group, (4, 2), THRESHOLD)
    counts = np.zeros((5, 3), int)
    np.add.at(counts, (category % 5, group % 3), 1)
    table, hidden = with_totals(counts), np.isnan(found.shown)
    np.testing.assert_array_equal(found.shown[~hidden], table[~hidden])
    small = (table > 0) & (table < THRESHOLD)
    small[-1] = False
    assert hidden[small].all()
    if found.is_safe:
        for cell in map(tuple, np.argwhere(small)):
            low, high = feasible_interval(table, hidden, cell)
            assert high - low >= THRESHOLD


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_category_by_group_by_answer_resists_an_attack(seed):
    rng = np.random.default_rng(seed)
    category, group = rng.integers(-1, 3, 300), rng.integers(-1, 2, 300)
    vote = rng.choice([-1, 0, 1], 300, p=[0.3, 0.1, 0.6])
    found = answers_to_statement(category, vote, 3, THRESHOLD, group=group, n_groups=2)
    assert found.shown.shape == (5, 4, 4)
    assert found.large_majority.shape == (4, 4)
    counts = np.zeros((4, 3, 3), int)
    np.add.at(counts, (category % 4, group % 3, vote + 1), 1)
    table, hidden = with_totals(counts), np.isnan(found.shown)
    small = (table > 0) & (table < THRESHOLD)
    small[-1] = False
    assert hidden[small].all()
    for cell in list(map(tuple, np.argwhere(small)))[:4] if found.is_safe else ():
        low, high = feasible_interval(table, hidden, cell)
        assert high - low >= THRESHOLD


def test_each_sector_counts_the_same():
    agree = np.array([[990, 50, 4], [5, 5, 4]])
    seen = np.array([[998, 98, 4], [10, 8, 4]])
    score, sectors = sector_balanced_consensus(agree, seen, 5)
    assert score[0] == pytest.approx(np.sqrt(991 / 1000 * 6 / 12))
    assert score[1] == pytest.approx(np.sqrt(51 / 100 * 6 / 10))
    assert np.isnan(score[2])
    assert sectors.tolist() == [2, 2, 0]


def test_impossible_answers_and_labels_are_refused():
    with pytest.raises(ValueError, match="-1, 0 or 1"):
        answers_to_statement(np.array([0]), np.array([2]), 1, 5)
    with pytest.raises(ValueError, match="label 3"):
        people_by_group(np.array([3]), np.array([0]), (2, 1), 5)
