from __future__ import annotations

from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.backup.restoring import KEY_FILE, restore
from hiwar.common.backup.sealing import DamagedError, WrongKeyError
from hiwar.common.management.commands.backup import secret_of
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import reindex


class Command(BaseCommand):
    """Put a backup into an empty installation."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Put a backup into an empty installation; nothing is sent until let_in."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and the file of what opens it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key-file", type=Path, metavar="FILE")

    def handle(self, *_args: Any, file: Path, key_file: Path | None, **_options: Any) -> None:
        """Restore, compare and say what is to be done next."""
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        secret = secret_of(key_file) or getpass(_("Passphrase or private key: "))
        try:
            manifest = restore(path=file, secret=secret, connection=connection)
        except WrongKeyError as error:
            raise CommandError(
                _("This passphrase or key does not open the backup; nothing was changed.")
            ) from error
        except DamagedError as error:
            raise CommandError(
                _("This file is no backup, or it was damaged or cut off; nothing was changed.")
            ) from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        reindex()
        self.stdout.write(
            _("Restored and compared: %(rows)d rows of %(tables)d tables, %(files)d files.")
            % {
                "rows": manifest.rows,
                "tables": len(manifest.tables),
                "files": len(manifest.files),
            }
        )
        say_what_follows(self.stdout)


def say_what_follows(stdout: OutputWrapper) -> None:
    """Say what is to be done before a house that was brought in can be served and send."""
    keys = settings.DATA / KEY_FILE
    if keys.exists():
        stdout.write(
            _("Before it can be served, put the keys of %(path)s into the settings.")
            % {"path": keys}
        )
    stdout.write(_("Everybody signs in anew. Nothing is sent or read until: hiwar let_in"))
