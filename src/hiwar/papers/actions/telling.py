"""Letters to reviewers from outside: the request with its link, and what became of comments."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.utils.translation import gettext, override, pgettext_lazy

from hiwar.accounts.queries import institution_name
from hiwar.common import dates, post
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import PLACEHOLDER
from hiwar.papers.queries.outside import REVIEW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.papers.models import Review

REQUEST = post.Purpose(REVIEW, pgettext_lazy("purpose", "request to review"))
ANSWERS = post.Purpose("papers.answers", pgettext_lazy("purpose", "what became of a review"))
SPACE = UUID("0f2cf0f5-7a0e-4d4b-9f3e-6a4f0b8b0d62")


def ask_outsider(review: Review, token: str, actor: User, now: datetime) -> None:
    """Send a reviewer from outside their link, where they have an address."""
    if not review.email:
        return
    with override(review.language):
        title = _title(review)
        subject = gettext("Please read: %(title)s") % {"title": title}
        text = gettext(
            "To %(name)s\n\nWe ask you to read a draft and to comment on it until %(day)s:\n"
            "%(title)s\n\nRead it here:\n%(link)s\n\nThe link is for you alone and needs no"
            " account. It is a draft: please pass nothing of it on.\n%(house)s"
        ) % {
            "name": review.outsider, "day": dates.day(review.due_on), "title": title,
            "link": PLACEHOLDER, "house": institution_name(review.language),
        }  # fmt: skip
    secrets = {PLACEHOLDER: address(REVIEW, token)}
    words = subject, text
    _post(review, review.pk, REQUEST.code, words, actor=actor, now=now, secrets=secrets)


def tell_outsider(review: Review, actor: User, now: datetime) -> None:
    """Tell a reviewer from outside what became of all their comments, once, within an action."""
    if review.private_link_id is None or review.told_at or review.finished_at is None:
        return
    comments = list(review.comments.order_by("written_at", "pk"))
    if not comments or any(not comment.disposition for comment in comments):
        return
    review.told_at = now
    review.save(update_fields=["told_at"])
    if not review.email:
        return
    with override(review.language):
        title = _title(review)
        subject = gettext("What became of your comments: %(title)s") % {"title": title}
        lines = [gettext("To %(name)s") % {"name": review.outsider}, "", title, ""]
        for comment in comments:
            became = str(comment.get_disposition_display())
            lines += [comment.text, f"→ {became}" + (
                f": {comment.answer}" if comment.answer else ""), ""]  # fmt: skip
        lines += [gettext("Thank you."), institution_name(review.language)]
    key = uuid5(SPACE, str(review.pk))
    words = subject, "\n".join(lines)
    _post(review, key, ANSWERS.code, words, actor=actor, now=now, secrets={})


def _title(review: Review) -> str:
    title = review.paper.title
    return title.in_language(review.language) or str(title)


def _post(
    review: Review, key: UUID, purpose: str, words: tuple[str, str], *, actor: User, now: datetime,
    secrets: Mapping[str, str],
) -> None:  # fmt: skip
    subject, text = words
    post.post(
        post.Draft(
            key=key, purpose=purpose, language=review.language, recipient=review.email,
            subject=" ".join(subject.split())[: post.LONGEST_SUBJECT], text=text,
            secrets=secrets, actor=actor.pk,
        ),
        at=now,
    )  # fmt: skip
