from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.engine.opinion.agreement import adjusted_rand_index, contingency

labels = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), min_size=2, max_size=25)


def by_pairs(a, b):
    """Hubert and Arabie's index counted pair by pair, without a contingency table."""
    people = [i for i in range(len(a)) if a[i] >= 0 and b[i] >= 0]
    pairs = list(combinations(people, 2))
    if not pairs:
        return float("nan")
    together_a = sum(a[i] == a[j] for i, j in pairs)
    together_b = sum(b[i] == b[j] for i, j in pairs)
    both = sum(a[i] == a[j] and b[i] == b[j] for i, j in pairs)
    expected = together_a * together_b / len(pairs)
    possible = (together_a + together_b) / 2 - expected
    return 1.0 if possible == 0 else (both - expected) / possible


@given(labels)
def test_index_equals_a_count_of_pairs(rows):
    a, b = np.array(rows).T
    np.testing.assert_allclose(adjusted_rand_index(a, b), by_pairs(a, b), atol=1e-12)


@given(labels, st.permutations(range(4)), st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(rows, names, random):
    a, b = np.array(rows).T
    renamed = np.where(a >= 0, np.array(names)[a], -1)
    order = list(range(len(a)))
    random.shuffle(order)
    np.testing.assert_allclose(
        adjusted_rand_index(renamed[order], b[order]), adjusted_rand_index(a, b), atol=1e-12
    )


def test_the_worked_example_of_the_documentation():
    a = np.array([0, 0, 0, 1, 1, 1])
    b = np.array([0, 0, 1, 1, 2, 2])
    assert adjusted_rand_index(a, b) == pytest.approx(0.8 / 3.3)


def test_random_labels_agree_by_nothing_on_average():
    rng = np.random.default_rng(1)
    found = [adjusted_rand_index(*rng.integers(0, 3, (2, 60))) for _ in range(400)]
    assert abs(np.mean(found)) < 0.01


def test_nobody_labelled_in_both_has_no_index():
    assert np.isnan(adjusted_rand_index(np.array([0, -1]), np.array([-1, 0])))
    assert contingency(np.array([-1]), np.array([0])).size == 0


def test_different_lengths_are_refused():
    with pytest.raises(ValueError, match="3 and 2"):
        adjusted_rand_index(np.zeros(3, int), np.zeros(2, int))
