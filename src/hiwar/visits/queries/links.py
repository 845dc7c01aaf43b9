"""What a private link opens, and how much of a programme its holder may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.crypto import plain_digest
from hiwar.common.models import PrivateLink
from hiwar.visits.models import ShareLink, Traveller

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.visits.models import Visit

PROGRAMME, FEEDBACK = "visits.programme", "visits.feedback"


def share_link_behind(link: PrivateLink) -> ShareLink | None:
    """Return what a private link opens of a visit."""
    links = ShareLink.objects.select_related("visit", "traveller", "colleague", "private_link")
    return links.filter(private_link=link).first()


def private_links_of(visit: Visit) -> QuerySet[PrivateLink]:
    """Return every private link that was made for a visit."""
    return PrivateLink.objects.filter(pk__in=visit.links.order_by().values("private_link"))


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
