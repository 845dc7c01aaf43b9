"""Reviews by named people: asked for, commented, answered one by one, finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.links.actions import withdraw_links
from hiwar.common.models import PrivateLink
from hiwar.common.refusals import Refused
from hiwar.engine.blocks import plain_text, words_of
from hiwar.papers import rules
from hiwar.papers.actions.papers import lock_paper, take_state
from hiwar.papers.actions.telling import tell_outsider
from hiwar.papers.models import Paper, Review, ReviewComment

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.papers.models import Block

NEAR = 5  # words before and after the words that a comment is about


class CannotReview(Refused):
    """A reviewer may read the paper."""

    code = "cannot_review"
    message = _("This person may not read the paper, or is asked already.")


class DayPast(Refused):
    """A review is due on a day to come."""

    code = "day_past"
    message = _("Choose a day that is still to come.")


class QuoteUnknown(Refused):
    """A comment is about words that stand there."""

    code = "quote_unknown"
    message = _("These words do not stand in the block. Copy them exactly, or leave them out.")


class AnswerMissing(Refused):
    """Whoever does not take up a comment says why."""

    code = "answer_missing"
    message = _("Say what became of the comment; where it is not taken up in full, say why.")


@transaction.atomic
def ask_review(*, actor: User, paper: Paper, reviewer: User, due_on: date, now: datetime) -> Review:
    """Ask a colleague to read a paper until a day; the paper is in review from then on.

    Raises ``NotAllowed``, ``PaperClosed``, ``CannotReview`` and ``DayPast``.
    """
    locked = lock_paper(actor=actor, paper=paper)
    is_asked = locked.reviews.filter(reviewer=reviewer, finished_at=None).exists()
    if is_asked or not reviewer.is_active or not rules.can_see_paper(reviewer, locked):
        raise CannotReview
    if due_on < local_day(now):
        raise DayPast
    review = Review.objects.create(
        paper=locked, reviewer=reviewer, due_on=due_on, asked_by=actor, asked_at=now
    )
    audit(actor, "papers.review.ask", review, at=now)
    if locked.state == Paper.State.DRAFT:
        take_state(actor, locked, Paper.State.REVIEW, now)
    return review


@transaction.atomic
def comment_on(
    *, actor: User, review: Review, block: Block, language: str, text: str, quote: str,
    now: datetime,
) -> ReviewComment:  # fmt: skip
    """Comment on words of a block, or on all of it without a quote.

    Raises ``NotAllowed``, ``QuoteUnknown`` and ``ValidationError``.
    """
    if not rules.can_comment_on(actor, review) or block.paper_id != review.paper_id:
        raise NotAllowed
    said = Said(language, text, quote)
    return keep_comment(
        review=review, block=block, revision=block.revision, read=block.texts.get(language, ""),
        said=said, now=now, actor=actor,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A comment in words, in which language, on which words of a block; on all of it without."""

    language: str
    text: str
    quote: str = ""


def keep_comment(
    *, review: Review, block: Block, revision: int, read: str, said: Said, now: datetime,
    actor: User | None,
) -> ReviewComment:  # fmt: skip
    """Keep a comment on a block whose text was ``read``."""
    words, wanted = words_of(read), words_of(said.quote)
    at = next((at for at in range(len(words)) if words[at : at + len(wanted)] == wanted), None)
    if wanted and at is None:
        raise QuoteUnknown
    start = at or 0
    comment = ReviewComment(
        review=review, block=block, revision=revision, language=said.language,
        quote=plain_text(wanted), text=said.text.strip(), written_at=now,
        before=plain_text(words[max(0, start - NEAR) : start])[-200:] if wanted else "",
        after=plain_text(words[start + len(wanted) : start + len(wanted) + NEAR])[:200]
        if wanted else "",
    )  # fmt: skip
    comment.full_clean()
    comment.save()
    audit(actor, "papers.review.comment", review, at=now)
    return comment


@transaction.atomic
def answer_comment(
    *, actor: User, comment: ReviewComment, disposition: str, answer: str, now: datetime
) -> None:
    """Say what became of a comment; its reviewer reads it.

    Raises ``NotAllowed``, ``PaperClosed`` and ``AnswerMissing``.
    """
    lock_paper(actor=actor, paper=comment.review.paper)
    kinds = ReviewComment.Disposition
    owes = disposition in {kinds.IN_PART, kinds.NOT_TAKEN_UP}
    if disposition not in kinds.values or (owes and not answer.strip()):
        raise AnswerMissing
    comment.disposition, comment.answer = disposition, answer.strip()
    comment.answered_by, comment.answered_at = actor, now
    comment.full_clean()
    comment.save()
    audit(actor, "papers.review.answer", comment.review, at=now)
    tell_outsider(comment.review, actor, now)


@transaction.atomic
def finish_review(*, actor: User, review: Review, verdict: str, now: datetime) -> None:
    """End a review: by its reviewer with what they think, or by who writes, without.

    The private link of somebody from outside ends with it when who writes ends it.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    locked = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    is_own = rules.can_comment_on(actor, locked)
    if not is_own and not rules.can_edit_paper(actor, locked.paper):
        raise NotAllowed
    if locked.finished_at is None:
        locked.finished_at, locked.verdict = now, verdict.strip() if is_own else ""
        locked.full_clean(validate_constraints=False)
        locked.save(update_fields=["finished_at", "verdict"])
        if locked.private_link_id is not None:
            withdraw_links(links=PrivateLink.objects.filter(pk=locked.private_link_id), now=now)
        audit(actor, "papers.review.finish", locked, at=now)
        tell_outsider(locked, actor, now)
