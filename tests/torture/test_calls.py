"""The judge of trial R-3 sees what is planted, and a short round of the trial itself is clean."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from torture.calls import Bench, Call, Fault, Told, fail_calls, judge, places, read_calls, spread
from torture.checker import ACKNOWLEDGED, REFUSED, UNKNOWN

from dialogues.served import Served

if TYPE_CHECKING:
    from collections.abc import Iterator

WANTED = [(1, 1, 1, 10), (2, 1, 0, 11), (1, 2, -1, 12)]
ROWS = [(p, s, q, c) for p, s, c, q in WANTED]
THREAD = 77


def lines(number: int, outcome: str, at: float) -> list[dict[str, Any]]:
    participant, statement, choice, sequence = WANTED[number]
    begun = {"vote": [participant, statement, choice, False, sequence], "began": at, "thread": 77}
    return [begun, begun | {"ended": at + 1, "outcome": outcome}] if outcome else [begun]


def calls(at: float) -> list[Call]:
    return [
        Call(THREAD, at + 0.2, "pwrite64", '4</tmp/x.sqlite3-wal>, ""..., 4096, 32) = 4096'),
        Call(THREAD, at + 0.3, "fdatasync", "4</tmp/x.sqlite3-wal>) = 0"),
    ]


@pytest.fixture
def told() -> Told:
    answers: list[dict[str, Any]] = [{"writer": THREAD, "thread": THREAD}]
    made: list[Call] = []
    for number in range(3):
        answers += lines(number, ACKNOWLEDGED, 10.0 * number)
        made += calls(10.0 * number)
    return Told(WANTED, answers, made, list(ROWS), looks_at_syncs=True)


def test_a_round_in_order_is_clean(told: Told) -> None:
    verdict = judge(told)
    assert verdict.is_clean
    assert verdict.acknowledged == 3


def test_a_lost_vote_is_seen(told: Told) -> None:
    assert len(judge(replace(told, rows=ROWS[1:])).lost) == 1


def test_a_row_that_nobody_sent_is_seen(told: Told) -> None:
    assert judge(replace(told, rows=[*ROWS, (9, 9, 9, 1)])).phantom == [(9, 9, 9, 1)]


def test_an_answer_before_the_sync_is_seen(told: Told) -> None:
    late = [*told.calls[:3], replace(told.calls[3], at=12.0), *told.calls[4:]]
    assert "before it was on the disk" in judge(replace(told, calls=late)).faults[0]


def test_an_answer_after_a_sync_that_failed_is_seen(told: Told) -> None:
    failed = replace(told.calls[3], text="4<x-wal>) = -1 EIO (Input/output error) (INJECTED)")
    wrong = [*told.calls[:3], failed, *told.calls[4:]]
    assert "before it was on the disk" in judge(replace(told, calls=wrong)).faults[0]


def test_an_answer_without_any_sync_is_seen(told: Told) -> None:
    """A vote that a killed writer left in the log, sent again: nothing is written, nor synced."""
    assert len(judge(replace(told, calls=[])).faults) == 3


def test_the_sync_of_another_thread_is_none(told: Told) -> None:
    other = [replace(call, thread=78) if call.name == "fdatasync" else call for call in told.calls]
    assert len(judge(replace(told, calls=other)).faults) == 3


def test_a_refusal_is_seen_because_a_phone_forgets_what_is_refused(told: Told) -> None:
    answers = told.answers[:-2] + lines(2, REFUSED, 20.0)
    verdict = judge(replace(told, answers=answers))
    assert any("refused for good" in fault for fault in verdict.faults)
    assert verdict.refused_but_stored


def test_a_vote_that_never_gets_through_is_seen(told: Told) -> None:
    answers = told.answers[:-2] + lines(2, UNKNOWN, 20.0)
    assert "never acknowledged: 1 of 3" in judge(replace(told, answers=answers)).faults


def test_a_vote_that_died_with_its_writer_may_be_stored_or_not(told: Told) -> None:
    answers = [*told.answers[:-2], *lines(2, "", 15.0), *lines(2, ACKNOWLEDGED, 20.0)]
    verdict = judge(replace(told, answers=answers))
    assert verdict.is_clean
    assert verdict.unknown == 1


def test_damage_is_a_fault(told: Told) -> None:
    assert judge(replace(told, damage=["row 3 missing from index"])).faults


def test_calls_that_were_interrupted_are_read_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "7 1.5 fdatasync(4</x-wal> <unfinished ...>\n8 1.6 pread64(5</x>, 1, 2) = 2\n"
        "7 1.7 <... fdatasync resumed>) = -1 EIO (Input/output error) (INJECTED)\n"
        "9 1.8 +++ exited with 0 +++\n"
    )
    found = {call.name: call for call in read_calls(log)}
    assert found["fdatasync"].is_injected
    assert not found["fdatasync"].has_succeeded
    assert set(found) == {"fdatasync", "pread64"}


def test_a_sample_has_something_of_every_kind(told: Told) -> None:
    every = places(told.calls)
    assert len(every) == 6 * 3
    kinds = {(fault.name, fault.how) for fault in spread(every, 6, seed=1)}
    assert len(kinds) == 6
    assert set(spread(every, 99, seed=1)) == set(every)


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    if not shutil.which("strace"):
        pytest.skip("strace is absent: apt-get install strace")
    if os.geteuid() and Path("/proc/sys/kernel/yama/ptrace_scope").read_text().strip() != "0":
        pytest.skip("no process may be traced here")
    return Served(tmp_path, f"sqlite:///{tmp_path}/hiwar.sqlite3")


@pytest.mark.exhaustive("votes")
def test_short_round(served: Served) -> None:
    verdict = fail_calls(served, 15)
    assert verdict.is_clean, verdict
    assert verdict.acknowledged > 150
    bench = Bench(served)
    try:
        told = bench.round(Fault("fdatasync", 4, "EIO"))
        assert any(line.get("outcome") == UNKNOWN for line in told.answers)
        killed = bench.round(Fault("pwrite64", 30, "SIGKILL"))
        assert judge(killed).is_clean
        assert len([line for line in killed.answers if "writer" in line]) == 2
    finally:
        bench.close()
