"""The native handlers."""

from __future__ import annotations

import asyncio
import gc
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from django.db import close_old_connections, connection
from django.utils import timezone

from hiwar.common import pauses
from hiwar.common.dates import local_day
from hiwar.common.patience import stopwatch
from hiwar.common.serving.protocol import answer
from hiwar.common.serving.stores import PostgresStore, SqliteStore
from hiwar.common.serving.writer import (
    BusyError,
    GroupCommitWriter,
    RejectedError,
    UnavailableError,
)
from hiwar.dialogues.actions.alerts import raise_alert
from hiwar.dialogues.actions.votes import Act, Newcomer, Offer, VoteWriter, refusal, write_with
from hiwar.dialogues.live.readers import Reader, postgres_parameters
from hiwar.dialogues.live.requests import (
    ActsIn,
    Refusal,
    bearer_of,
    bearer_of_cookie,
    held,
    read_acts,
    refuse_other_sites,
    set_cookie,
)
from hiwar.dialogues.models.sequences import at_the_door
from hiwar.dialogues.queries.rate_monitor import ARRIVALS, Unusual
from hiwar.dialogues.queries.snapshots import Snapshot, Snapshots
from hiwar.dialogues.queries.tokens import make_ticket
from hiwar.engine.opinion.routing import draw_next

if TYPE_CHECKING:
    from hiwar.common.serving.protocol import Receive, Scope, Send
    from hiwar.common.serving.router import Router
    from hiwar.dialogues.queries.tokens import Bearer

PREFIX = "/api/d/"
NO_STORE = [(b"cache-control", b"no-store")]

encode = msgspec.json.Encoder().encode


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

    def mount(self, router: Router) -> None:
        """Answer the native addresses on a router."""
        router.add("POST", PREFIX, "/votes", self.take_votes)
        router.add("GET", PREFIX, "/next", self.give_next)
        router.add("GET", "/healthz", "", self.tell_health)
        router.add_hooks(self.start, self.stop)

    def start(self) -> None:
        """Start the writer and let the other doors use it."""
        sys.setswitchinterval(0.0005)
        # What was imported stays; the collector need not look through it while people wait.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        self.writer.start()
        VoteWriter.writer = self.writer
        VoteWriter.forget = self._reader.forget

    def stop(self) -> None:
        """Write what is waiting, then stop."""
        self.writer.stop()
        VoteWriter.writer = VoteWriter.forget = None
        self._reader.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def tell_health(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say whether votes can be stored now."""
        health = self.writer.health()
        await answer(
            send,
            200 if health.is_well else 503,
            encode(
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
            refuse_other_sites(scope)
            snapshot = await self._snapshot(scope, "/votes")
            acts = await read_acts(receive)
            bearer = bearer_of(scope, snapshot, acts)
            results, waiting = self._decide(snapshot, bearer, acts)
            for result, future in waiting:
                await _settle(result, future)
        except Refusal as refused:
            await answer(send, refused.status, encode({"code": refused.code}), headers)
            return
        unknown = False
        stored = False
        for result in results:
            if result["status"] == "ok":
                stored = True
                self._count(snapshot, bearer, result["statement"])
                self._reader.follow(bearer.participant, snapshot, result["statement"])
            elif result["status"] == "unknown":
                unknown = True
        if stored and not bearer.is_stored:
            unusual = ARRIVALS.newcomer(snapshot.code, stopwatch())
            if unusual is not None:
                self._pool.submit(_raise, snapshot.code, unusual)
        if stored and bearer.may_see and not bearer.is_stored:
            headers = [*headers, set_cookie(snapshot.code, bearer.participant)]
        body: dict[str, Any] = {"results": results}
        if acts.claim and stored and bearer.may_see:
            body["ticket"] = make_ticket(snapshot.code, bearer)
        await answer(send, 503 if unknown else 200, encode(body), headers)

    def _count(self, snapshot: Snapshot, bearer: Bearer, statement: int) -> None:
        """Count a vote, and tell of a rush beside those who vote."""
        now, code = stopwatch(), snapshot.code
        unusual = ARRIVALS.vote(code, statement, len(snapshot.numbers), now)
        if unusual is not None:
            self._pool.submit(_raise, code, unusual)

    async def give_next(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Offer one statement that the participant has not voted on."""
        try:
            snapshot = await self._snapshot(scope, "/next")
            bearer = bearer_of_cookie(scope, snapshot.code)
            person = bearer.participant if bearer is not None and bearer.is_stored else None
            if person is None:
                voted = np.zeros(len(snapshot.numbers), np.bool_)
            else:
                voted = await self._reader.voted(person, snapshot)
        except Refusal as refused:
            await answer(send, refused.status, encode({"code": refused.code}), NO_STORE)
            return
        body: dict[str, Any] = {"done": 0, "of": len(snapshot.numbers), "next": None}
        body["done"] = int(np.count_nonzero(voted))
        ahead = held(scope)
        if ahead:
            voted = voted | np.isin(snapshot.numbers, ahead)
        offer = draw_next(snapshot.plan, voted, self._draw.random())
        if offer is not None:
            number = snapshot.numbers[offer[0]]
            body["next"] = {"statement": number, "text": snapshot.texts[number]}
            if person is not None:
                self._record(person, snapshot.statement_of[number], offer[1])
        await answer(send, 200, encode(body), NO_STORE)

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
        stored = at_the_door((vote.sequence for vote in acts.votes), local_day(timezone.now()))
        for vote, sequence in zip(acts.votes, stored, strict=True):
            number = vote.statement
            result: dict[str, Any] = {"statement": number, "sequence": vote.sequence}
            results.append(result)
            why = refusal(snapshot, person, number, vote.choice, vote.sequence)
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
        if pauses.known().is_paused:
            raise Refusal(503, "paused")
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
            pauses.refresh()
            return self.snapshots.refresh(code)
        finally:
            # One connection that is used every two seconds is not worth keeping open.
            connection.close()


def _raise(code: str, unusual: Unusual) -> None:
    close_old_connections()
    try:
        raise_alert(code=code, unusual=unusual, now=timezone.now())
    finally:
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
