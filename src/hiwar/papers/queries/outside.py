"""Reviews by people from outside: what a private link opens, and the draft that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.papers.models import Review

if TYPE_CHECKING:
    from hiwar.common.models import PrivateLink

REVIEW = "papers.review"


def review_behind(link: PrivateLink) -> Review | None:
    """Return the review that a private link opens."""
    reviews = Review.objects.select_related("paper", "private_link")
    return reviews.filter(private_link=link).first()


def sent_block(review: Review, key: str) -> dict[str, Any] | None:
    """Return a block of the draft that was sent, by its key; None for one that was not in it."""
    blocks: list[dict[str, Any]] = review.sent.get("blocks", [])
    return next((block for block in blocks if block["key"] == key), None)
