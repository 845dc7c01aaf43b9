"""What somebody has voted on, as the native door knows it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import psycopg
from django.db import connection

from hiwar.dialogues.live.requests import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hiwar.dialogues.queries.snapshots import Snapshot

KEPT, KEPT_FOR = 20_000, 30.0
TOGETHER = 512
OWN_VOTES = "SELECT participant_id, statement_id FROM dialogues_vote WHERE participant_id"


class _Kept(NamedTuple):
    until: float
    numbers: tuple[int, ...]
    voted: NDArray[np.bool_]


class Reader:
    """Knows what somebody has voted on: reads it once, and then follows the votes.

    What is kept is dropped when the participant votes through another door of this process. A
    vote that another process writes is seen when `KEPT_FOR` is over; until then its statement
    may be offered once more.
    """

    def __init__(self) -> None:
        is_local = connection.vendor == "sqlite"
        self._shelf: _LocalShelf | _DistantShelf = _LocalShelf() if is_local else _DistantShelf()
        self._kept: dict[int, _Kept] = {}
        self._being_read: set[int] = set()

    async def voted(self, participant: int, snapshot: Snapshot) -> NDArray[np.bool_]:
        """Return for each column of a snapshot whether a participant has voted on it."""
        kept = self._kept.get(participant)
        if kept is not None and kept.until > time.monotonic() and kept.numbers == snapshot.numbers:
            return kept.voted
        self._being_read.add(participant)
        try:
            keys = await self._shelf.read(participant)
        except (sqlite3.Error, psycopg.Error, OSError) as error:
            self._being_read.discard(participant)
            raise Refusal(503, "unavailable") from error
        columns = snapshot.column_of
        voted = np.zeros(len(snapshot.numbers), np.bool_)
        voted[[columns[key] for key in keys if key in columns]] = True
        # Who voted while this was read has made it old already.
        if participant in self._being_read:
            self._being_read.discard(participant)
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[participant] = _Kept(time.monotonic() + KEPT_FOR, snapshot.numbers, voted)
        return voted

    def follow(self, participant: int, snapshot: Snapshot, number: int) -> None:
        """Take note of a vote that was committed."""
        self._being_read.discard(participant)
        kept = self._kept.get(participant)
        if kept is None:
            return
        if kept.numbers != snapshot.numbers:
            self._kept.pop(participant, None)
            return
        kept.voted[snapshot.column_of[snapshot.statement_of[number]]] = True

    def forget(self, participant: int) -> None:
        """Read again at the next look; called by any thread."""
        self._being_read.discard(participant)
        self._kept.pop(participant, None)

    def close(self) -> None:
        """End what reads."""
        self._shelf.close()


class _LocalShelf:
    """A file beside the process: a look into an index takes less than handing it to a thread."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None

    async def read(self, participant: int) -> Sequence[int]:
        """Return the keys of the statements that a participant has voted on."""
        if self._connection is None:
            path = str(connection.settings_dict["NAME"])
            self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
        try:
            rows = self._connection.execute(f"{OWN_VOTES} = ?", (participant,)).fetchall()
        except sqlite3.Error:
            self._connection = None
            raise
        return [row[1] for row in rows]

    def close(self) -> None:
        """Leave the file."""
        self._connection = None


class _DistantShelf:
    """A server: whoever asks while one look is under way shares the next."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._connection: psycopg.Connection[Any] | None = None
        self._asked: dict[int, list[asyncio.Future[Sequence[int]]]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def read(self, participant: int) -> Sequence[int]:
        """Return the keys of the statements that a participant has voted on."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Sequence[int]] = loop.create_future()
        self._asked.setdefault(participant, []).append(future)
        if self._looking is None:
            self._looking = loop.create_task(self._look(loop))
        return await future

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while self._asked:
                people = list(self._asked)[:TOGETHER]
                asked = {person: self._asked.pop(person) for person in people}
                try:
                    votes = await loop.run_in_executor(self._pool, self._fetch, people)
                except Exception as error:  # noqa: BLE001 -- whatever it is, nobody waits for ever
                    _answer(asked, error)
                else:
                    _answer(asked, votes)
        finally:
            self._looking = None

    def _fetch(self, people: list[int]) -> dict[int, list[int]]:
        if self._connection is None:
            self._connection = psycopg.connect(
                **postgres_parameters(), autocommit=True, prepare_threshold=None
            )
        listed = "{" + ",".join(map(str, people)) + "}"
        try:
            rows = self._connection.execute(
                f"{OWN_VOTES} = ANY (%s::bigint[])", (listed,), binary=True
            ).fetchall()
        except psycopg.Error:
            self._connection = None
            raise
        votes: dict[int, list[int]] = {}
        for person, statement in rows:
            votes.setdefault(person, []).append(statement)
        return votes


def _answer(
    asked: dict[int, list[asyncio.Future[Sequence[int]]]], votes: dict[int, list[int]] | Exception
) -> None:
    for person, futures in asked.items():
        for future in futures:
            if future.done():
                continue
            if isinstance(votes, Exception):
                future.set_exception(votes)
            else:
                future.set_result(votes.get(person, ()))


def postgres_parameters() -> dict[str, Any]:
    """Return how Django connects to PostgreSQL, without its own cursor settings."""
    known = connection.get_connection_params()
    own = {"cursor_factory", "context", "prepare_threshold"}
    return {name: value for name, value in known.items() if name not in own}
