"""Group commit: many small writes, one durable transaction, an answer only after the commit."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
Taken_contra = TypeVar("Taken_contra", contravariant=True)
Given_co = TypeVar("Given_co", covariant=True)

BATCH = 512
CAPACITY = 20_000
FIRST_PAUSE, LONGEST_PAUSE, TRIES = 0.02, 0.5, 3
PATIENCE = 0.1


class UnavailableError(Exception):
    """The write is not known to be durable; the same write may be sent again."""


class BusyError(UnavailableError):
    """The queue is full; nothing was taken."""


class StoppedError(UnavailableError):
    """The writer takes nothing any more."""


class RejectedError(Exception):
    """The database refused this one write (a constraint); the others are not concerned."""


class ConnectionLostError(Exception):
    """Raised by a store when the connection, not the data, is at fault."""


class Store(Protocol[Taken_contra, Given_co]):
    """Where a writer writes. Every method runs in the writer's thread alone."""

    def connect(self) -> None:
        """Open the connection; raise on failure."""

    def disconnect(self) -> None:
        """Close the connection; never raise."""

    def write(self, items: Sequence[Taken_contra]) -> Sequence[Given_co]:
        """Write all in one transaction and return after its commit.

        Raises `ConnectionLostError` when the connection failed or no space is left, anything
        else when the data is at fault; in both cases nothing of the batch counts as written.
        """


@dataclass(frozen=True)
class Health:
    """How a writer is doing; `is_well` is False while it cannot write."""

    is_well: bool
    is_running: bool
    waiting: int
    committed: int
    batches: int
    reconnects: int
    last_error: str


class _Waiting(NamedTuple, Generic[Item, Result]):
    item: Item
    loop: asyncio.AbstractEventLoop | None
    # None: nobody waits for it.
    future: Future[Result] | asyncio.Future[Result] | None


class GroupCommitWriter(Generic[Item, Result]):
    """One thread that owns one connection and commits whatever is waiting.

    There is no timer: a batch forms while the transaction before it reaches the disk, so a lone
    write waits for one fsync only and a crowd shares it. Writes for which nobody waits travel with
    those for which somebody does, or gather for a moment.

    Parameters
    ----------
    store : Store
        Where to write.
    batch : int
        Most items in one transaction.
    capacity : int
        Most items that may wait; beyond it `BusyError` is raised at once.
    """

    def __init__(
        self, store: Store[Item, Result], *, batch: int = BATCH, capacity: int = CAPACITY
    ) -> None:
        self._store = store
        self._batch = batch
        self._capacity = capacity
        self._queue: queue.SimpleQueue[_Waiting[Item, Result] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._accepting = False
        self._connected = False
        self._held: list[_Waiting[Item, Result]] = []
        self._gate = threading.Lock()
        # Set while somebody waits for an answer: what nobody waits for may gather meanwhile.
        self._urgent = threading.Event()
        self._committed = self._batches = self._reconnects = 0
        self._last_error = ""
        self._pause = FIRST_PAUSE

    def start(self) -> None:
        """Begin to take writes."""
        if self._thread is not None:
            return
        self._accepting = True
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> asyncio.Future[Result]:
        """Queue a write from a coroutine; the future resolves after the commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._put(_Waiting(item, loop, future))
        return future

    def leave(self, item: Item) -> None:
        """Queue a write for which nobody waits; it is lost if the database refuses or is away."""
        self._put(_Waiting(item, None, None))

    def write(self, item: Item, timeout: float = 30.0) -> Result:
        """Queue a write from a thread and wait for its commit."""
        future: Future[Result] = Future()
        self._put(_Waiting(item, None, future))
        try:
            return future.result(timeout)
        except TimeoutError as error:
            msg = "no answer from the disk in time"
            raise UnavailableError(msg) from error

    def stop(self, timeout: float = 10.0) -> None:
        """Take nothing more, write what is waiting and end; what is left is answered as unknown."""
        with self._gate:
            if self._thread is None:
                return
            self._accepting = False
        self._queue.put(None)
        self._urgent.set()
        self._thread.join(timeout)
        self._thread = None

    def health(self) -> Health:
        """Return how the writer is doing."""
        running = self._thread is not None and self._thread.is_alive()
        return Health(
            is_well=running and self._connected and not self._last_error,
            is_running=running,
            waiting=self._queue.qsize() + len(self._held),
            committed=self._committed,
            batches=self._batches,
            reconnects=self._reconnects,
            last_error=self._last_error,
        )

    def _put(self, waiting: _Waiting[Item, Result]) -> None:
        # The gate makes sure that nothing is queued behind the mark that ends the thread.
        with self._gate:
            if not self._accepting:
                msg = "the service is stopping"
                raise StoppedError(msg)
            if self._queue.qsize() >= self._capacity:
                msg = "too many writes are waiting"
                raise BusyError(msg)
            self._queue.put(waiting)
        if waiting.future is not None and not self._urgent.is_set():
            self._urgent.set()

    def _run(self) -> None:
        ended = False
        self._try_connection()
        while not ended:
            ended = self._collect()
            if self._held:
                self._commit()
        self._fail_all(StoppedError("the service stopped before this was written"))
        self._store.disconnect()
        self._connected = False

    def _first(self) -> _Waiting[Item, Result] | None:
        """Wait for an item; look for the lost connection meanwhile, so that health is true."""
        while not self._connected:
            try:
                return self._queue.get(timeout=FIRST_PAUSE)
            except queue.Empty:
                self._try_connection()
        return self._queue.get()

    def _collect(self) -> bool:
        """Fill the batch; return True when the last item was seen."""
        first = self._first()
        if first is None:
            return True
        self._held = [first]
        self._urgent.clear()
        self._drain()
        if self._may_gather():
            self._urgent.wait(PATIENCE)
            self._drain()
        return False

    def _drain(self) -> None:
        """Take what is queued, as far as it fits into the batch."""
        held, take = self._held, self._queue.get_nowait
        while len(held) < self._batch:
            try:
                item = take()
            except queue.Empty:
                return
            if item is None:
                # Put the mark back so that the loop ends after this batch.
                self._queue.put(None)
                self._urgent.set()
                return
            held.append(item)

    def _may_gather(self) -> bool:
        return len(self._held) < self._batch and all(entry.future is None for entry in self._held)

    def _commit(self) -> None:
        try:
            self._ensure_connection()
            results = self._store.write([waiting.item for waiting in self._held])
        except ConnectionLostError as error:
            self._lost(error)
            return
        except Exception as error:  # noqa: BLE001 -- any fault of the data: find the row alone
            self._one_by_one(error)
            return
        self._last_error = ""
        self._batches += 1
        self._committed += len(self._held)
        _resolve(self._held, list(results))
        self._held = []

    def _one_by_one(self, error: Exception) -> None:
        """Write each item in a transaction of its own, so that a bad one fails alone."""
        held, self._held = self._held, []
        if len(held) == 1:
            _resolve(held, [RejectedError(str(error))])
            return
        for number, waiting in enumerate(held):
            self._held = [waiting]
            self._commit()
            if not self._connected:
                _resolve(held[number + 1 :], [UnavailableError(self._last_error)] * len(held))
                return

    def _try_connection(self) -> bool:
        try:
            self._store.connect()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is reported and tried again
            self._last_error = f"{type(error).__name__}: {error}"
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            time.sleep(self._pause)
            return False
        self._connected = True
        self._last_error = ""
        self._pause = FIRST_PAUSE
        return True

    def _ensure_connection(self) -> None:
        # Those who wait get an answer after a few tries, not when the database is back.
        for _ in range(TRIES):
            if self._connected or self._try_connection():
                return
        raise ConnectionLostError(self._last_error)

    def _lost(self, error: Exception) -> None:
        self._last_error = f"{type(error).__name__}: {error}"
        self._store.disconnect()
        self._connected = False
        self._reconnects += 1
        held, self._held = self._held, []
        _resolve(held, [UnavailableError(self._last_error)] * len(held))

    def _fail_all(self, error: UnavailableError) -> None:
        left = self._held
        self._held = []
        while True:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
            if waiting is not None:
                left.append(waiting)
        _resolve(left, [error] * len(left))


def _resolve(held: Sequence[_Waiting[Item, Result]], answers: Sequence[Result | Exception]) -> None:
    """Answer everybody, waking each event loop once."""
    by_loop: dict[
        asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Result], Result | Exception]]
    ] = {}
    for (_, loop, future), answer in zip(held, answers, strict=False):
        if future is None:
            continue
        if loop is None or isinstance(future, Future):
            _settle(future, answer)
            continue
        pairs = by_loop.get(loop)
        if pairs is None:
            pairs = by_loop[loop] = []
        pairs.append((future, answer))
    for loop, pairs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle_many, pairs)
        except RuntimeError:
            # The loop is closed: nobody waits any more, and the write is durable all the same.
            continue


def _settle_many(pairs: Sequence[tuple[asyncio.Future[Result], Result | Exception]]) -> None:
    for future, answer in pairs:
        _settle(future, answer)


def _settle(future: Future[Result] | asyncio.Future[Result], answer: Result | Exception) -> None:
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
