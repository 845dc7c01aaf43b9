"""What comments on drafts hold on whoever wrote them, and how it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.rules import can_erase_people
from hiwar.common.dates import local_day
from hiwar.common.links.queries import find_link
from hiwar.common.models import PrivateLink
from hiwar.common.personal.actions import empty_runs, erase
from hiwar.common.personal.holdings import Holding, Subject
from hiwar.common.personal.retention import KeepingClass
from hiwar.legislation import rules
from hiwar.legislation.actions.answer_letters import letter_of
from hiwar.legislation.actions.comment_files import erase_files_of
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.consultations import BY_LINK, comment_behind_link, contact_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody
    from hiwar.common.models import Erasure
    from hiwar.common.personal.holdings import Traces

COMMENT = "legislation.comment"
SHORTEST = 3
# How long an address waits for an answer that nobody gives.
DAYS = 365


@transaction.atomic
def erase_own_comment(*, comment: Comment, now: datetime) -> Erasure:
    """Erase a comment at the wish of whoever holds its private link."""
    keys = [str(comment.pk)]
    return erase(actor=None, kind=COMMENT, keys=keys, now=now, is_own_wish=True)


def _records(comment: Comment, traces: Traces) -> list[Comment]:
    """Return the comment alone: anybody may have given the same name or address."""
    traces.know(str(comment.pk), comment.pk.hex)
    traces.know_typed(comment.name, contact_of(comment))
    traces.documents.add(letter_of(comment))  # under this key its letter was handed in
    return [comment]


def _known_by(user: User, text: str) -> Iterator[Comment]:
    """Yield the comments that an address, a name, a reference or their private link stands for."""
    words = text.strip()
    if len(words) < SHORTEST:
        return
    token = words.rstrip("/").rpartition("/")[2]
    link = find_link(BY_LINK, token)
    behind = comment_behind_link(link) if link is not None else None
    named = Q(name__iexact=words) | Q(reference__iexact=words)
    if behind is not None:
        named |= Q(pk=behind.pk)
    comments = Comment.objects.select_related("consultation__law__dossier").order_by("pk")
    for comment in comments.filter(named):
        if _may(user, comment):
            yield comment
    if "@" in words:
        for comment in comments.exclude(contact=b"").exclude(named):
            if contact_of(comment).casefold() == words.casefold() and _may(user, comment):
                yield comment


def _may(user: Somebody, comment: Comment | None) -> bool:
    return can_erase_people(user) and (
        comment is None or rules.can_read_law(user, comment.consultation.law)
    )


def _name(comment: Comment) -> str:
    return " · ".join(filter(None, (comment.name, str(comment), str(comment.consultation))))


def _erase(traces: Traces) -> None:
    """Destroy the comments with files and links; what we proposed on their ground is ours."""
    comments = Comment.objects.filter(pk__in=traces.keys)
    erase_files_of(actor=None, comments=comments, now=traces.now)
    links = [key for key in comments.values_list("link", flat=True) if key is not None]
    runs = comments.exclude(import_run=None).values_list("import_run", flat=True)
    empty_runs(traces, list(runs))
    traces.drop(comments)
    traces.drop(PrivateLink.objects.filter(pk__in=links))


@transaction.atomic
def forget_unanswered(*, now: datetime) -> int:
    """Forget addresses for an answer that nobody gave in time; return how many."""
    before = local_day(now) - timedelta(days=DAYS)
    waiting = Comment.objects.filter(consultation__closes_on__lt=before).exclude(contact=b"")
    PrivateLink.objects.filter(pk__in=waiting.values("link")).exclude(sealed=b"").update(sealed=b"")
    return waiting.update(contact=b"")


SUBJECT = Subject(
    code=COMMENT,
    label=_("somebody who commented on a draft law"),
    may=_may,
    name=_name,
    records=_records,
    effects=(
        _("The comment goes with its files, its private link and the letter with its answer."),
        _("Counts and letters of the consultation are made without it."),
        _("A proposal that was made on its ground stays, in our words."),
        _("A list that it came in with can no longer be undone."),
    ),
    look_up=_known_by,
    home=lambda comment: reverse(
        "legislation:comment", args=[comment.consultation_id, comment.number]
    ),
)
HOLDING = Holding(
    COMMENT,
    "legislation",
    (
        "legislation.Comment", "legislation.CommentFile", "common.StoredFile",
        "common.PrivateLink", "common.ImportRun",
    ),
    _erase,
)  # fmt: skip
KEPT = (
    KeepingClass(
        "legislation.contacts",
        _("sealed addresses for an answer to a comment; earlier, when the answer has left"),
        _("from the end of the consultation"),
        lambda: DAYS,
        forget_unanswered,
    ),
)
