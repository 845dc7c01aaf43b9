"""The checker of `make torture` sees every kind of loss that is planted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torture.checker import ACKNOWLEDGED, REFUSED, UNKNOWN, Sent, check

SENT = [Sent(p, s, 10 * p + s, 1, ACKNOWLEDGED) for p in range(1, 6) for s in range(1, 6)]
ROWS = [(v.participant, v.statement, v.sequence, v.choice) for v in SENT]


def test_everything_in_its_place_is_clean() -> None:
    verdict = check(SENT, ROWS)
    assert verdict.is_clean
    assert verdict.acknowledged == 25


@given(st.integers(0, 24))
def test_one_lost_vote_is_seen(number: int) -> None:
    rows = [row for at, row in enumerate(ROWS) if at != number]
    assert check(SENT, rows).lost == [SENT[number]]


@given(st.integers(0, 24))
def test_an_acknowledged_vote_overwritten_by_an_earlier_one_is_lost(number: int) -> None:
    vote = SENT[number]
    later = replace(vote, sequence=vote.sequence + 100)
    assert check([*SENT, later], ROWS).lost == [later]


def test_a_row_that_nobody_sent_is_a_phantom() -> None:
    assert check(SENT, [*ROWS, (9, 9, 9, 1)]).phantom == [(9, 9, 9, 1)]


def test_a_changed_choice_is_a_phantom() -> None:
    participant, statement, sequence, _ = ROWS[0]
    changed = (participant, statement, sequence, -1)
    assert check(SENT, [changed, *ROWS[1:]]).phantom == [changed]


def test_a_doubled_row_is_seen() -> None:
    assert check(SENT, [*ROWS, ROWS[3]]).duplicate == [ROWS[3][:2]]


def test_a_refused_vote_that_is_stored_is_seen() -> None:
    refused = Sent(7, 1, 5, 1, REFUSED)
    assert check([*SENT, refused], [*ROWS, (7, 1, 5, 1)]).refused_but_stored == [refused]


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_vote_without_an_answer_may_be_stored_or_not(is_stored: bool) -> None:
    unknown = Sent(7, 1, 5, 1, UNKNOWN)
    verdict = check([*SENT, unknown], [*ROWS, (7, 1, 5, 1)] if is_stored else ROWS)
    assert verdict.is_clean
    assert verdict.unknown_stored == int(is_stored)
