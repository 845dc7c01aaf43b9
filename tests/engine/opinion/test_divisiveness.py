from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.opinion.data import conversation, shared
from hiwar.engine.opinion import Tally, Votes
from hiwar.engine.opinion.divisiveness import (
    divisiveness,
    has_exposure,
    is_dividing,
    shared_direction,
)
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters()


def tally(agree, disagree, passed=None):
    agree, disagree = np.array(agree), np.array(disagree)
    return Tally(agree, disagree, np.zeros_like(agree) if passed is None else np.array(passed))


def tallies(groups):
    shapes = st.tuples(groups, st.integers(1, 5))
    counts = shapes.flatmap(
        lambda shape: arrays(np.int64, (3, *shape), elements=st.integers(0, 120))
    )
    return counts.map(lambda votes: Tally(*votes))


@given(tallies(st.integers(1, 5)))
def test_no_statement_is_both_shared_and_dividing(votes):
    shared_by_all = shared_direction(votes, PARAMETERS) != 0
    assert not (shared_by_all & is_dividing(votes, PARAMETERS)).any()


@given(tallies(st.integers(1, 5)))
def test_verdicts_need_exposure_in_every_group(votes):
    verdict = (shared_direction(votes, PARAMETERS) != 0) | is_dividing(votes, PARAMETERS)
    assert (has_exposure(votes, PARAMETERS.min_exposure) | ~verdict).all()


@given(tallies(st.integers(2, 5)))
def test_the_interval_holds_the_estimate_and_stays_between_zero_and_one(votes):
    estimate, low, high = divisiveness(votes, 0.90)
    known = ~np.isnan(estimate)
    assert (known == ((votes.seen > 0).sum(axis=0) >= 2)).all()
    assert (low[known] >= 0).all()
    assert (low[known] <= estimate[known] + 1e-12).all()
    assert (estimate[known] <= high[known] + 1e-12).all()
    assert (high[known] <= 1).all()


@given(tallies(st.integers(2, 5)), st.randoms(use_true_random=False))
def test_names_of_groups_do_not_matter(votes, random):
    order = list(range(len(votes.agree)))
    random.shuffle(order)
    other = Tally(votes.agree[order], votes.disagree[order], votes.passed[order])
    np.testing.assert_array_equal(divisiveness(votes, 0.9), divisiveness(other, 0.9))
    np.testing.assert_array_equal(
        shared_direction(votes, PARAMETERS), shared_direction(other, PARAMETERS)
    )
    np.testing.assert_array_equal(is_dividing(votes, PARAMETERS), is_dividing(other, PARAMETERS))


def test_more_of_the_same_votes_narrow_the_interval():
    few, many = tally([[8], [4]], [[2], [6]]), tally([[80], [40]], [[20], [60]])
    estimate, low, high = divisiveness(few, 0.9)
    estimate_many, low_many, high_many = divisiveness(many, 0.9)
    assert estimate == estimate_many
    assert low < low_many < high_many < high


def test_without_two_groups_nothing_divides():
    for groups in (0, 1):
        votes = tally(np.full((groups, 3), 40), np.zeros((groups, 3), int))
        assert np.isnan(divisiveness(votes, 0.9)).all()
        assert not is_dividing(votes, PARAMETERS).any()
    none = tally(np.zeros((0, 3), int), np.zeros((0, 3), int))
    assert shared_direction(none, PARAMETERS).tolist() == [0, 0, 0]
    assert has_exposure(none, 5).tolist() == [False, False, False]
    assert divisiveness(tally(np.zeros((2, 0), int), np.zeros((2, 0), int)), 0.9)[0].shape == (0,)


def test_a_group_without_a_vote_leaves_the_other_pairs():
    votes = tally([[9], [0], [1]], [[1], [0], [9]])
    estimate, _, _ = divisiveness(votes, 0.9)
    assert estimate[0] == pytest.approx(0.8)
    assert not is_dividing(votes, PARAMETERS)[0]


def test_shared_names_its_direction_and_needs_every_group():
    votes = tally([[50, 2, 50, 30], [40, 3, 20, 30]], [[5, 50, 5, 25], [5, 40, 20, 25]])
    assert shared_direction(votes, PARAMETERS).tolist() == [1, -1, 0, 0]


def test_an_average_that_hides_a_group_against_is_not_shared():
    votes = tally([[900], [20]], [[50], [30]])
    assert shared_direction(votes, PARAMETERS)[0] == 0
    assert is_dividing(votes, PARAMETERS)[0]


def test_a_group_that_passes_is_not_a_group_against():
    votes = tally([[50], [10]], [[5], [6]], [[5], [40]])
    estimate, low, _ = divisiveness(votes, 0.9)
    assert estimate[0] > 0.6
    assert low[0] > 0.5
    assert not is_dividing(votes, PARAMETERS)[0]


def test_a_small_difference_does_not_divide_however_many_votes():
    votes = tally([[52_000], [48_000]], [[48_000], [52_000]])
    assert not is_dividing(votes, PARAMETERS)[0]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    [
        "brexit-consensus",
        "scoop-hivemind.biodiversity",
        "vtaiwan.uberx",
        "american-assembly.bowling-green",
    ],
)
def test_published_groups_share_something_and_differ_on_something(name):
    found = conversation(name)
    votes = found.votes.tally(found.published, found.published.max() + 1)
    live = ~found.moderation.out
    assert 0.05 < (shared_direction(votes, PARAMETERS) != 0)[live].mean() < 0.5
    assert 0.05 < is_dividing(votes, PARAMETERS)[live].mean() < 0.5


@pytest.mark.shared_data
def test_planted_groups_share_and_divide_as_planted():
    votes, group = _web_and_paper()
    by_group = votes.tally(group, 2)
    everything = np.arange(1, 26)
    shared_by_both = everything[shared_direction(by_group, PARAMETERS) == 1]
    assert shared_by_both.tolist() == [1, 2, 3, 4, 5, 20, 23, 25]
    assert everything[is_dividing(by_group, PARAMETERS)].tolist() == list(range(6, 16))


def _web_and_paper():
    """Return the demo dialogue's web and paper votes, split by the main axis of difference."""
    folder = shared("demo/scenario-data")
    code = {"agree": 1, "pass": 0, "disagree": -1, "1": 1, "2": -1, "3": 0}
    events = [
        (line["registration_id"], int(line["statement"]), code[line["vote"]])
        for line in _lines(folder / "s1-votes-web.csv")
    ]
    for line in _lines(folder / "s1-paper-forms.csv"):
        events += [
            (line["registration_id"], int(column[1:]), code[answer])
            for column, answer in line.items()
            if column.startswith("q") and answer
        ]
    people = {name: i for i, name in enumerate(sorted({event[0] for event in events}))}
    votes = Votes.from_events(
        [people[name] for name, _, _ in events],
        [statement - 1 for _, statement, _ in events],
        [vote for _, _, vote in events],
        n_participants=len(people),
        n_statements=25,
    )
    matrix = votes.dense()
    centred = np.nan_to_num(matrix - np.nanmean(matrix, axis=0))
    axis = np.linalg.svd(centred, full_matrices=False)[2][0]
    group = np.where(votes.votes_per_participant < 7, -1, (centred @ axis > 0).astype(int))
    return votes, group


def _lines(path):
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
