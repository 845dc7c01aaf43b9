from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.management.bringing import BringingCommand
from hiwar.common.moving.arriving import arrive

if TYPE_CHECKING:
    from pathlib import Path

    from hiwar.common.backup.archive import Manifest


class Command(BringingCommand):
    """Bring an export of a whole house into an empty installation."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Bring everything of another house into an empty one; nothing is sent until let_in."
    )
    wrong_key = gettext_lazy(
        "This passphrase or key does not open the sealed part; nothing was changed."
    )
    damaged = gettext_lazy("This is no export of a house, or it is damaged; nothing was changed.")
    needs_list = False

    def bring(self, path: Path, secret: str, erased: Path | None) -> Manifest:
        """Bring in and compare."""
        return arrive(path=path, secret=secret, connection=connection, erased=erased)

    def told(self, manifest: Manifest) -> str:
        """Count rows and tables."""
        return _("Brought in and compared: %(rows)d rows of %(tables)d tables.") % {
            "rows": manifest.rows,
            "tables": len(manifest.tables),
        }
