"""The second map: places by what people voted alone, with an interval for each person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.ideal_points import ideal_points
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters()


def line(people=240, statements=30, seed=3):
    """Return votes of people on a line, their places, and how much each voted."""
    rng = np.random.default_rng(seed)
    place = rng.normal(size=people)
    slope = rng.normal(0, 1.5, statements)
    dense = np.sign(rng.normal(0.2, 0.6, statements) + np.outer(place, slope))
    share = rng.uniform(0.25, 1.0, people)
    dense = np.where(rng.random(dense.shape) < share[:, None], dense, np.nan)
    return dense, place, (~np.isnan(dense)).sum(axis=1)


def fitted(dense, parameters=PARAMETERS):
    votes = Votes.from_dense(dense)
    moderation = Moderation.none(votes.n_statements)
    shown = fit_map(votes, moderation, parameters)
    return shown, ideal_points(votes, moderation, parameters, shown)


def test_places_follow_the_planted_line_and_intervals_hold_their_place():
    dense, place, votes = line()
    shown, found = fitted(dense)
    inside = shown.in_map
    assert abs(np.corrcoef(found.place[inside, 0], place[inside])[0, 1]) > 0.9
    assert (found.low[inside] <= found.place[inside] + 1e-9).all()
    assert (found.place[inside] <= found.high[inside] + 1e-9).all()
    few, many = inside & (votes < 12), inside & (votes > 24)
    assert found.spread[few].mean() > found.spread[many].mean()
    assert np.isnan(found.place[~inside]).all()


def test_plane_is_turned_to_the_map():
    shown, found = fitted(line()[0])
    inside = shown.in_map
    for axis in range(2):
        theirs, ours = shown.position[inside, axis], found.place[inside, axis]
        assert np.corrcoef(theirs, ours)[0, 1] > 0.3
    size = np.sqrt((found.place[inside] ** 2).mean())
    away = shown.position[inside] - shown.position[inside].mean(axis=0)
    assert size == pytest.approx(np.sqrt((away**2).mean()))


def test_wider_confidence_gives_wider_intervals():
    dense = line()[0]
    narrow, wide = (
        fitted(dense, replace(PARAMETERS, confidence=level))[1] for level in (0.5, 0.95)
    )
    width = [np.nanmean(points.high - points.low) for points in (narrow, wide)]
    assert width[1] > 1.5 * width[0]


def test_order_of_people_and_statements_does_not_matter():
    dense = line(people=120, statements=20)[0]
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(len(dense)), rng.permutation(dense.shape[1])
    _, found = fitted(dense)
    _, again = fitted(dense[rows][:, columns])
    np.testing.assert_allclose(again.place, found.place[rows], atol=2e-2)
    np.testing.assert_allclose(again.high, found.high[rows], atol=5e-2)


@pytest.mark.parametrize("cell", [1.0, 0.0, np.nan])
def test_where_nobody_differs_there_is_no_second_map(cell):
    assert fitted(np.full((30, 8), cell))[1] is None
