"""Questions about what came in; only who answers for the house may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.channels import rules
from hiwar.channels.models import InboundMessage

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody

MOST_AT_ONCE = 500


def arrived() -> list[UUID]:
    """Return the keys of what was kept and not read yet, in the order it came."""
    waiting = InboundMessage.objects.filter(state=InboundMessage.State.ARRIVED)
    keys = waiting.order_by("received_at", "pk").values_list("pk", flat=True)
    return list(keys[:MOST_AT_ONCE])


def inbox(user: Somebody, *, state: str = InboundMessage.State.OPEN) -> QuerySet[InboundMessage]:
    """Return what people wrote that a person must look at, the oldest first."""
    if not rules.can_answer(user):
        return InboundMessage.objects.none()
    messages = InboundMessage.objects.filter(state=state).select_related("owner", "answers")
    return messages.order_by("received_at", "pk")
