"""Letters to those who commented on a draft: what became of their comment."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import institution_name
from hiwar.common import post
from hiwar.common.links.actions import forget_tokens
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import PLACEHOLDER, token_of
from hiwar.common.models import PrivateLink
from hiwar.legislation.models import Comment, Consultation
from hiwar.legislation.queries.consultations import BY_LINK, contact_of

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.common.mailings import Portion
    from hiwar.legislation.models import Law

ANSWER = post.Purpose("legislation.answer", _("What became of a comment"), is_sealed=True)
ANSWER_SPACE = UUID("6a0c5f0e-95a8-4e52-8f0a-1d6a0a3f2b77")
MAILING = "legislation.answers"


@transaction.atomic
def write_portion(*, portion: Portion) -> int:
    """Write to a portion of the authors with an address, and forget it; return how many are left.

    The letters carry no sending: each has its own text, which is looked at comment by comment.
    """
    consultation = Consultation.objects.select_related("law").get(pk=portion.subject)
    waiting = consultation.comments.exclude(contact=b"").order_by("number")
    comments = list(waiting.select_related("link")[: portion.most])
    for comment in comments:
        _tell(comment, consultation.law, portion.batch.made_by, portion.at)
    forget_tokens(links=PrivateLink.objects.filter(pk__in=[c.link_id for c in comments]))
    Comment.objects.filter(pk__in=[c.pk for c in comments]).update(contact=b"")
    return waiting.count()


def letter_of(comment: Comment) -> UUID:
    """Return the key under which the letter with the answer to a comment is handed in."""
    return uuid5(ANSWER_SPACE, str(comment.pk))


def _tell(comment: Comment, law: Law, actor: UUID, now: datetime) -> None:
    recipient = contact_of(comment)
    token = token_of(comment.link) if comment.link else ""
    if not (recipient and token):
        return
    with override(comment.language):
        title = law.title.in_language(comment.language)
        text = gettext(
            "You commented on: %(title)s\n\nHow your comment was answered stands here:\n%(link)s"
            "\n\n"
            "Your address is not kept; you will get no further letter about this.\n%(house)s"
        ) % {
            "title": title, "link": PLACEHOLDER,
            "house": institution_name(comment.language),
        }  # fmt: skip
        subject = gettext("What became of your comment: %(title)s") % {"title": title}
    post.post(
        post.Draft(
            key=letter_of(comment), purpose=ANSWER.code,
            language=comment.language, recipient=recipient,
            subject=" ".join(subject.split())[:300], text=text,
            secrets={PLACEHOLDER: address(BY_LINK, token)}, actor=actor,
        ),
        at=now,
    )  # fmt: skip
