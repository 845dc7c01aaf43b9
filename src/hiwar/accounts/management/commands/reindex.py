from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hiwar.common.search.indexing import reindex


class Command(BaseCommand):
    """Write the full-text index anew, from what the rooms hold; safe to run at any time."""

    help = "Write the full-text index anew: all of it, or the kinds that are named."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the kinds."""
        parser.add_argument("kinds", nargs="*", help="for example dossiers.dossier")

    def handle(self, *_args: Any, kinds: list[str], **_options: Any) -> None:
        """Do it and say how many documents there are of each kind."""
        for kind, count in reindex(kinds).items():
            self.stdout.write(f"{kind}: {count}")
