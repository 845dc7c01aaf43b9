from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hiwar.common.jobs.worker import Worker


class Command(BaseCommand):
    """Work through the queue of jobs, as every server does by itself."""

    help = "Work through the queue of jobs and the duties; the server starts this by itself."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many at a time, and when to end."""
        parser.add_argument(
            "--places", type=int, default=settings.WORKER_PLACES, help="jobs at the same time"
        )
        parser.add_argument("--once", action="store_true", help="end when nothing is ready")
        parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")

    def handle(self, *_args: Any, places: int, once: bool, parent: int, **_options: Any) -> None:
        """Work until told to stop."""
        Worker(places=places, parent=parent, once=once).work()
