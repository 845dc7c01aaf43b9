from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hiwar.events import tasks


class Command(BaseCommand):
    """Write reminders and thanks, and forget needs; safe to run again."""

    help = "Put one reminder before and one letter after each event into the outbox, delete needs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it and say how much."""
        written, deleted = tasks.tend()
        self.stdout.write(f"events: {written} letters in the outbox, needs of {deleted} deleted")
