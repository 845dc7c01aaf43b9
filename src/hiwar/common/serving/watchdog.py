"""A clock for connections: what is asked on one must be answered in time, or it is cut."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

LONGEST_WRITE = 10.0


class ConnectionWatchdog:
    """Ends a connection on which an answer is awaited for too long.

    A server that vanished without a word would otherwise hold the only writer for as long as the
    network's own clocks run, which is hours.
    """

    def __init__(self, limit: float = LONGEST_WRITE) -> None:
        self._limit = limit
        self._gate = threading.Lock()
        self._socket = -1
        self._since = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def on(self, connection: psycopg.Connection[Any]) -> Iterator[None]:
        """Count while something is asked on a connection that its thread alone may close."""
        descriptor = -1 if connection.closed else connection.fileno()
        with self._gate:
            self._socket, self._since = descriptor, time.monotonic()
        try:
            yield
        finally:
            with self._gate:
                self._since = 0.0

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._limit / 10):
            with self._gate, contextlib.suppress(OSError):
                if self._since and time.monotonic() - self._since > self._limit:
                    self._since = 0.0
                    with socket.socket(fileno=os.dup(self._socket)) as link:
                        link.shutdown(socket.SHUT_RDWR)
