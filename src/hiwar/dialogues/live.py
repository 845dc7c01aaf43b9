"""The native door: votes and the next statement, answered without a framework.

The rules are those of `actions.votes`; what differs is only how fast they are reached.
"""

from __future__ import annotations

import asyncio
import gc
import random
import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec
import numpy as np
import psycopg
from django.conf import settings
from django.db import close_old_connections, connection

from hiwar.common.serving.front import Front, answer
from hiwar.common.serving.stores import PostgresStore, SqliteStore
from hiwar.common.serving.writer import (
    BusyError,
    GroupCommitWriter,
    RejectedError,
    UnavailableError,
)
from hiwar.dialogues.actions.votes import Act, Newcomer, Offer, Pen, refusal, write_with
from hiwar.dialogues.queries.snapshots import Snapshot, Snapshots
from hiwar.dialogues.queries.tokens import (
    Bearer,
    bearer_of_key,
    bearer_of_ticket,
    cookie_name,
    make_token,
    read_token,
)
from hiwar.engine.opinion.routing import draw_next

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.common.serving.bridge import Receive, Scope, Send

BODY = 64 * 1024
PREFIX = "/api/d/"
NO_STORE = [(b"cache-control", b"no-store")]
KEPT, KEPT_FOR = 20_000, 30.0
LONGEST_TOKEN = 64
OWN_VOTES = "SELECT statement_id FROM dialogues_vote WHERE participant_id = "


class VoteIn(msgspec.Struct):
    """One vote as a phone sends it."""

    statement: int
    choice: int
    sequence: int
    important: bool = False


class ActsIn(msgspec.Struct):
    """A queue of votes, and the random key of a phone that has no cookie yet."""

    votes: list[VoteIn]
    key: str = ""
    language: str = ""


_decode = msgspec.json.Decoder(ActsIn).decode
_encode = msgspec.json.Encoder().encode


class Refusal(Exception):  # noqa: N818 - named by what happened
    """A request that is answered with a status and a code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Reader:
    """Knows what somebody has voted on: reads it once, and then follows the votes.

    What is kept is dropped when the participant votes through another door of this process. A
    vote that another process writes is seen when `KEPT_FOR` is over; until then its statement
    may be offered once more.
    """

    def __init__(self) -> None:
        self._vendor = connection.vendor
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="reader")
        self._kept: dict[int, _Kept] = {}
        self._being_read: set[int] = set()

    async def voted(self, participant: int, snapshot: Snapshot) -> NDArray[np.bool_]:
        """Return for each column of a snapshot whether a participant has voted on it."""
        kept = self._kept.get(participant)
        if kept is not None and kept.until > time.monotonic() and kept.numbers == snapshot.numbers:
            return kept.voted
        self._being_read.add(participant)
        try:
            if self._vendor == "sqlite":
                # One look into an index of a local file takes less than handing it to a thread.
                keys = self._look(participant)
            else:
                loop = asyncio.get_running_loop()
                keys = await loop.run_in_executor(self._pool, self._look, participant)
        except (sqlite3.Error, psycopg.Error) as error:
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
            del self._kept[participant]
            return
        kept.voted[snapshot.column_of[snapshot.statement_of[number]]] = True

    def forget(self, participant: int) -> None:
        """Read again at the next look; called by any thread."""
        self._being_read.discard(participant)
        self._kept.pop(participant, None)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self, participant: int) -> list[int]:
        sign = "?" if self._vendor == "sqlite" else "%s"
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        try:
            rows = self._local.connection.execute(OWN_VOTES + sign, (participant,)).fetchall()
        except (sqlite3.Error, psycopg.Error):
            del self._local.connection
            raise
        return [row[0] for row in rows]

    def _connect(self) -> Any:
        if self._vendor == "sqlite":
            path = str(connection.settings_dict["NAME"])
            return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
        return psycopg.connect(**postgres_parameters(), autocommit=True, prepare_threshold=None)


class _Kept(NamedTuple):
    until: float
    numbers: tuple[int, ...]
    voted: NDArray[np.bool_]


def postgres_parameters() -> dict[str, Any]:
    """Return how Django connects to PostgreSQL, without its own cursor settings."""
    known = connection.get_connection_params()
    own = {"cursor_factory", "context", "prepare_threshold"}
    return {name: value for name, value in known.items() if name not in own}


def make_writer() -> GroupCommitWriter[Act | Offer, None]:
    """Return the writer of this process for the database of the settings."""
    apply = write_with(connection.vendor)
    if connection.vendor == "sqlite":
        return GroupCommitWriter(SqliteStore(str(connection.settings_dict["NAME"]), apply))
    return GroupCommitWriter(PostgresStore(postgres_parameters(), apply))


class Live:
    """The native handlers and what they keep: writer, reader, snapshots."""

    def __init__(self) -> None:
        self.writer = make_writer()
        self.snapshots = Snapshots()
        self._reader = Reader()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="snapshot")
        self._loading: dict[str, asyncio.Future[Snapshot | None]] = {}
        # Seeded by the system; a draw decides on a statement, it keeps no secret.
        self._draw = random.Random()  # noqa: S311

    def mount(self, front: Front) -> None:
        """Answer the native addresses on a front."""
        front.add("POST", PREFIX, "/votes", self.take_votes)
        front.add("GET", PREFIX, "/next", self.give_next)
        front.add("GET", "/healthz", "", self.tell_health)
        front.add_hooks(self.start, self.stop)

    def start(self) -> None:
        """Start the writer and let the other doors use it."""
        sys.setswitchinterval(0.0005)
        # What was imported stays; the collector need not look through it while people wait.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        self.writer.start()
        Pen.writer = self.writer
        Pen.forget = self._reader.forget

    def stop(self) -> None:
        """Write what is waiting, then stop."""
        self.writer.stop()
        Pen.writer = Pen.forget = None
        self._reader.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def tell_health(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say whether votes can be stored now."""
        health = self.writer.health()
        await answer(
            send,
            200 if health.is_well else 503,
            _encode(
                {
                    "ok": health.is_well,
                    "waiting": health.waiting,
                    "committed": health.committed,
                    "reconnects": health.reconnects,
                }
            ),
            NO_STORE,
        )

    async def take_votes(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Store a queue of votes and answer after the commit."""
        headers = NO_STORE
        try:
            _refuse_other_sites(scope)
            snapshot = await self._snapshot(scope, "/votes")
            acts = await _read_acts(receive)
            bearer = _bearer(scope, snapshot, acts.key)
            results, waiting = self._decide(snapshot, bearer, acts)
            for result, future in waiting:
                await _settle(result, future)
        except Refusal as refused:
            await answer(send, refused.status, _encode({"code": refused.code}), headers)
            return
        unknown = False
        stored = False
        for result in results:
            if result["status"] == "ok":
                stored = True
                self._reader.follow(bearer.participant, snapshot, result["statement"])
            elif result["status"] == "unknown":
                unknown = True
        if stored and bearer.may_see and not bearer.is_stored:
            headers = [*headers, _set_cookie(snapshot.code, bearer.participant)]
        await answer(send, 503 if unknown else 200, _encode({"results": results}), headers)

    async def give_next(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Offer one statement that the participant has not voted on."""
        try:
            snapshot = await self._snapshot(scope, "/next")
            bearer = _bearer_of_cookie(scope, snapshot.code)
            person = bearer.participant if bearer is not None and bearer.is_stored else None
            if person is None:
                voted = np.zeros(len(snapshot.numbers), np.bool_)
            else:
                voted = await self._reader.voted(person, snapshot)
        except Refusal as refused:
            await answer(send, refused.status, _encode({"code": refused.code}), NO_STORE)
            return
        body: dict[str, Any] = {"done": 0, "of": len(snapshot.numbers), "next": None}
        body["done"] = int(np.count_nonzero(voted))
        ahead = _held(scope)
        if ahead:
            voted = voted | np.isin(snapshot.numbers, ahead)
        offer = draw_next(snapshot.plan, voted, self._draw.random())
        if offer is not None:
            number = snapshot.numbers[offer[0]]
            body["next"] = {"statement": number, "text": snapshot.texts[number]}
            if person is not None:
                self._record(person, snapshot.statement_of[number], offer[1])
        await answer(send, 200, _encode(body), NO_STORE)

    def _record(self, person: int, statement: int, probability: float) -> None:
        try:
            self.writer.leave(Offer(person, statement, probability))
        except UnavailableError:
            # An offer that is not written is as if it had not been made; voting goes on.
            return

    def _decide(
        self, snapshot: Snapshot, bearer: Bearer, acts: ActsIn
    ) -> tuple[list[dict[str, Any]], list[tuple[dict[str, Any], asyncio.Future[None]]]]:
        """Queue what may be written; return an answer for each vote, and what is waited for."""
        newcomer = None
        if not bearer.is_stored:
            newcomer = Newcomer(snapshot.dialogue, acts.language[:10])
        person = bearer.participant
        results: list[dict[str, Any]] = []
        waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        for vote in acts.votes:
            number, sequence = vote.statement, vote.sequence
            result: dict[str, Any] = {"statement": number, "sequence": sequence}
            results.append(result)
            why = refusal(snapshot, person, number, vote.choice, sequence)
            if why:
                result["status"], result["code"] = "refused", why
                continue
            key = snapshot.statement_of[number]
            act = Act(person, key, vote.choice, vote.important, sequence, "web", newcomer)
            try:
                waiting.append((result, self.writer.submit(act)))
            except BusyError as error:
                raise Refusal(503, "busy") from error
            except UnavailableError as error:
                raise Refusal(503, "stopping") from error
        return results, waiting

    async def _snapshot(self, scope: Scope, suffix: str) -> Snapshot:
        code = scope["path"][len(PREFIX) : -len(suffix)]
        snapshot, is_fresh = self.snapshots.fresh(code)
        if not is_fresh and (snapshot is None or code not in self._loading):
            try:
                # Who comes first looks; the others wait for the same look, or serve the old one.
                snapshot = await asyncio.shield(self._load(code))
            except Exception as error:
                # An old picture of the dialogue is better than none; the commit has the last word.
                if snapshot is None:
                    raise Refusal(503, "unavailable") from error
        if snapshot is None:
            raise Refusal(404, "not_found")
        return snapshot

    def _load(self, code: str) -> asyncio.Future[Snapshot | None]:
        loading = self._loading.get(code)
        if loading is None:
            loop = asyncio.get_running_loop()
            loading = loop.run_in_executor(self._pool, self._refresh, code)
            self._loading[code] = loading
            loading.add_done_callback(lambda _: self._loading.pop(code, None))
        return loading

    def _refresh(self, code: str) -> Snapshot | None:
        close_old_connections()
        try:
            return self.snapshots.refresh(code)
        finally:
            # One connection that is used every two seconds is not worth keeping open.
            connection.close()


async def _settle(result: dict[str, Any], future: asyncio.Future[None]) -> None:
    """Wait for a commit and say in the answer what became of the vote."""
    try:
        await future
    except RejectedError:
        result["status"], result["code"] = "refused", "gone"
    except UnavailableError:
        result["status"], result["code"] = "unknown", "unavailable"
    else:
        result["status"] = "ok"


def _held(scope: Scope) -> list[int]:
    """Return the numbers a phone has already, so that it can fetch the next one ahead of time."""
    query = scope["query_string"]
    if not query:
        return []
    text = parse_qs(query.decode("latin1")).get("not", [""])[0][:2000]
    return [
        int(one) for one in text.split(",") if len(one) < 10 and one.isascii() and one.isdigit()
    ]


async def _read_acts(receive: Receive) -> ActsIn:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "incomplete")
        body += message.get("body", b"")
        if len(body) > BODY:
            raise Refusal(413, "too_large")
        if not message.get("more_body", False):
            break
    try:
        acts = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(400, "invalid") from error
    if not 1 <= len(acts.votes) <= 200:
        raise Refusal(400, "invalid")
    return acts


def _bearer(scope: Scope, snapshot: Snapshot, key: str) -> Bearer:
    bearer = _bearer_of_cookie(scope, snapshot.code)
    if bearer is not None:
        return bearer
    bearer = bearer_of_ticket(snapshot.code, key)
    if bearer is not None:
        return bearer
    if not snapshot.accepts_open_link:
        raise Refusal(403, "code_needed")
    bearer = bearer_of_key(snapshot.code, key)
    if bearer is None:
        raise Refusal(400, "key_needed")
    return bearer


def _bearer_of_cookie(scope: Scope, code: str) -> Bearer | None:
    start = _cookie_start(code)
    for header, value in scope["headers"]:
        if header != b"cookie":
            continue
        for pair in value.split(b";"):
            found = pair.strip()
            if found.startswith(start) and len(found) - len(start) <= LONGEST_TOKEN:
                return _bearer_of_token(code, found[len(start) :])
    return None


@lru_cache(maxsize=32_768)
def _bearer_of_token(code: str, token: bytes) -> Bearer | None:
    # Keys do not change while a process runs, so a token that was good once stays good.
    return read_token(code, token.decode("latin1"))


@lru_cache(maxsize=512)
def _cookie_start(code: str) -> bytes:
    return f"{cookie_name(code)}=".encode()


def _set_cookie(code: str, participant: int) -> tuple[bytes, bytes]:
    secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    token = make_token(code, Bearer(participant, is_stored=True))
    text = f"{cookie_name(code)}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"
    return b"set-cookie", text.encode()


def _refuse_other_sites(scope: Scope) -> None:
    """Refuse a request that another site made the browser send."""
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site", b"same-origin")
    if site not in (b"same-origin", b"none"):
        raise Refusal(403, "other_site")
    origin = headers.get(b"origin")
    if origin is not None and urlsplit(origin).netloc != headers.get(b"host", b""):
        raise Refusal(403, "other_site")
