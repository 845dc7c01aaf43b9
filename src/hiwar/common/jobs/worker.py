"""The worker: one process that looks, and a process of its own for each job it runs."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import (
    DatabaseError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connections,
)
from django.utils import timezone

from hiwar.common.disk import LEAST_FOR_SLOW, has_room
from hiwar.common.jobs import queue
from hiwar.common.jobs.bell import Bell
from hiwar.common.jobs.current import ClaimLost, running
from hiwar.common.jobs.registry import SLOW, options_of, watches
from hiwar.common.jobs.supervisor import end_with_parent
from hiwar.common.jobs.words import KILLED, TOO_LONG
from hiwar.common.models import Worker as WorkerRow

if TYPE_CHECKING:
    from uuid import UUID

    from django_tasks_db.models import DBTaskResult

log = logging.getLogger("hiwar.jobs")

BEAT = 10.0
LONGEST_SLEEP, SHORTEST_SLEEP = 1.0, 0.1
LONGEST_END = 1.5
BETWEEN_LOOKS = 5.0
BETWEEN_CLOCKS = 15.0
LONGEST_WATCH, AFTER_TROUBLE = 5.0, 30.0


def node_name() -> str:
    """Return a name that this data folder keeps, so that nodes with one host name differ."""
    path = settings.DATA / "node"
    with suppress(OSError):
        if not path.exists():
            path.write_text(f"{os.uname().nodename[:20]}-{secrets.token_hex(4)}", "ascii")
        return str(path.read_text("ascii").strip()[:40])
    return os.uname().nodename[:40]


def run(row: DBTaskResult[Any, Any], worker: str) -> bool:
    """Run a claimed job in this process and keep what came of it; return whether it was done."""
    try:
        with running(row.pk, worker):
            row.task.call(*row.args_kwargs["args"])
    except ClaimLost:
        return False
    except Exception as error:  # noqa: BLE001 -- whatever breaks one job must not break the others
        log.warning("%s failed: %s", row.task_path, type(error).__name__)
        queue.fail(key=row.pk, worker=worker, error=error, now=timezone.now())
        return False
    return queue.finish(key=row.pk, worker=worker, now=timezone.now())


def work_off(limit: int = 1000) -> list[str]:
    """Run what is ready one after the other in this process; return the tasks that were done."""
    done = []
    for _ in range(limit):
        row = queue.claim(worker="here", now=timezone.now())
        if row is None:
            break
        if run(row, "here"):
            done.append(row.task_path)
    return done


@dataclass(slots=True)
class Running:
    """A job in a process of its own."""

    key: UUID
    path: str
    is_slow: bool
    ends: float
    is_late: bool = False


class Worker:
    """Looks for jobs, runs each in a process of its own, and takes back what others left.

    A job's memory is given back when its process ends, a fault in it takes nothing else along, and
    one that hangs is ended.

    Parameters
    ----------
    places : int
        How many jobs run at the same time.
    parent : int
        End when this process is gone; 0 for nobody's child.
    once : bool
        End when nothing is ready.
    """

    def __init__(self, *, places: int, parent: int = 0, once: bool = False) -> None:
        self.node = node_name()
        self.name = f"{self.node}-{os.getpid()}-{secrets.token_hex(3)}"[:64]
        self.places = max(places, 1)
        self.parent = parent
        self.once = once
        self.jobs: dict[int, Running] = {}
        self.is_stopping = False
        self.trouble = ""
        self.bell = Bell()
        self.next_beat = self.next_clock = self.next_look = 0.0
        self.next_watch = dict.fromkeys(range(len(watches())), 0.0)

    def work(self) -> None:
        """Work until told to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        if self.parent:
            end_with_parent(signal.SIGTERM)
        log.info("worker %s starts with %d places", self.name, self.places)
        while not self.is_stopping and (not self.parent or os.getppid() == self.parent):
            try:
                idle = self._round()
            except DatabaseError as error:
                self._tell_trouble("the database", error)
                connections.close_all()
                idle = False
                time.sleep(LONGEST_SLEEP)
            if self.once and idle:
                break
            if self.bell.wait(SHORTEST_SLEEP if self.jobs else LONGEST_SLEEP):
                self.next_look = 0.0
        self._end()

    def _stop(self, *_args: object) -> None:
        self.is_stopping = True

    def _round(self) -> bool:
        """Do what is due; return whether there was nothing to do."""
        close_old_connections()
        moment = time.monotonic()
        if moment >= self.next_beat:
            now = timezone.now()
            is_first = not self.next_beat
            self.next_beat = moment + BEAT
            queue.beat(worker=self.name, node=self.node, process=os.getpid(), now=now)
            queue.reap(now=now, dead=self._ended_here() if is_first else ())
            held = [job.key for job in self.jobs.values()]
            queue.take_back(worker=self.name, held=held, now=now)
        if self._collect():
            self.next_look = 0.0
        if moment >= self.next_clock:
            self.next_clock = moment + BETWEEN_CLOCKS
            if queue.start_duties(now=timezone.now()):
                self.next_look = 0.0
        self._watch()
        if time.monotonic() < self.next_look:
            return False
        while len(self.jobs) < self.places and self._take():
            pass
        # Full or empty, nothing is missed: an end and a ring both look again at once.
        self.next_look = time.monotonic() + BETWEEN_LOOKS
        return not self.jobs

    def _take(self) -> bool:
        slow = sum(job.is_slow for job in self.jobs.values())
        is_last = self.places > 1 and slow >= self.places - 1
        # What is left of a disk that fills belongs to votes.
        is_last = is_last or not has_room(LEAST_FOR_SLOW)
        row = queue.claim(worker=self.name, without_slow=is_last, now=timezone.now())
        if row is not None:
            self._start(row)
        return row is not None

    def _watch(self) -> None:
        for number, seen in enumerate(watches()):
            began = time.monotonic()
            if began < self.next_watch.get(number, 0.0):
                continue
            now = timezone.now()
            try:
                for wish in seen.look(now):
                    queue.enqueue(wish.name, *wish.args, key=wish.key, now=now)
                    self.next_look = 0.0
            except Exception as error:  # noqa: BLE001 -- one watch must not hold up all work
                self._tell_trouble(f"{seen.look.__module__}.{seen.look.__qualname__}", error)
                connections.close_all()
                self.next_watch[number] = time.monotonic() + AFTER_TROUBLE
                continue
            # A look at much data takes time of its own; it never takes more than a fifth of all.
            took = time.monotonic() - began
            rest = min(max(seen.every.total_seconds(), 4 * took), LONGEST_WATCH)
            self.next_watch[number] = time.monotonic() + rest

    def _tell_trouble(self, where: str, error: Exception) -> None:
        """Write a line when trouble begins or changes, not at each look."""
        report = f"{where}: {type(error).__name__}"
        if isinstance(error, OperationalError | ProgrammingError):
            # Names a table or a server; the text of other faults may hold values.
            report = f"{report}: {str(error).splitlines()[0] if str(error) else ''}"
        if report != self.trouble:
            log.warning("worker: %s", report)
            self.trouble = report

    def _ended_here(self) -> tuple[str, ...]:
        """Return workers of this data folder whose process is gone."""
        rows = WorkerRow.objects.filter(node=self.node).exclude(name=self.name)
        return tuple(row.name for row in rows if _is_gone(row.process))

    def _start(self, row: DBTaskResult[Any, Any]) -> None:
        connections.close_all()  # a connection never crosses into another process
        budget = options_of(row.task_path).budget.total_seconds()
        process = os.fork()
        if process:
            is_slow = row.queue_name == SLOW
            self.jobs[process] = Running(row.pk, row.task_path, is_slow, time.monotonic() + budget)
            return
        code = 1
        try:
            end_with_parent(signal.SIGKILL)
            # Ctrl-C reaches every process of a terminal; the worker decides what ends.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self.bell.close()
            run(row, self.name)
            code = 0
        finally:
            with suppress(Exception):
                sys.stderr.flush()
            os._exit(code)

    def _collect(self) -> bool:
        """Take up what ended, and end what takes too long; return whether a place came free."""
        before = len(self.jobs)
        for process, job in list(self.jobs.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            if not ended and time.monotonic() > job.ends:
                job.is_late = True
                os.kill(process, signal.SIGKILL)
                ended, status = os.waitpid(process, 0)
            if not ended:
                continue
            del self.jobs[process]
            if status:
                reason = TOO_LONG if job.is_late else f"{KILLED} {status}"
                log.warning("%s %s", job.path, reason)
                queue.fail(key=job.key, worker=self.name, error=reason, now=timezone.now())
        return len(self.jobs) < before

    def _end(self) -> None:
        patience = time.monotonic() + LONGEST_END
        while self.jobs and time.monotonic() < patience:
            with suppress(DatabaseError):
                self._collect()
            time.sleep(SHORTEST_SLEEP / 2)
        for process in self.jobs:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        with suppress(DatabaseError):
            for job in self.jobs.values():
                queue.release(key=job.key, worker=self.name, now=timezone.now())
            queue.leave(worker=self.name)
        connections.close_all()
        self.bell.close()


def _is_gone(process: int) -> bool:
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
