from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hiwar.accounts.actions.demo import remove_demo, remove_parts


class Command(BaseCommand):
    """Remove the demonstration with one command."""

    help = "Remove the demonstration, people and institution too; roles and the audit log stay."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Remove and say how much."""
        removed = remove_parts(folder=settings.DEMO_FOLDER) + remove_demo()
        self.stdout.write(f"demo: {removed} records removed")
