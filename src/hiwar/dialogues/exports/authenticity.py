"""By what published results are known to be true: the key of each log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.dialogues.actions.publications import public_log_key
from hiwar.dialogues.queries.home_page import published_results
from hiwar.engine.ledger.notes import key_text

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.dialogues.models import Publication


@dataclass(frozen=True, slots=True)
class SignedResults:
    """A published version of results with the key by which its file is checked, as text."""

    publication: Publication
    key: str


def signed_results(now: datetime) -> list[SignedResults]:
    """Return the results that everybody reads with the key of the log of each, newest first."""
    signed = []
    for publication in published_results(now):
        code, version = publication.dialogue.code, publication.version
        key = public_log_key(f"{settings.LOG_NAME}/{code}/{version}")
        if key is not None and publication.bundle_hash:
            signed.append(SignedResults(publication, key_text(key)))
    return signed
