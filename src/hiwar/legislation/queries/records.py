"""The text keys of what this room hangs on a dossier, by which the log names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.queries import references_of
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier


def records_in(user: User, dossier: Dossier) -> list[str]:
    """Return the keys of what hangs on a dossier and that a user may read."""
    return references_of(laws_for(user).filter(dossier=dossier))
