from __future__ import annotations

import json
import signal
import sys
from getpass import getpass
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.common.backup import proving
from hiwar.common.backup.restoring import restore
from hiwar.common.backup.sealing import DamagedError, WrongKeyError
from hiwar.common.jobs.supervisor import end_with_parent
from hiwar.common.management.bringing import list_beside, secret_of, who_went_again
from hiwar.common.refusals import Refused


class Command(BaseCommand):
    """Restore a backup into a folder of its own, compare it, say what was proved, destroy it."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Prove a backup: restore it beside the house, compare, destroy what was restored."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the newest where none is named, and what opens it."""
        parser.add_argument("path", type=Path, nargs="?")
        parser.add_argument("--key-file", type=Path, metavar="FILE")
        parser.add_argument("--erased", type=Path, metavar="FILE")
        parser.add_argument("--without-erasures", action="store_true")
        parser.add_argument("--here", action="store_true")

    def handle(
        self, *_args: Any, path: Path | None, key_file: Path | None, here: bool, **options: Any
    ) -> None:
        """Prove, and say it in one sentence; ``here`` is what happens inside of the folder."""
        try:
            path = path or proving.newest(settings.BACKUP_TO)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        erased = None
        if not options["without_erasures"]:
            erased = list_beside(path, options["erased"], is_needed=True)
        secret = secret_of(key_file) or getpass(_("Passphrase or private key: "))
        if here:
            self._restore_here(path, secret, erased)
            return
        try:
            proof = proving.prove(path=path, secret=secret, erased=erased, now=timezone.now())
        except WrongKeyError as error:
            raise CommandError(_("This passphrase or key does not open the backup.")) from error
        except DamagedError as error:
            text = _("This file is no backup, or it was damaged or cut off: it proves nothing.")
            raise CommandError(text) from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(told(proof))

    def _restore_here(self, path: Path, secret: str, erased: Path | None) -> None:
        """Fill the empty house of this process's settings, and tell what came of it."""
        end_with_parent(signal.SIGKILL)
        try:
            call_command("prepare", stdout=StringIO())
            restore(path=path, secret=secret, connection=connection, erased=erased)
            gone = who_went_again() if erased is not None else 0
            answer: dict[str, int | str] = {"erased": gone, "pages": proving.open_pages()}
        except Refused as refused:
            answer = {"refused": str(refused)}
        self.stdout.write(json.dumps(answer))
        sys.stdout.flush()


def told(proof: proving.Proof) -> str:
    """Return in one sentence what was proved, and in another who went again."""
    sentence = _(
        "Proved: %(name)s opens and came back equal, by count and checksum: rows %(rows)d, tables"
        " %(tables)d, files %(files)d; pages opened: %(pages)d. What was restored is destroyed."
    ) % {
        "name": proof.path.name, "rows": proof.rows, "tables": proof.tables,
        "files": proof.files, "pages": proof.pages,
    }  # fmt: skip
    if not proof.erased:
        return sentence
    again = ngettext(
        "%(n)d person who had been erased went again.",
        "%(n)d people who had been erased went again.",
        proof.erased,
    ) % {"n": proof.erased}
    return f"{sentence} {again}"
