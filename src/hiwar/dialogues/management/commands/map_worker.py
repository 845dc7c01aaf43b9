from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connections
from django.utils import timezone

from hiwar.dialogues import tasks
from hiwar.dialogues.actions import maps
from hiwar.dialogues.queries.results import stale_dialogues

if TYPE_CHECKING:
    from hiwar.dialogues.models import Dialogue

LONGEST_LOOK = 5.0
BETWEEN_TIDYING = 3600.0


@dataclass(slots=True)
class Job:
    """The work on one dialogue, in a process of its own."""

    dialogue: Dialogue
    began: float


class Command(BaseCommand):
    """Keep the opinion maps of running dialogues up to date, each in a process of its own."""

    help = "Follow the votes of running dialogues with opinion maps."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how long, how many and how often."""
        parser.add_argument("--budget", type=float, default=600.0, help="seconds for one map")
        parser.add_argument("--lease", type=float, default=30.0, help="seconds a claim holds")
        parser.add_argument("--jobs", type=int, default=2, help="maps made at the same time")
        parser.add_argument("--pause", type=float, default=0.5, help="seconds between looks")
        parser.add_argument("--once", action="store_true", help="end when nothing is stale")
        parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, start, watch, until told to stop."""
        self.options = options
        self.worker = f"{os.uname().nodename[:20]}-{os.getpid()}-{int(time.time())}"[:40]
        self.lease = timedelta(seconds=options["lease"])
        self.jobs: dict[int, Job] = {}
        self.is_stopping = False
        self.tidied = -BETWEEN_TIDYING
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.is_stopping:
            began = time.monotonic()
            try:
                self._tidy()
                idle = self._look()
            except DatabaseError as error:
                self.stderr.write(f"map worker: {type(error).__name__}")
                connections.close_all()
                idle = False
            if options["parent"] and os.getppid() != options["parent"]:
                break
            if options["once"] and idle:
                break
            # A look at many votes takes time of its own; it never takes more than a fifth of all.
            time.sleep(min(max(options["pause"], 4 * (time.monotonic() - began)), LONGEST_LOOK))
        self._end_all()

    def _stop(self, *_args: object) -> None:
        self.is_stopping = True

    def _tidy(self) -> None:
        """Destroy secrets whose time is over: at the start and then once an hour."""
        if time.monotonic() - self.tidied >= BETWEEN_TIDYING:
            for code in tasks.forget_secrets():
                self.stdout.write(f"map worker: the secret behind receipts of {code} is destroyed")
            self.tidied = time.monotonic()

    def _look(self) -> bool:
        """Watch what runs and start what is stale; return whether there was nothing to do."""
        self._reap()
        now = timezone.now()
        busy = {job.dialogue.pk for job in self.jobs.values()}
        for job in self.jobs.values():
            maps.keep_map(dialogue=job.dialogue, worker=self.worker, now=now, lease=self.lease)
        stale = [one for one in stale_dialogues(now) if one.dialogue.pk not in busy]
        for one in stale[: max(self.options["jobs"] - len(self.jobs), 0)]:
            if maps.claim_map(dialogue=one.dialogue, worker=self.worker, now=now, lease=self.lease):
                self._start(one.dialogue, one.mark)
        return not self.jobs and not stale

    def _start(self, dialogue: Dialogue, mark: str) -> None:
        connections.close_all()  # a connection never crosses into another process
        key = os.fork()
        if key:
            self.jobs[key] = Job(dialogue, time.monotonic())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        code = 1
        try:
            tasks.make_map(dialogue.pk, self.worker, mark, os.getppid())
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        """Take up what ended, and end what takes too long."""
        for key, job in list(self.jobs.items()):
            ended, status = os.waitpid(key, os.WNOHANG)
            late = time.monotonic() - job.began > self.options["budget"]
            if not ended and late:
                os.kill(key, signal.SIGKILL)
                ended, status = os.waitpid(key, 0)
            if ended:
                del self.jobs[key]
                if status:
                    reason = "took too long" if late else f"ended with {status}"
                    maps.fail_map(
                        dialogue=job.dialogue,
                        worker=self.worker,
                        error=reason,
                        now=timezone.now(),
                    )

    def _end_all(self) -> None:
        for key in self.jobs:
            os.kill(key, signal.SIGTERM)
            os.waitpid(key, 0)
        for job in self.jobs.values():
            maps.release_map(dialogue=job.dialogue, worker=self.worker)
        connections.close_all()
