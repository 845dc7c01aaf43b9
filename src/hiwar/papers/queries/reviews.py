"""Reviews of a paper, and where the words of each comment stand now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.engine.blocks import Place, Quote, find_place
from hiwar.papers.models import ReviewComment
from hiwar.papers.queries.outside import sent_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from hiwar.papers.models import Block, Paper, Review

PLACES: dict[Place, _StrPromise] = {
    Place.SAME: _("stands where it stood"),
    Place.MOVED: _("its words moved to another block"),
    Place.CHANGED: _("the text was changed since"),
    Place.GONE: _("its block is gone"),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment with where its words stand now; without a block where that is gone."""

    comment: ReviewComment
    place: Place
    block: Block | None

    @property
    def words(self) -> str:
        """The place in words."""
        return str(PLACES[self.place])

    @property
    def is_lost(self) -> bool:
        """Whether the words are not there any more."""
        return self.place in {Place.CHANGED, Place.GONE}


def reviews_of(paper: Paper) -> QuerySet[Review]:
    """Return the reviews of a paper, the open ones first."""
    reviews = paper.reviews.select_related("reviewer", "asked_by", "private_link").defer("sent")
    return reviews.order_by("finished_at", "due_on", "pk")


def placed_comments(paper: Paper, blocks: Sequence[Block]) -> list[Placed]:
    """Return the comments on a paper with their places, those without an answer first."""
    comments = ReviewComment.objects.filter(review__paper=paper)
    comments = comments.select_related("review__reviewer", "answered_by").defer("review__sent")
    standing = {str(block.pk): block for block in blocks}
    texts: dict[str, dict[str, str]] = {}
    placed = []
    for comment in comments.order_by("written_at", "pk"):
        if comment.language not in texts:
            texts[comment.language] = {
                key: block.texts.get(comment.language, "") for key, block in standing.items()
            }
        quote = Quote(str(comment.block_id), comment.quote, comment.before, comment.after)
        place, key = find_place(quote, texts[comment.language])
        now = standing.get(key)
        if not comment.quote and now is not None and _was_read_before(comment, now):
            place = Place.CHANGED
        placed.append(Placed(comment, place, standing.get(key)))
    return sorted(placed, key=lambda each: bool(each.comment.disposition))


def _was_read_before(comment: ReviewComment, block: Block) -> bool:
    """Return whether somebody from outside read a block whose words were changed since."""
    if comment.review.private_link_id is None or comment.revision == block.revision:
        return False
    read = sent_block(comment.review, str(block.pk))
    return read is None or read["texts"].get(comment.language, "") != block.texts.get(
        comment.language, ""
    )
