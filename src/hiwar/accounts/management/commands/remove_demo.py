from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hiwar.accounts.actions.demo import remove_demo


class Command(BaseCommand):
    """Remove the demonstration with one command."""

    help = "Remove the demonstration's people and institution; roles and the audit log stay."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Remove and say how much."""
        self.stdout.write(f"demo: {remove_demo()} records removed")
