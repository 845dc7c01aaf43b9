"""A letter of an issue of the newsletter, as it is handed over: its words with its own way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.channels.actions.issues import WAY_OUT
from hiwar.channels.exports.mail import way_out
from hiwar.channels.models import IssueCopy, Message
from hiwar.channels.queries.subscribers import NEWSLETTER
from hiwar.common.post import Content, Purpose

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise


def compose_copy(key: UUID, _recipient: str, _at: datetime) -> Content | None:
    """Return what a letter of an issue says; None where its issue is gone."""
    copy = IssueCopy.objects.select_related("sending").filter(message=key).first()
    words = copy.sending.words.get(copy.language) if copy is not None else None
    if copy is None or words is None:
        return None
    return Content(
        copy.language, words["subject"], words["text"], html=words["html"],
        secrets={WAY_OUT: way_out(Message(pk=key))},
    )  # fmt: skip


def purpose(label: str | _StrPromise) -> Purpose:
    """Return the purpose of issues: bulk, composed at hand-over, forgotten once settled."""
    return Purpose(NEWSLETTER, label, is_bulk=True, forgets_at_once=True, compose=compose_copy)
