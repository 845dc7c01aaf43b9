from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from databases import asked
from hiwar.common.serving import stores
from hiwar.common.serving.stores import SqliteStore
from hiwar.common.serving.watchdog import ConnectionWatchdog
from hiwar.common.serving.writer import (
    BusyError,
    ConnectionLostError,
    GroupCommitWriter,
    RejectedError,
    StoppedError,
    UnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Sequence

T = TypeVar("T")
UPSERT = "INSERT INTO mark (slot, value) VALUES (?, ?)"


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run in a thread of its own: a browser test before may have left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def apply(connection: sqlite3.Connection, items: Sequence[tuple[int, int]]) -> list[int]:
    connection.executemany(UPSERT, items)
    return [slot for slot, _ in items]


@pytest.fixture
def path(tmp_path: Path) -> str:
    name = str(tmp_path / "marks.db")
    asked(name, "CREATE TABLE mark (slot INTEGER UNIQUE, value INTEGER CHECK(value<9))")
    return name


def stored(path: str) -> list[int]:
    return [slot for (slot,) in asked(path, "SELECT slot FROM mark ORDER BY slot")]


@pytest.fixture
def writer(path: str) -> Iterator[GroupCommitWriter[tuple[int, int], int]]:
    made = GroupCommitWriter(SqliteStore(path, apply))
    made.start()
    yield made
    made.stop()


class Troubled:
    """A store whose connection can be cut and whose commits can be held back."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.is_up = True
        self.go = threading.Event()
        self.go.set()
        self.entered = threading.Event()

    def connect(self) -> None:
        if not self.is_up:
            raise OSError("no route")

    def disconnect(self) -> None:
        pass

    def write(self, items: Sequence[int]) -> list[int]:
        self.entered.set()
        self.go.wait(5)
        if not self.is_up:
            raise ConnectionLostError("gone")
        self.kept += items
        return [item * 2 for item in items]


@pytest.fixture
def troubled() -> Troubled:
    return Troubled()


def test_a_crowd_shares_transactions_and_each_gets_its_own_answer(
    writer: GroupCommitWriter[tuple[int, int], int], path: str
) -> None:
    async def crowd() -> list[int]:
        return list(await asyncio.gather(*(writer.submit((n, 1)) for n in range(1000))))

    assert run(crowd()) == list(range(1000))
    assert stored(path) == list(range(1000))
    health = writer.health()
    assert health.is_well
    assert health.committed == 1000
    assert health.batches < 500


def test_an_answer_means_that_another_connection_sees_the_write(
    writer: GroupCommitWriter[tuple[int, int], int], path: str
) -> None:
    for number in range(20):
        assert writer.write((number, 1)) == number
        assert stored(path)[-1] == number


def test_a_bad_row_fails_alone(writer: GroupCommitWriter[tuple[int, int], int], path: str) -> None:
    async def crowd() -> list[object]:
        items = [(n, 99 if n == 37 else 1) for n in range(80)]
        return list(await asyncio.gather(*map(writer.submit, items), return_exceptions=True))

    answers = run(crowd())
    assert [n for n, answer in enumerate(answers) if isinstance(answer, RejectedError)] == [37]
    assert stored(path) == [n for n in range(80) if n != 37]
    assert writer.health().is_well


def test_every_transaction_is_fully_synchronous(path: str) -> None:
    store = SqliteStore(path, apply)
    store.connect()
    connection = store._connection
    assert connection is not None
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.disconnect()


def test_a_lost_connection_is_no_false_answer_and_heals(troubled: Troubled) -> None:
    writer = GroupCommitWriter(troubled)
    writer.start()
    assert writer.write(1) == 2
    troubled.is_up = False
    with pytest.raises(UnavailableError):
        writer.write(2)
    assert not writer.health().is_well
    assert "gone" in writer.health().last_error or "no route" in writer.health().last_error
    troubled.is_up = True
    assert writer.write(3) == 6
    assert troubled.kept == [1, 3]
    assert writer.health().is_well
    writer.stop()


def test_health_heals_without_traffic(troubled: Troubled) -> None:
    troubled.is_up = False
    writer = GroupCommitWriter(troubled)
    writer.start()
    with pytest.raises(UnavailableError):
        writer.write(1)
    assert not writer.health().is_well
    troubled.is_up = True
    for _ in range(200):
        if writer.health().is_well:
            break
        threading.Event().wait(0.05)
    assert writer.health().is_well
    writer.stop()


def test_a_full_queue_refuses_at_once_and_loses_nothing(troubled: Troubled) -> None:
    troubled.go.clear()
    writer = GroupCommitWriter(troubled, batch=1, capacity=5)
    writer.start()

    async def fill() -> tuple[int, list[int]]:
        waiting = [writer.submit(0)]
        await asyncio.to_thread(troubled.entered.wait, 5)
        refused = 0
        for number in range(1, 12):
            try:
                waiting.append(writer.submit(number))
            except BusyError:
                refused += 1
        troubled.go.set()
        return refused, list(await asyncio.gather(*waiting))

    refused, answers = run(fill())
    assert refused == 6
    assert answers == [0, 2, 4, 6, 8, 10]
    assert troubled.kept == [0, 1, 2, 3, 4, 5]
    writer.stop()


def test_what_nobody_waits_for_gathers_and_travels_with_what_somebody_waits_for(
    writer: GroupCommitWriter[tuple[int, int], int], path: str
) -> None:
    writer.write((0, 1))
    before = writer.health().batches
    for number in range(1, 60):
        writer.leave((number, 1))
    assert writer.write((60, 1)) == 60
    assert stored(path) == list(range(61))
    assert writer.health().batches <= before + 5


def test_what_nobody_waits_for_is_written_all_the_same(
    writer: GroupCommitWriter[tuple[int, int], int], path: str
) -> None:
    writer.leave((1, 1))
    writer.leave((2, 99))
    writer.leave((3, 1))
    writer.stop()
    assert stored(path) == [1, 3]
    with pytest.raises(StoppedError):
        writer.leave((4, 1))


def test_stopping_writes_what_waits_and_then_takes_nothing(troubled: Troubled) -> None:
    troubled.go.clear()
    writer = GroupCommitWriter(troubled, batch=10)
    writer.start()

    async def scene() -> list[int]:
        waiting = [writer.submit(number) for number in range(35)]
        stopping = asyncio.create_task(asyncio.to_thread(writer.stop))
        await asyncio.to_thread(troubled.entered.wait, 5)
        troubled.go.set()
        await stopping
        return list(await asyncio.gather(*waiting))

    assert run(scene()) == [number * 2 for number in range(35)]
    with pytest.raises(StoppedError):
        writer.write(99)
    assert troubled.kept == list(range(35))
    assert not writer.health().is_running


def test_stopping_while_the_database_is_away_answers_unknown_not_ok(troubled: Troubled) -> None:
    troubled.go.clear()
    writer = GroupCommitWriter(troubled, batch=10)
    writer.start()

    async def scene() -> list[object]:
        waiting = [writer.submit(number) for number in range(35)]
        await asyncio.to_thread(troubled.entered.wait, 5)
        troubled.is_up = False
        troubled.go.set()
        await asyncio.to_thread(writer.stop)
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    answers = run(scene())
    assert len(answers) == 35
    assert all(isinstance(answer, UnavailableError) for answer in answers)
    assert troubled.kept == []


def test_a_client_that_left_does_not_stop_the_others(troubled: Troubled) -> None:
    writer = GroupCommitWriter(troubled)
    writer.start()
    troubled.go.clear()

    async def scene() -> list[int]:
        waiting = [writer.submit(number) for number in range(10)]
        waiting[4].cancel()
        troubled.go.set()
        return list(await asyncio.gather(*(f for n, f in enumerate(waiting) if n != 4)))

    assert run(scene()) == [n * 2 for n in range(10) if n != 4]
    assert troubled.kept == list(range(10))
    writer.stop()


def test_a_closed_loop_does_not_end_the_writer(troubled: Troubled) -> None:
    writer = GroupCommitWriter(troubled)
    writer.start()
    troubled.go.clear()

    async def leave() -> None:
        writer.submit(1)

    run(leave())
    troubled.go.set()
    assert writer.write(2) == 4
    assert troubled.kept == [1, 2]
    writer.stop()


def test_full_disk_is_refused_and_recovers(path: str) -> None:
    """SQLite's own page limit stands in for a full disk: the same error code, SQLITE_FULL."""

    class Small(SqliteStore[tuple[int, int], int]):
        limit = 4

        def write(self, items: Sequence[tuple[int, int]]) -> Sequence[int]:
            assert self._connection is not None
            self._connection.execute(f"PRAGMA max_page_count={self.limit}")
            return super().write(items)

    store = Small(path, apply)
    writer = GroupCommitWriter(store)
    writer.start()
    written, refused = [], 0
    for number in range(3000):
        try:
            written.append(writer.write((number, 1)))
        except UnavailableError as error:
            refused += 1
            assert "full" in str(error)  # noqa: PT017 -- the loop goes on until it happens
            break
    assert refused == 1
    assert stored(path) == written
    Small.limit = 100_000
    assert writer.write((9999, 1)) == 9999
    assert stored(path) == [*written, 9999]
    writer.stop()


def test_the_log_is_carried_over_beside_the_writer(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log stays bounded under votes that never pause, and shrinks to its usual length."""
    limit = 1 << 20
    monkeypatch.setattr(stores, "LONG_LOG", limit)
    monkeypatch.setattr(stores, "BETWEEN_CHECKPOINTS", 0.01)
    store = SqliteStore(path, apply)
    writer = GroupCommitWriter(store)
    writer.start()

    async def storm() -> int:
        longest = 0
        waiting = [writer.submit((number, 1)) for number in range(1000)]
        for number in range(1000, 100_000):
            waiting.append(writer.submit((number, 1)))
            await waiting.pop(0)
            if number % 1000 == 0:
                longest = max(longest, log.stat().st_size)
        await asyncio.gather(*waiting)
        return longest

    log = Path(f"{path}-wal")
    longest = run(storm())
    assert len(stored(path)) == 100_000
    assert limit < longest < 24 * limit
    for number in range(100_000, 100_200):
        writer.write((number, 1))
        if log.stat().st_size <= limit:
            break
        time.sleep(0.02)
    assert log.stat().st_size <= limit
    writer.stop()


def test_a_server_that_vanished_does_not_hold_the_writer() -> None:
    ours, theirs = socket.socketpair()
    asked = SimpleNamespace(closed=False, fileno=ours.fileno)
    patience = ConnectionWatchdog(0.2)
    try:
        with patience.on(asked):  # type: ignore[arg-type]
            assert ours.recv(1) == b""
    finally:
        patience.stop()
        ours.close()
        theirs.close()


def test_a_fault_of_the_disk_is_never_laid_on_the_row(path: str) -> None:
    """Who is refused forgets the vote, so a broken file must leave it unknown."""
    Path(path).write_bytes(b"this is no database" * 500)
    store = SqliteStore(path, apply)
    store._connection = sqlite3.connect(path)
    with pytest.raises(ConnectionLostError):
        store.write([(1, 1)])
    store.disconnect()
