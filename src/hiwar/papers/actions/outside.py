"""Reviewers from outside: sent a draft by private link, commenting on it, finishing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.links.actions import LinkClosed, lock_open_link, make_link, mark_used
from hiwar.papers.actions.papers import lock_paper, take_state
from hiwar.papers.actions.reviews import DayPast, QuoteUnknown, Said, keep_comment
from hiwar.papers.actions.telling import ask_outsider, tell_outsider
from hiwar.papers.models import Block, Paper, Review
from hiwar.papers.queries.content import content_of
from hiwar.papers.queries.outside import REVIEW, sent_block

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.papers.models import ReviewComment

# A link shows what became of comments for some time after the last day.
LINK_OUTLIVES = timedelta(days=60)


@transaction.atomic
def send_for_review(
    *, actor: User, paper: Paper, outsider: str, email: str, language: str, due_on: date,
    now: datetime,
) -> tuple[Review, str]:  # fmt: skip
    """Send somebody from outside the draft as it stands; return the review with its token.

    The draft that was sent is kept. With an address the link leaves by mail. Raises
    ``NotAllowed``, ``PaperClosed``, ``DayPast`` and ``ValidationError``.
    """
    locked = lock_paper(actor=actor, paper=paper)
    if due_on < local_day(now):
        raise DayPast
    sent = content_of(locked, 0, {}, now)
    revisions = Block.objects.filter(paper=locked, deleted_at=None).values_list("pk", "revision")
    sent["revisions"] = {str(key): revision for key, revision in revisions}
    link, token = make_link(purpose=REVIEW, now=now, ends_on=due_on + LINK_OUTLIVES, is_sealed=True)
    review = Review(
        paper=locked, outsider=outsider.strip(), email=email.strip(), language=language,
        sent=sent, private_link=link, due_on=due_on, asked_by=actor, asked_at=now,
    )  # fmt: skip
    review.full_clean()
    review.save()
    ask_outsider(review, token, actor, now)
    audit(actor, "papers.review.ask", review, at=now)
    if locked.state == Paper.State.DRAFT:
        take_state(actor, locked, Paper.State.REVIEW, now)
    return review, token


@transaction.atomic
def comment_by_link(*, review: Review, block: str, said: Said, now: datetime) -> ReviewComment:
    """Comment on a block of the draft that was sent, which may have changed since.

    Raises ``LinkClosed``, ``QuoteUnknown`` and ``ValidationError``.
    """
    locked = _open_review(review, now)
    read = sent_block(locked, block)
    row = Block.objects.filter(pk=block, paper=locked.paper_id).first() if read else None
    if read is None or row is None:
        raise QuoteUnknown
    return keep_comment(
        review=locked, block=row, revision=locked.sent["revisions"].get(block, row.revision),
        read=read["texts"].get(said.language, ""), said=said, now=now, actor=None,
    )  # fmt: skip


@transaction.atomic
def finish_by_link(*, review: Review, verdict: str, now: datetime) -> None:
    """Finish a review by its link; the link then shows what became of the comments.

    Raises ``LinkClosed`` and ``ValidationError``.
    """
    locked = _open_review(review, now)
    locked.finished_at, locked.verdict = now, verdict.strip()
    locked.full_clean(validate_constraints=False)
    locked.save(update_fields=["finished_at", "verdict"])
    audit(None, "papers.review.finish", locked, at=now)
    # Every comment may have been answered before.
    tell_outsider(locked, locked.asked_by, now)


def _open_review(review: Review, now: datetime) -> Review:
    """Hold a review that is not finished, behind a link that opens."""
    locked = Review.objects.select_for_update(of=("self",)).select_related(
        "paper", "private_link", "asked_by"
    ).get(pk=review.pk)  # fmt: skip
    if locked.private_link is None or locked.finished_at is not None:
        raise LinkClosed
    mark_used(link=lock_open_link(locked.private_link, now), now=now)
    return locked
