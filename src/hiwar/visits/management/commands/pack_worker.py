from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connections
from django.utils import timezone

from hiwar.dossiers.actions import prints
from hiwar.dossiers.tasks import make_print
from hiwar.visits import tasks
from hiwar.visits.actions import packs, travellers

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = 24 * 3600


class Command(BaseCommand):
    """Print packs and joint statements, and delete travel documents whose day has come."""

    help = "Print packs and joint statements in the background; delete travel documents by date."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often to look, and when to end."""
        parser.add_argument("--pause", type=float, default=1.0, help="seconds between looks")
        parser.add_argument("--lease", type=float, default=120.0, help="seconds a claim holds")
        parser.add_argument("--once", action="store_true", help="end when nothing waits")
        parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, make, sleep, until told to stop."""
        self.worker = f"{os.uname().nodename[:20]}-{os.getpid()}-{int(time.time())}"[:40]
        self.lease = timedelta(seconds=options["lease"])
        self.is_stopping = False
        self.tidied = 0.0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.is_stopping:
            try:
                made = self._look()
            except DatabaseError as error:
                self.stderr.write(f"pack worker: {type(error).__name__}")
                connections.close_all()
                made = True
            if options["parent"] and os.getppid() != options["parent"]:
                break
            if options["once"] and not made:
                break
            time.sleep(options["pause"])
        connections.close_all()

    def _stop(self, *_args: object) -> None:
        self.is_stopping = True

    def _look(self) -> bool:
        """Make the pack that has waited longest; return whether there was one."""
        if time.monotonic() - self.tidied > DAY or not self.tidied:
            self.tidied = time.monotonic()
            travellers.delete_due_documents(today=timezone.localdate())
        build = packs.claim_pack(worker=self.worker, now=timezone.now(), lease=self.lease)
        if build is not None:
            status = self._make(lambda: tasks.make_pack(build.pk, self.worker, self.lease))
            if status:
                packs.fail_pack(
                    build=build, worker=self.worker, error=f"ended with {status}",
                    now=timezone.now(),
                )  # fmt: skip
            return True
        return self._look_for_statement()

    def _look_for_statement(self) -> bool:
        """Print the joint statement that has waited longest; return whether there was one."""
        wanted = prints.claim_print(worker=self.worker, now=timezone.now(), lease=self.lease)
        if wanted is None:
            return False
        status = self._make(lambda: make_print(wanted.pk, self.worker))
        if status:
            prints.fail_print(
                print_=wanted, worker=self.worker, error=f"ended with {status}",
                now=timezone.now(),
            )  # fmt: skip
        return True

    def _make(self, make: Callable[[], None]) -> int:
        """Make it in a process of its own, so that the memory of printing is given back."""
        connections.close_all()  # a connection never crosses into another process
        key = os.fork()
        if not key:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            code = 1
            try:
                make()
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        _key, status = os.waitpid(key, 0)
        return status
