"""What a private link opens, and how much of a programme its holder may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.sealing import plain_digest
from hiwar.visits.models import ShareLink, Traveller

if TYPE_CHECKING:
    from hiwar.visits.models import Visit


def find_link(token: str, kind: str) -> ShareLink | None:
    """Return the link behind a token, closed ones too."""
    found = ShareLink.objects.filter(digest=plain_digest(token), kind=kind)
    return found.select_related("visit", "traveller", "colleague").first()


def variant_of(link: ShareLink) -> str:
    """Return which variant of the programme the holder of a link reads."""
    if link.traveller is None:
        return str(Traveller.Variant.STAFF)
    return link.traveller.variant


def state_mark(visit: Visit) -> str:
    """Return a mark that changes whenever what a link shows changes."""
    items = visit.items.order_by("event__code").values_list("event__code", "event__sequence",
                                                            "event__modified_at")  # fmt: skip
    return plain_digest(f"{visit.version}|{visit.state}|{list(items)}")[:16]
