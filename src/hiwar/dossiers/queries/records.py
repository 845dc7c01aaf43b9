"""The text keys of what a dossier holds, by which the log names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.queries import references_of
from hiwar.dossiers.models import Document, Fact, NextStep
from hiwar.dossiers.queries.barriers import readable_barriers
from hiwar.dossiers.queries.extension_points import registered_records
from hiwar.dossiers.queries.joint import readable_statements

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier


def records_of(user: User, dossier: Dossier) -> list[str]:
    """Return the keys of a dossier, its parts, and what rooms above hang on it, as a user may read.

    The dossier itself is one that the user may read.
    """
    keys = [dossier.reference]
    for model in (Fact, Document, NextStep):
        keys += references_of(model._default_manager.filter(dossier=dossier))
    keys += references_of(readable_barriers(user).filter(dossier=dossier))
    keys += references_of(readable_statements(user).filter(dossier=dossier))
    return keys + registered_records(user, dossier)
