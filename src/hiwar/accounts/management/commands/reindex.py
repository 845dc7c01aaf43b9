from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from hiwar.common.search.indexing import reindex
from hiwar.common.search.sources import sources


class Command(BaseCommand):
    """Write the full-text index anew, from what the rooms hold; safe to run at any time."""

    help = "Write the full-text index anew: all of it, or the kinds that are named."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the kinds."""
        parser.add_argument("kinds", nargs="*", help="for example dossiers.dossier")

    def handle(self, *_args: Any, kinds: list[str], **_options: Any) -> None:
        """Do it and say how many documents there are of each kind."""
        known = sorted(source.kind for source in sources())
        unknown = [kind for kind in kinds if kind not in known]
        if unknown:
            raise CommandError(
                _("Nothing is indexed under %(unknown)s. There are: %(known)s.")
                % {"unknown": ", ".join(unknown), "known": ", ".join(known)}
            )
        for kind, count in reindex(kinds).items():
            self.stdout.write(f"{kind}: {count}")
