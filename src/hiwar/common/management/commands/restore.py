from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.backup.restoring import restore
from hiwar.common.management.bringing import BringingCommand

if TYPE_CHECKING:
    from pathlib import Path

    from hiwar.common.backup.archive import Manifest


class Command(BringingCommand):
    """Put a backup into an empty installation."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Put a backup into an empty installation; nothing is sent until let_in."
    )
    wrong_key = gettext_lazy(
        "This passphrase or key does not open the backup; nothing was changed."
    )
    damaged = gettext_lazy(
        "This file is no backup, or it was damaged or cut off; nothing was changed."
    )
    needs_list = True

    def bring(self, path: Path, secret: str, erased: Path | None) -> Manifest:
        """Restore and compare."""
        return restore(path=path, secret=secret, connection=connection, erased=erased)

    def told(self, manifest: Manifest) -> str:
        """Count rows, tables and files."""
        return _("Restored and compared: %(rows)d rows of %(tables)d tables, %(files)d files.") % {
            "rows": manifest.rows,
            "tables": len(manifest.tables),
            "files": len(manifest.files),
        }
