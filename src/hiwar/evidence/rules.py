"""Who may read the library, who may write in it, and who may know who testified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.models import Guarded
    from hiwar.accounts.rules import Somebody

PERMISSIONS = {
    "evidence.see": _("Read sources, evidence, instruments and media items"),
    "evidence.edit": _("Enter and check sources, evidence, instruments and media items"),
    "evidence.see_private": _("Read who testified, how to reach them and what they agreed to"),
}


def can_see_evidence(user: Somebody) -> bool:
    """Return whether the user may read the library at all."""
    return has_permission(user, "evidence.see")


def can_edit_evidence(user: Somebody) -> bool:
    """Return whether the user may write in the library at all."""
    return has_permission(user, "evidence.edit")


def can_see_private(user: Somebody) -> bool:
    """Return whether the user may know who testified."""
    return has_permission(user, "evidence.see_private")


def can_edit_record(user: Somebody, record: Guarded) -> bool:
    """Return whether the user may change one record of the library."""
    dossier = getattr(record, "dossier", None)
    return (
        can_edit_evidence(user)
        and is_readable_by(user, record)
        and (dossier is None or is_readable_by(user, dossier))
    )
