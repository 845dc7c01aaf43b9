from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from hiwar.engine.opinion import proportions
from hiwar.engine.opinion.intervals import difference, wilson
from hiwar.engine.opinion.multiple_testing import benjamini_hochberg

samples = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.floats(0.5, 0.999)


@given(samples, levels)
def test_wilson_holds_the_share_and_stays_between_zero_and_one(sample, level):
    hit, n = sample
    low, high = wilson(hit, n, level)
    assert 0 <= low <= high <= 1
    if n:
        assert low - 1e-12 <= hit / n <= high + 1e-12


@given(samples, levels)
def test_wilson_of_the_opposite_is_the_mirror_image(sample, level):
    hit, n = sample
    low, high = wilson(hit, n, level)
    other_low, other_high = wilson(n - hit, n, level)
    np.testing.assert_allclose([low, high], [1 - other_high, 1 - other_low], atol=1e-12)


def test_wilson_covers_as_often_as_it_says():
    n, level = 30, 0.90
    counts = np.arange(n + 1)
    low, high = wilson(counts, n, level)
    covered = [
        binom.pmf(counts, n, p)[(low <= p) & (p <= high)].sum() for p in np.linspace(0.02, 0.98, 97)
    ]
    assert np.mean(covered) == pytest.approx(level, abs=0.01)


def test_no_votes_say_nothing():
    assert wilson(0, 0, 0.9) == (0.0, 1.0)
    assert wilson([], [], 0.9)[0].shape == (0,)
    assert np.isnan(difference(([3], [5]), ([0], [0]), 0.9)).all()


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 1.5])
def test_a_level_outside_zero_and_one_is_refused(level):
    with pytest.raises(ValueError, match="confidence"):
        wilson(1, 2, level)


@given(samples.filter(lambda s: s[1] > 0), samples.filter(lambda s: s[1] > 0), levels)
def test_difference_holds_the_estimate_and_changes_sign_with_the_order(one, two, level):
    low, high = difference(one, two, level)
    back_low, back_high = difference(two, one, level)
    estimate = one[0] / one[1] - two[0] / two[1]
    assert -1 <= low <= estimate + 1e-12
    assert estimate - 1e-12 <= high <= 1
    np.testing.assert_allclose([low, high], [-back_high, -back_low], atol=1e-12)


@given(samples.filter(lambda s: s[1] > 0))
def test_a_majority_is_clear_exactly_where_the_lower_bound_says_so(sample):
    low, _ = wilson(*sample, 0.90)
    z = proportions.against_half(*sample)
    if abs(z - 1.6448536269514722) > 1e-9:
        assert (low > 0.5) == (z > 1.6448536269514722)


@given(samples, samples)
def test_the_corrected_test_never_claims_more_than_the_uncorrected(one, two):
    z = proportions.of_two(one, two)
    plain = 0.0 if not one[1] or not two[1] else one[0] / one[1] - two[0] / two[1]
    assert z * plain >= 0
    np.testing.assert_allclose(z, -proportions.of_two(two, one))


def test_tests_are_zero_where_nothing_can_be_tested():
    assert proportions.of_two(([0, 5, 0], [0, 5, 5]), ([1, 9, 0], [2, 9, 9])).tolist() == [0, 0, 0]
    assert proportions.smoothed_of_two([5, 5], [9, 9]) == 0
    assert proportions.against_half(0, 0) == 0


@given(st.lists(st.floats(0, 1), max_size=30))
def test_q_values_follow_the_order_of_p_values_and_never_fall_below(p):
    q = benjamini_hochberg(p)
    assert ((q >= np.array(p)) & (q <= 1)).all()
    assert (np.diff(q[np.argsort(p)]) >= 0).all()


def test_tests_that_were_not_made_are_not_counted():
    with_gap = benjamini_hochberg([0.01, np.nan, 0.04])
    assert np.isnan(with_gap[1])
    np.testing.assert_array_equal(with_gap[[0, 2]], benjamini_hochberg([0.01, 0.04]))


def test_false_discoveries_stay_below_the_promised_rate():
    rng = np.random.default_rng(3)
    shares = []
    for _ in range(300):
        p = rng.uniform(size=200)
        p[:40] = rng.uniform(0, 0.004, 40)
        kept = benjamini_hochberg(p) <= 0.10
        shares.append(kept[40:].sum() / max(kept.sum(), 1))
    assert np.mean(shares) < 0.10
    assert np.mean(shares) > 0.04
