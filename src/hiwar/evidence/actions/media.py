"""Media items: what was published on what the institution works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.search.indexing import index_record
from hiwar.evidence import rules
from hiwar.evidence.models import MediaItem
from hiwar.evidence.queries.search_documents import document_of_media_item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User

KIND = "evidence.media"
FIELDS = (
    "code", "published_on", "outlet", "medium", "language", "headline", "topic",
    "tone", "cites_institution", "reach", "url", "dossier", "visibility",
)  # fmt: skip


@transaction.atomic
def add_media_item(
    *, actor: User, values: Mapping[str, Any], now: datetime, is_demo: bool = False
) -> MediaItem:
    """Enter a media item; ``values`` has fields by name, those of ``FIELDS``.

    Raises ``NotAllowed`` and ``ValidationError``, also where the code is there.
    """
    item = MediaItem(
        **{name: values[name] for name in FIELDS if name in values},
        owner=actor, added_by=actor, added_at=now, is_demo=is_demo,
    )  # fmt: skip
    may = rules.can_edit_evidence(actor)
    if not may or (item.dossier is not None and not is_readable_by(actor, item.dossier)):
        raise NotAllowed
    item.full_clean()
    item.save()
    index_record(KIND, document_of_media_item(item))
    audit(actor, "evidence.mediaitem.add", item, at=now)
    return item


@transaction.atomic
def update_media_item(
    *, actor: User, item: MediaItem, values: Mapping[str, Any], now: datetime
) -> None:
    """Change what is known of a media item; raises ``NotAllowed`` and ``ValidationError``."""
    if not rules.can_edit_record(actor, item):
        raise NotAllowed
    dossier = values.get("dossier")
    if dossier is not None and not is_readable_by(actor, dossier):
        raise NotAllowed
    changes = {name: values[name] for name in FIELDS if name in values}
    if update_record(actor=actor, record=item, changes=changes, at=now):
        index_record(KIND, document_of_media_item(item))
