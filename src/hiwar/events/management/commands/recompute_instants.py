from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hiwar.events import tasks


class Command(BaseCommand):
    """List what new zone data moved; wall times stay, calendars follow."""

    help = "Read the times of coming events with the zone data installed now; list what moved."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print a line for each event whose instant moved."""
        lines = tasks.recompute()
        for line in lines:
            self.stdout.write(line)
        self.stdout.write(f"events: {len(lines)} moved")
