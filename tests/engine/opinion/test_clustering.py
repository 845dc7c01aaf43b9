"""k-means and silhouette beside an independent implementation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from hiwar.engine.opinion.clustering import (
    best_starts,
    lloyd,
    nearest,
    split_start,
    weighted_cells,
)
from hiwar.engine.opinion.grouping import base_clusters, find_groups
from hiwar.engine.opinion.results import Parameters
from hiwar.engine.opinion.silhouette import silhouette


def clouds(seed, n_people=300, n_clouds=3):
    rng = np.random.default_rng(seed)
    centre = rng.normal(0, 5, (n_clouds, 2))
    return centre[rng.integers(0, n_clouds, n_people)] + rng.normal(0, 1, (n_people, 2))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("k", [2, 3, 4])
def test_inertia_is_as_good_as_that_of_an_oracle(seed, k):
    point = clouds(seed, 90)
    weight = np.random.default_rng(seed).integers(1, 5, 90).astype(float)
    _, inertia = best_starts(point, weight, k, 20, 0)
    oracle = KMeans(k, n_init=20, random_state=0).fit(point, sample_weight=weight).inertia_
    assert inertia[0] <= oracle * (1 + 1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_silhouette_equals_an_oracle(seed, k):
    point = clouds(seed, 60)
    label = np.random.default_rng(seed).integers(0, k, 60)
    label[:k] = np.arange(k)
    assert silhouette(point, label) == pytest.approx(silhouette_score(point, label), abs=1e-9)


def test_counts_in_a_silhouette_are_people_in_one_place():
    point, count = clouds(1, 30), np.random.default_rng(0).integers(1, 4, 30)
    label = (point[:, 0] > 0).astype(int)
    rows = np.repeat(np.arange(30), count)
    expected = silhouette_score(point[rows], label[rows])
    assert silhouette(point, label, count.astype(float)) == pytest.approx(expected, abs=1e-9)


def test_silhouette_of_one_group_is_nought():
    assert silhouette(clouds(0, 10), np.zeros(10, int)) == 0.0


def test_nearest_is_the_nearest():
    point, centre = clouds(0, 50), clouds(1, 7)
    distance = ((point[:, None] - centre) ** 2).sum(axis=2)
    assert nearest(point, centre).tolist() == distance.argmin(axis=1).tolist()


def test_centres_rest_at_the_means_of_their_points():
    point, weight = clouds(2), np.ones(300)
    centre, label = lloyd(point, weight, split_start(point, weight, 5))
    means = np.array([point[label == k].mean(axis=0) for k in range(5)])
    assert np.allclose(centre, means)
    assert np.array_equal(label, nearest(point, centre))


def test_fewer_places_than_centres_give_fewer_centres():
    point = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
    assert len(split_start(point, np.ones(3), 10)) == 3


def test_cells_keep_every_person_and_the_centre_of_mass():
    for n_people in (500, 6000):
        point = clouds(3, n_people)
        weight = np.random.default_rng(0).random(n_people) + 0.5
        centre, mass, cell = weighted_cells(point, weight)
        assert len(cell) == n_people
        assert mass.sum() == pytest.approx(weight.sum())
        assert np.allclose(mass @ centre, weight @ point)
        assert np.abs(centre[cell] - point).max() < 0.1 * point.std()


@pytest.mark.parametrize("n_people", [400, 6000])
def test_groups_are_the_clouds(n_people):
    rng = np.random.default_rng(0)
    cloud = rng.choice(3, n_people, p=[0.6, 0.28, 0.12])
    point = np.array([[0.0, 0], [6, 0], [0, 6]])[cloud] + rng.normal(0, 0.7, (n_people, 2))
    found = find_groups(point, np.ones(n_people), Parameters())
    assert found.n_groups == 3
    assert (found.label == cloud).mean() > 0.995


def test_one_far_person_is_no_group():
    point = np.concatenate((clouds(5, 200, 2), [[400.0, 400.0]]))
    found = find_groups(point, np.ones(201), Parameters())
    assert np.bincount(found.label).min() >= 5


def test_base_clusters_hold_everybody_and_their_means():
    point = clouds(4, 1000)
    base = base_clusters(point, np.ones(1000), 100)
    assert len(base.size) <= 100
    assert base.size.sum() == 1000
    for number in (0, 50):
        assert np.allclose(base.centre[number], point[base.of_person == number].mean(axis=0))
