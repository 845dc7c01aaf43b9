"""A disk that fills: what waits so that votes go on, and how a fault of a full disk is told."""

from __future__ import annotations

import errno
import shutil

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Of the disk. Below the first, no files are taken and packs, maps and backups wait; below the
# second, a node is not ready.
LEAST_FOR_SLOW, LEAST = 0.05, 0.02
FULL = frozenset([errno.ENOSPC, errno.EDQUOT])
FULL_IN_POSTGRES = "53100"


def has_room(least: float = LEAST) -> bool:
    """Tell whether more than a share of the disk with the data is free."""
    usage = shutil.disk_usage(settings.DATA)
    return usage.free > least * usage.total


def need_room(_file: object) -> None:
    """Refuse a file that somebody sends while the disk runs full: files are shed first, votes last.

    A validator of every field that takes a file; the form comes back with what was written.
    """
    if not has_room(LEAST_FOR_SLOW):
        raise ValidationError(
            _("The disk is nearly full, so that no files are taken now. What you wrote is here."),
            code="no_room",
        )


def is_full(error: BaseException | None) -> bool:
    """Tell whether a fault, or what caused it, says that there is no room on a disk."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if getattr(error, "sqlstate", "") == FULL_IN_POSTGRES:
            return True
        if "database or disk is full" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
