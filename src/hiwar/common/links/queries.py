"""Questions about private links: what a token opens, until when, and how a letter carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from django.db.models import Q

from hiwar.common import dates
from hiwar.common.crypto import plain_digest, unseal
from hiwar.common.links.purposes import address
from hiwar.common.models import PrivateLink

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

# Where a text to be sent names its private link; the address is put in at the hand-over.
PLACEHOLDER = "{link}"


def seal_place(key: UUID) -> str:
    """Return the place for which a link's token is sealed."""
    return f"common.privatelink:{key}"


def token_of(link: PrivateLink) -> str:
    """Return the token of a link; empty once it was forgotten, or where the key is another."""
    sealed = bytes(link.sealed)
    if not sealed:
        return ""
    try:
        token: bytes = unseal(sealed, seal_place(link.pk))
    except InvalidTag:
        return ""
    return token.decode()


def fill_in(text: str, link: PrivateLink, otherwise: str = "") -> str:
    """Return a text with the address of its link; ``otherwise`` where that was forgotten."""
    token = token_of(link)
    return text.replace(PLACEHOLDER, address(link.purpose, token) if token else otherwise)


def find_link(purpose: str, token: str) -> PrivateLink | None:
    """Return the link of this purpose that a token names, closed ones too."""
    return PrivateLink.objects.filter(digest=plain_digest(token), purpose=purpose).first()


def is_open(link: PrivateLink, now: datetime) -> bool:
    """Return whether a link opens at an instant; its last day is one of the place."""
    if link.withdrawn_at is not None:
        return False
    return link.ends_on is None or dates.local_day(now) <= link.ends_on


def open_links(now: datetime) -> QuerySet[PrivateLink]:
    """Return the private links that open at an instant, whatever their purpose."""
    today = dates.local_day(now)
    return PrivateLink.objects.filter(withdrawn_at=None).filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )
