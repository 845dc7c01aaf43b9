from __future__ import annotations

from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.backup.sealing import DamagedError, WrongKeyError
from hiwar.common.management.commands.backup import secret_of
from hiwar.common.management.commands.restore import say_what_follows
from hiwar.common.moving.arriving import arrive
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import reindex


class Command(BaseCommand):
    """Bring an export of a whole house into an empty installation."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Bring everything of another house into an empty one; nothing is sent until let_in."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the ZIP or the folder, and the file of what opens its sealed part."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--key-file", type=Path, metavar="FILE")

    def handle(self, *_args: Any, path: Path, key_file: Path | None, **_options: Any) -> None:
        """Bring in, compare and say what is to be done next."""
        if not path.exists():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        secret = secret_of(key_file) or getpass(_("Passphrase or private key: "))
        try:
            manifest = arrive(path=path, secret=secret, connection=connection)
        except WrongKeyError as error:
            raise CommandError(
                _("This passphrase or key does not open the sealed part; nothing was changed.")
            ) from error
        except DamagedError as error:
            raise CommandError(
                _("This is no export of a house, or it is damaged; nothing was changed.")
            ) from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        reindex()
        self.stdout.write(
            _("Brought in and compared: %(rows)d rows of %(tables)d tables.")
            % {"rows": manifest.rows, "tables": len(manifest.tables)}
        )
        say_what_follows(self.stdout)
