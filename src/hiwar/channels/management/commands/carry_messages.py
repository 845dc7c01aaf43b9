from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hiwar.channels import tasks


class Command(BaseCommand):
    """Hand over what is due and take in what came; safe to run again."""

    help = "Hand over the messages that are due, and read the mailbox."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do both and say how much."""
        sent, came = tasks.send_due(), tasks.receive()
        self.stdout.write(f"mail: {sent} handed over, {came} came in")
