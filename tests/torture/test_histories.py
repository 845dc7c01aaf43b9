"""The judge of trial R-8 sees what is planted, and a short round of the trial itself is clean."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from torture.client_model import Kept, Phone
from torture.histories import UNKNOWN_STATEMENT, Ended, judge, sync_histories, winners

from dialogues.served import Served
from torture import mutants

if TYPE_CHECKING:
    from pathlib import Path

PHONES_WITH_A_FAULT = ("HastyPhone", "ClockPhone", "StrangePhone", "BlankPhone")
# One person on two phones, another on a third; the first changed her mind on statement 1.
KEPT = [Kept(0, 0, 10, 1, 1), Kept(0, 0, 11, 2, 0), Kept(0, 1, 12, 1, -1), Kept(1, 2, 10, 1, 1)]
ROWS = [(70, 1, 12, -1), (70, 2, 11, 0), (71, 1, 10, 1)]


@pytest.fixture
def ended() -> Ended:
    return Ended(list(KEPT), {0: 70, 1: 71}, 0, [(0, [1, 2]), (0, [2, 1]), (1, [1])])


def test_a_history_in_order_is_clean(ended: Ended) -> None:
    verdict = judge(ended, ROWS)
    assert verdict.is_clean, verdict
    assert verdict.acknowledged == 4


@pytest.mark.parametrize("gone", range(3))
def test_a_lost_vote_is_seen(ended: Ended, gone: int) -> None:
    rows = [row for at, row in enumerate(ROWS) if at != gone]
    assert "should stand, found None" in judge(ended, rows).faults[0]


def test_an_earlier_vote_that_stands_is_seen(ended: Ended) -> None:
    rows = [(70, 1, 10, 1), *ROWS[1:]]
    assert "found (10, 1)" in judge(ended, rows).faults[0]


def test_another_choice_than_was_made_is_seen(ended: Ended) -> None:
    rows = [(70, 1, 12, 1), *ROWS[1:]]
    assert judge(ended, rows).faults


def test_a_vote_that_stands_twice_is_seen(ended: Ended) -> None:
    assert judge(ended, [*ROWS, ROWS[0]]).duplicate == [(0, 1)]


def test_a_vote_that_nobody_made_is_a_phantom(ended: Ended) -> None:
    assert judge(ended, [*ROWS, (70, 9, 3, 1)]).phantom == [(70, 9, 3, 1)]
    assert judge(ended, [*ROWS, (72, 1, 3, 1)]).phantom == [(72, 1, 3, 1)]


def test_a_refused_vote_that_is_stored_is_a_phantom(ended: Ended) -> None:
    ended.kept.append(Kept(1, 2, 13, UNKNOWN_STATEMENT, 1))
    assert judge(ended, ROWS).is_clean
    assert judge(ended, [*ROWS, (71, UNKNOWN_STATEMENT, 13, 1)]).phantom


def test_a_vote_that_never_leaves_is_seen(ended: Ended) -> None:
    ended.left = 1
    assert "never left" in judge(ended, ROWS).faults[0]


def test_phones_that_disagree_are_seen(ended: Ended) -> None:
    other = deepcopy(ended)
    other.shown[1] = (0, [1])
    assert "a phone shows [1]" in judge(other, ROWS).faults[0]


def test_people_who_became_one_are_seen(ended: Ended) -> None:
    ended.people[1] = 70
    assert "two people are one participant" in judge(ended, ROWS).faults


def test_a_later_vote_with_a_lesser_sequence_is_seen(ended: Ended) -> None:
    ended.kept.append(Kept(0, 0, 9, 1, 0))
    assert any("is not later" in fault for fault in judge(ended, ROWS).faults)


def test_the_greatest_sequence_stands() -> None:
    for kept in (KEPT, list(reversed(KEPT))):
        assert [vote.choice for vote in winners(kept)[0, 1]] == [-1]


def test_of_two_phones_that_counted_alike_either_vote_stands(ended: Ended) -> None:
    [greatest] = winners(ended.kept)[0, 1]
    other = replace(greatest, phone=greatest.phone + 7, choice=0)
    ended.kept.append(other)
    for vote in (greatest, other):
        rows = [(70, 1, vote.sequence, vote.choice), *ROWS[1:]]
        assert judge(ended, rows).is_clean
    assert judge(ended, [(70, 1, greatest.sequence, 1), *ROWS[1:]]).faults


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    folder: Path = tmp_path_factory.mktemp("histories")
    return Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")


@pytest.mark.exhaustive("votes")
def test_short_round(served: Served) -> None:
    verdict = sync_histories(served, 40)
    assert verdict.is_clean, verdict
    assert verdict.acknowledged > 200


@pytest.mark.parametrize("kind", PHONES_WITH_A_FAULT)
def test_a_phone_with_a_fault_does_otherwise_what_phones_do(kind: str) -> None:
    own = {name for name in vars(getattr(mutants, kind)) if not name.startswith("__")}
    assert own
    assert all(hasattr(Phone, name) for name in own), "it has a way that no phone has any more"


@pytest.mark.exhaustive("votes")
@pytest.mark.parametrize(
    ("kind", "many"),
    list(zip(PHONES_WITH_A_FAULT, (10, 30, 10, 10), strict=True)),
)
def test_a_phone_with_a_fault_is_found_out(served: Served, kind: str, many: int) -> None:
    assert sync_histories(served, many, seed=50, kind=kind).faults
