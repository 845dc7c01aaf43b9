"""What the ground floor keeps for a time."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hiwar.common.personal.retention import KeepingClass

KEPT = (
    KeepingClass(
        "common.previews",
        _("files that were looked at and not brought in"),
        _("from the look"),
        lambda: 1,
        duty="common.destroy_undecided_imports",
    ),
    KeepingClass(
        "common.imports",
        _("rows of files that were brought in, sealed, for undoing"),
        _("from the day they were brought in"),
        lambda: 365,
        duty="common.destroy_undecided_imports",
    ),
    KeepingClass(
        "common.backups",
        _("encrypted backups of the house"),
        _("from the night they were made"),
        lambda: settings.BACKUP_DAYS,
        duty="common.back_up",
    ),
)
