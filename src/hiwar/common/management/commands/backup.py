from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.backup.copying import back_up, drop_old, is_due
from hiwar.common.backup.sealing import new_pair
from hiwar.common.management.bringing import secret_of
from hiwar.common.refusals import Refused


class Command(BaseCommand):
    """Write everything into one encrypted file, while people vote."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Write everything, keys too, into one encrypted file, while people work."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, and how it is opened again."""
        parser.add_argument("--to", type=Path, default=settings.BACKUP_TO, metavar="FOLDER")
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE")
        parser.add_argument("--new-key", action="store_true")
        parser.add_argument("--by-itself", action="store_true")

    def handle(self, *_args: Any, to: Path, new_key: bool, **options: Any) -> None:
        """Make a pair of keys, or a backup; say what is in it."""
        if new_key:
            public, private = new_pair()
            every = ",".join([*settings.BACKUP_RECIPIENTS, public])
            self.stdout.write(_("Private key: on paper, into the safe, not onto this machine:"))
            self.stdout.write(f"  {private}")
            self.stdout.write(_("Public key, for the settings, beside those that stand there:"))
            self.stdout.write(f"  HIWAR_BACKUP_RECIPIENTS={every}")
            return
        if options["by_itself"] and not is_due(settings.BACKUP_TO):
            return
        try:
            backup = back_up(
                folder=to,
                recipients=settings.BACKUP_RECIPIENTS,
                passphrase=secret_of(options["passphrase_file"]),
                now=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if options["by_itself"]:
            drop_old(folder=to, now=timezone.now())
        self.stdout.write(
            _("%(path)s: %(rows)d rows, %(files)d files, the keys; %(size)d bytes")
            % {
                "path": backup.path,
                "rows": backup.manifest.rows,
                "files": len(backup.manifest.files),
                "size": backup.size,
            }
        )
        self.stdout.write(
            _("It was opened again and is whole.")
            if backup.was_opened
            else _("Only the private key opens it: try hiwar restore on another machine.")
        )
