from __future__ import annotations

from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.accounts.actions.house_exports import SHORTEST, PassphraseTooShort, note_export
from hiwar.common.backup.archive import opened_for_me
from hiwar.common.backup.rows import snapshot
from hiwar.common.management.bringing import secret_of
from hiwar.common.management.writing import refuse_there, written_whole
from hiwar.common.moving.leaving import leave
from hiwar.common.moving.packing import FolderSink, ZipSink


class Command(BaseCommand):
    """Write everything of the house out in open formats, as a ZIP or a folder."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Write everything in open formats into a ZIP (a name that ends in .zip) or a new folder."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, and the passphrase of what is sealed in it."""
        parser.add_argument("to", type=Path)
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE")

    def handle(self, *_args: Any, to: Path, passphrase_file: Path | None, **_more: Any) -> None:
        """Write it beside its name first, so that it is whole or not there."""
        refuse_there(to)
        passphrase = secret_of(passphrase_file)
        if not passphrase:
            passphrase = getpass(_("Passphrase for what is secret in it: "))
        if len(passphrase.strip()) < SHORTEST:
            raise CommandError(str(PassphraseTooShort()))
        now = timezone.now()
        with written_whole(to) as part:
            ways: Any = {
                "scratch": part.with_suffix(".inner"), "recipients": settings.BACKUP_RECIPIENTS,
                "passphrase": passphrase, "now": now,
            }  # fmt: skip
            with snapshot(connection) as reader:
                if to.suffix.lower() == ".zip":
                    with opened_for_me(part) as target:
                        sink = ZipSink(target)
                        manifest = leave(sink, reader=reader, **ways)
                        sink.close()
                else:
                    manifest = leave(FolderSink(part), reader=reader, **ways)
        rows = sum(count for count, _checksum in manifest["tables"].values())
        size = sum(size for size, _digest in manifest["members"].values())
        note_export(rows=rows, size=size, now=now)
        self.stdout.write(
            _("%(path)s: %(rows)d rows of %(tables)d tables lie open, %(files)d files.")
            % {
                "path": to, "rows": rows, "tables": len(manifest["tables"]),
                "files": len(manifest["files"]),
            }
        )  # fmt: skip
        for key in manifest["damaged"]:
            self.stdout.write(_("A kept file is damaged or gone: %(key)s") % {"key": key})
        self.stdout.write(
            _("Almost everything can be read in it: keep it on an encrypted disk. Open index.html.")
        )
