"""The workers of a server: started before it serves, started again when they end, ended with it."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress

log = logging.getLogger("hiwar.jobs")

START = "import sys; from hiwar.config.command import main; sys.argv[0] = 'hiwar'; main()"
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SETTLED = 60.0
LONGEST_END = 10.0
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def end_with_parent(number: int) -> None:
    """Have the system end this process when its parent ends, however that happens (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(END_WITH_PARENT, number)


class Supervisor:
    """Keeps some workers running beside a server.

    They are spawned and never forked, and no pipe tells that a start succeeded: a process that the
    server forks meanwhile would inherit the pipe's end and keep it open, and whoever waits for it
    would wait for ever.
    """

    def __init__(self, count: int) -> None:
        self._ending = threading.Event()
        self._processes = [0] * count
        self._gate = threading.Lock()
        self._threads = [
            threading.Thread(target=self._watch, args=(place,), name=f"worker-{place}", daemon=True)
            for place in range(count)
        ]

    def start(self) -> None:
        """Start every worker, and then a thread for each that waits for its end."""
        for place in range(len(self._processes)):
            self._processes[place] = _spawn()
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ask every worker to end and wait for it; one that does not listen is killed."""
        self._ending.set()
        self._signal(signal.SIGTERM)
        last = time.monotonic() + LONGEST_END
        for thread in self._threads:
            thread.join(timeout=max(last - time.monotonic(), 0.0))
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with self._gate:
            for process in filter(None, self._processes):
                with suppress(ProcessLookupError):
                    os.kill(process, number)

    def _watch(self, place: int) -> None:
        pause = SHORTEST_PAUSE
        while True:
            began = time.monotonic()
            _process, status = os.waitpid(self._processes[place], 0)
            with self._gate:
                self._processes[place] = 0
            if self._ending.is_set():
                return
            if time.monotonic() - began > SETTLED:
                pause = SHORTEST_PAUSE
            code = os.waitstatus_to_exitcode(status)
            log.warning("a worker ended with %d; it starts again in %.0f s", code, pause)
            if self._ending.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)
            with self._gate:
                if self._ending.is_set():
                    return
                self._processes[place] = _spawn()


def _spawn() -> int:
    arguments = [sys.executable, "-c", START, "work", "--parent", str(os.getpid())]
    return os.posix_spawn(sys.executable, arguments, os.environ)
