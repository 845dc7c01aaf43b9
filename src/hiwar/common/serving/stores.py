"""The two databases that a writer can write to, each on a connection of its own."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import psycopg

from hiwar.common.serving.watchdog import ConnectionWatchdog
from hiwar.common.serving.writer import ConnectionLostError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    # The pages of the indexes that a crowd touches stay in memory.
    "PRAGMA cache_size=-32000",
    # The log is carried over into the file by a thread beside the writer: it takes a second or more
    # on a slow disk, and nobody who votes should wait for it.
    "PRAGMA wal_autocheckpoint=0",
)
CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"
WAIT_FOR_LOCK = 20.0
LONG_LOG = 32 << 20
BETWEEN_CHECKPOINTS = 0.25
# What a row can be to blame for. Anything else is the fault of the disk, the network or the server:
# the write is then unknown, never refused, because who is refused does not send it again.
BAD_ROW_IN_SQLITE = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError)
BAD_ROW_IN_POSTGRES = (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError)


class Checkpoints:
    """Carries the write-ahead log over into the database file, beside the writer."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._log = Path(f"{path}-wal")
        self._wanted = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Ask for a checkpoint when the log has grown long."""
        with contextlib.suppress(OSError):
            if self._log.stat().st_size > LONG_LOG:
                self._wanted.set()

    def stop(self) -> None:
        """End the thread after the checkpoint that is running."""
        self._over.set()
        self._wanted.set()
        self._thread.join(WAIT_FOR_LOCK)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._over.is_set():
                return
            # One that fails is tried again after the next commit: the log keeps everything.
            with contextlib.suppress(sqlite3.Error):
                self._carry_over()
            if self._over.wait(BETWEEN_CHECKPOINTS):
                return
            self._wanted.clear()

    def _carry_over(self) -> None:
        connection = sqlite3.connect(self._path, timeout=WAIT_FOR_LOCK)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            # The log begins anew only after all of it was carried over. What came while the first
            # one ran is little, so that the second reaches the end although votes keep coming.
            for _ in range(2):
                connection.execute(CHECKPOINT).fetchall()
        finally:
            connection.close()


class SqliteStore(Generic[Item, Result]):
    """Write to an SQLite file in WAL mode with `synchronous=FULL`.

    Parameters
    ----------
    path : str
        The file.
    apply : callable
        ``apply(connection, items) -> results``, run inside one immediate transaction.
    """

    def __init__(
        self,
        path: str,
        apply: Callable[[sqlite3.Connection, Sequence[Item]], Sequence[Result]],
    ) -> None:
        self._path = path
        self._apply = apply
        self._connection: sqlite3.Connection | None = None
        self._checkpoints: Checkpoints | None = None

    def connect(self) -> None:
        """Open the file and make every commit durable."""
        connection = sqlite3.connect(self._path, timeout=WAIT_FOR_LOCK, isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        # A log that is begun anew gives back what it had grown beyond this.
        connection.execute(f"PRAGMA journal_size_limit={LONG_LOG}")
        # A killed process may have left commits in the log that never reached the disk. The same
        # votes, sent again, change nothing and so sync nothing: what is there is synced now.
        connection.execute(CHECKPOINT).fetchall()
        self._connection = connection
        if self._checkpoints is None:
            self._checkpoints = Checkpoints(self._path)

    def disconnect(self) -> None:
        """Close the file."""
        if self._checkpoints is not None:
            self._checkpoints.stop()
            self._checkpoints = None
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def write(self, items: Sequence[Item]) -> Sequence[Result]:
        """Write all items in one transaction."""
        connection = self._connection
        if connection is None:
            msg = "not connected"
            raise ConnectionLostError(msg)
        try:
            connection.execute("BEGIN IMMEDIATE")
            results = self._apply(connection, items)
            connection.execute("COMMIT")
        except BAD_ROW_IN_SQLITE:
            self._roll_back(connection)
            raise
        except (sqlite3.Error, OSError) as error:
            self._roll_back(connection)
            raise ConnectionLostError(str(error)) from error
        except Exception:
            self._roll_back(connection)
            raise
        if self._checkpoints is not None:
            self._checkpoints.look()
        return results

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")


class PostgresStore(Generic[Item, Result]):
    """Write to PostgreSQL with `synchronous_commit=on`.

    Parameters
    ----------
    parameters : mapping
        Connection parameters as `psycopg.connect` takes them.
    apply : callable
        ``apply(connection, items) -> results``, run inside one transaction.
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        apply: Callable[[psycopg.Connection[Any], Sequence[Item]], Sequence[Result]],
    ) -> None:
        self._parameters = dict(parameters)
        self._apply = apply
        self._connection: psycopg.Connection[Any] | None = None
        self._watchdog: ConnectionWatchdog | None = None

    def connect(self) -> None:
        """Open the connection and make every commit durable."""
        # Without prepared statements the connection also works behind a transaction pooler.
        connection = psycopg.connect(
            **{"connect_timeout": 5, **self._parameters}, prepare_threshold=None, autocommit=True
        )
        if self._watchdog is None:
            self._watchdog = ConnectionWatchdog()
        with self._watchdog.on(connection):
            connection.execute("SET synchronous_commit = on")
        self._connection = connection

    def disconnect(self) -> None:
        """Close the connection."""
        if self._watchdog is not None:
            self._watchdog.stop()
            self._watchdog = None
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def write(self, items: Sequence[Item]) -> Sequence[Result]:
        """Write all items in one transaction."""
        connection = self._connection
        if connection is None or self._watchdog is None:
            msg = "not connected"
            raise ConnectionLostError(msg)
        try:
            with self._watchdog.on(connection), connection.transaction():
                return self._apply(connection, items)
        except BAD_ROW_IN_POSTGRES:
            raise
        except (psycopg.Error, OSError) as error:
            raise ConnectionLostError(str(error)) from error
