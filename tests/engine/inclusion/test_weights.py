from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from hiwar.engine.inclusion.weights import effective_sample_size, rake

WIDE = (0.0, 1e6)


def people(counts):
    """Turn {(sex, age): n} into two columns."""
    rows = [cell for cell, n in counts.items() for _ in range(n)]
    return {"sex": [r[0] for r in rows], "age": [r[1] for r in rows]}


def share(weight, column, category):
    known = np.array([c is not None for c in column])
    member = np.array([c == category for c in column])
    return weight[member].sum() / weight[known].sum()


COUNTS = {("f", "young"): 10, ("f", "old"): 20, ("m", "young"): 40, ("m", "old"): 30}
TARGETS = {"sex": {"f": 0.5, "m": 0.5}, "age": {"young": 0.6, "old": 0.4}}


def test_one_margin_is_the_ratio_of_shares():
    w = rake({"sex": ["f"] * 40 + ["m"] * 60}, {"sex": {"f": 0.5, "m": 0.5}})
    np.testing.assert_allclose(w.weight, [1.25] * 40 + [5 / 6] * 60)
    assert w.effective_sample_size == pytest.approx(96)
    assert w.design_effect == pytest.approx(100 / 96)
    assert w.is_converged
    assert (w.minimum, w.maximum) == (pytest.approx(5 / 6), pytest.approx(1.25))
    assert w.n_at_bound == 0


def test_two_margins_keep_the_odds_ratio_and_meet_both():
    """By hand: with x = weighted (f, young), the odds ratio 10·30/(20·40) = 3/8 stays."""
    w = rake(people(COUNTS), TARGETS, tolerance=1e-10).weight
    f_young, f_old, m_young, m_old = (w[i] * n for i, n in ((0, 10), (10, 20), (30, 40), (70, 30)))
    assert f_young + f_old == pytest.approx(50)
    assert f_young + m_young == pytest.approx(60)
    assert f_young * m_old / (f_old * m_young) == pytest.approx(3 / 8)
    # x(x - 10) = 3/8 (50 - x)(60 - x), the root between 10 and 50
    a, b, c = 1 - 3 / 8, -10 + 3 / 8 * 110, -3 / 8 * 3000
    assert f_young == pytest.approx((-b + np.sqrt(b * b - 4 * a * c)) / (2 * a))


def test_capped_weights_are_those_of_an_independent_optimiser():
    columns, bounds = people({**COUNTS, ("f", "young"): 3}), (0.5, 1.6)
    ours = rake(
        columns,
        {"sex": {"f": 0.36, "m": 0.64}, "age": {"young": 0.5, "old": 0.5}},
        bounds=bounds,
        tolerance=1e-10,
    )
    assert ours.is_converged
    assert ours.maximum == 1.6
    assert ours.n_at_bound == 3
    n = np.array([3, 20, 40, 30.0])
    first = [0, 3, 23, 63]
    total = n.sum()
    equal = [
        {"type": "eq", "fun": lambda x: n[:2] @ x[:2] - 0.36 * total},
        {"type": "eq", "fun": lambda x: n[2:] @ x[2:] - 0.64 * total},
        {"type": "eq", "fun": lambda x: n[0] * x[0] + n[2] * x[2] - 0.5 * total},
    ]
    found = minimize(
        lambda x: n @ (x * np.log(x) - x),
        np.ones(4),
        bounds=[bounds] * 4,
        constraints=equal,
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    np.testing.assert_allclose(ours.weight[first], found.x, atol=1e-5)


def test_caps_that_forbid_the_targets_are_reported():
    w = rake({"sex": ["f"] * 2 + ["m"] * 98}, {"sex": {"f": 0.5, "m": 0.5}})
    assert not w.is_converged
    assert w.maximum == 3.0
    assert w.largest_gap == pytest.approx(0.5 - 0.06)


def test_missing_categories_are_neutral():
    columns = {
        "sex": ["f"] * 4 + ["m"] * 6 + [None] * 5,
        "age": ["young"] * 3 + ["old"] * 7 + ["young"] + [None] * 4,
    }
    w = rake(columns, {"sex": {"f": 0.5, "m": 0.5}, "age": {"young": 0.5, "old": 0.5}})
    assert w.is_converged
    assert w.weight[-4:].tolist() == [1.0] * 4
    assert share(w.weight, columns["sex"], "f") == pytest.approx(0.5, abs=1e-5)
    assert share(w.weight, columns["age"], "old") == pytest.approx(0.5, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=6, max_size=6),
    st.lists(st.floats(0.15, 1), min_size=5, max_size=5),
    st.randoms(use_true_random=False),
)
def test_shares_meet_targets_whatever_the_order(counts, raw, random):
    cells = [(s, a) for s in "fm" for a in "xyz"]
    rows = [cell for cell, n in zip(cells, counts, strict=True) for _ in range(n)]
    targets = {
        "sex": dict(zip("fm", np.array(raw[:2]) / sum(raw[:2]), strict=True)),
        "age": dict(zip("xyz", np.array(raw[2:]) / sum(raw[2:]), strict=True)),
    }
    columns = {"sex": [r[0] for r in rows], "age": [r[1] for r in rows]}
    w = rake(columns, targets, bounds=WIDE, tolerance=1e-9)
    assert w.is_converged
    for name, target in targets.items():
        for category, wanted in target.items():
            assert share(w.weight, columns[name], category) == pytest.approx(wanted, abs=1e-6)
    order = list(range(len(rows)))
    random.shuffle(order)
    again = rake(
        {"age": [rows[i][1] for i in order], "sex": [rows[i][0] for i in order]},
        targets,
        bounds=WIDE,
        tolerance=1e-9,
    )
    np.testing.assert_allclose(again.weight, w.weight[order], rtol=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=4, max_size=4), st.floats(0.05, 0.95))
def test_no_weight_leaves_the_caps(counts, wanted):
    columns = people(dict(zip(COUNTS, counts, strict=True)))
    w = rake(columns, {"sex": {"f": wanted, "m": 1 - wanted}, "age": {"young": 0.3, "old": 0.7}})
    assert 0.33 <= w.minimum <= w.maximum <= 3.0
    assert 1 <= w.effective_sample_size <= len(w.weight) + 1e-9


def test_shares_that_are_rounded_are_scaled():
    w = rake({"sex": ["f", "m"]}, {"sex": {"f": 0.499, "m": 0.5}})
    assert w.is_converged
    assert w.weight.sum() == pytest.approx(2)


@pytest.mark.parametrize(
    ("attributes", "targets", "words"),
    [
        ({"sex": ["f"]}, {}, "no targets"),
        ({"sex": ["f"]}, {"age": {"old": 1}}, "nobody has: age"),
        ({"sex": ["f"]}, {"sex": {"f": 0.5, "m": 0.5}}, "nobody is in m"),
        ({"sex": ["f", "m"]}, {"sex": {"f": 1.0}}, "people are in m"),
        ({"sex": ["f", "m"]}, {"sex": {"f": 0.5, "m": 0.4}}, "sum to 0.9"),
        ({"sex": ["f", "m"]}, {"sex": {"f": 1.0, "m": 0.0}}, "above 0"),
        ({"sex": ["f"], "age": []}, {"sex": {"f": 1}, "age": {"o": 1}}, "number of people"),
    ],
)
def test_what_cannot_be_weighted_is_said(attributes, targets, words):
    with pytest.raises(ValueError, match=words):
        rake(attributes, targets)


def test_bounds_must_enclose_one():
    with pytest.raises(ValueError, match="enclose 1"):
        rake({"sex": ["f"]}, {"sex": {"f": 1.0}}, bounds=(1.2, 3))


def test_effective_size_of_nobody_and_of_bad_weights():
    assert effective_sample_size([]) == 0.0
    with pytest.raises(ValueError, match="negative"):
        effective_sample_size([1, -1])
