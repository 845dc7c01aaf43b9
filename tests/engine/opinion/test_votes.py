"""The one shape of votes: the last vote counts, nobody is lost, counts add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.engine.opinion import Votes

EVENTS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 4), st.sampled_from([-1, 0, 1])), max_size=60
)


def from_list(events, n_participants=7, n_statements=5):
    columns = np.array(events, dtype=np.int32).reshape(-1, 3).T
    return Votes.from_events(*columns, n_participants=n_participants, n_statements=n_statements)


@given(EVENTS)
def test_the_last_vote_counts(events):
    last = {(who, what): vote for who, what, vote in events}
    expected = np.full((7, 5), np.nan)
    for (who, what), vote in last.items():
        expected[who, what] = vote
    votes = from_list(events)
    assert np.array_equal(votes.dense(), expected, equal_nan=True)
    assert votes.n_votes == len(last)
    assert Votes.from_dense(expected).vote.tolist() == votes.vote.tolist()


@given(EVENTS, st.lists(st.integers(-1, 2), min_size=7, max_size=7))
def test_tally_by_label_equals_counting_one_by_one(events, labels):
    votes = from_list(events)
    tally = votes.tally(np.array(labels), 3)
    dense = votes.dense()
    for group in range(3):
        of_group = dense[np.array(labels) == group]
        assert tally.agree[group].tolist() == (of_group == 1).sum(axis=0).tolist()
        assert tally.disagree[group].tolist() == (of_group == -1).sum(axis=0).tolist()
        assert tally.passed[group].tolist() == (of_group == 0).sum(axis=0).tolist()


def test_tally_in_blocks_equals_tally_at_once(monkeypatch):
    rng = np.random.default_rng(0)
    votes = Votes.from_dense(rng.choice([-1.0, 0.0, 1.0, np.nan], (60, 9)))
    whole = votes.tally()
    monkeypatch.setattr("hiwar.engine.opinion.votes.BLOCK", 16)
    assert votes.tally().agree.tolist() == whole.agree.tolist()
    assert int(votes.tally().seen.sum()) == votes.n_votes


@pytest.mark.parametrize(
    ("events", "message"),
    [
        (([0], [9], [1]), "statement"),
        (([-1], [0], [1]), "participant"),
        (([0], [0], [2]), "a vote is"),
        (([0], [0], [0.5]), "a vote is"),
        (([0, 1], [0], [1]), "length"),
    ],
)
def test_bad_events_are_refused(events, message):
    with pytest.raises(ValueError, match=message):
        Votes.from_events(*events, n_participants=3, n_statements=3)


def test_unsigned_and_wide_integers_are_taken():
    votes = Votes.from_events(
        np.array([1, 0], np.uint16),
        np.array([0, 1], np.int64),
        [1, -1],
        n_participants=2,
        n_statements=2,
    )
    assert votes.statement.dtype == np.int32
    assert votes.vote.tolist() == [-1, 1]
