"""Files kept with comments, opened on record, and destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.files.actions import erase_file, erase_files, stage_file, store_file
from hiwar.common.refusals import Refused
from hiwar.legislation import rules
from hiwar.legislation.actions.consultations import NotOpen
from hiwar.legislation.models import Comment, CommentFile
from hiwar.legislation.queries.comment_files import (
    ADDED,
    MOST_FILES,
    MOST_SENT_BYTES,
    SENT,
    may_open_comment_file,
    sent_bytes,
)

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.common.files.uploads import SentFile
    from hiwar.common.models import StoredFile


class EnoughFiles(Refused):
    """A comment has as many files as it may have."""

    code = "enough_files"
    message = _("A comment has three files at most. Take one out first.")


class ConsultationFull(Refused):
    """Authors have sent as many bytes as a consultation holds."""

    code = "consultation_full"
    message = _(
        "This consultation takes no more files. Your comment is kept; say in words what is in it."
    )


def send_comment_file(*, comment: Comment, sent: SentFile, now: datetime) -> CommentFile:
    """Keep a file that the author of a comment sends, while comments are taken.

    The same file sent twice is kept once. Raises ``NotOpen``, ``EnoughFiles``,
    ``ConsultationFull`` and what ``stage_file`` raises; nothing is put before the first three
    were asked.
    """
    _need_room(comment, len(sent.content), now)
    file = stage_file(kind=SENT, name=sent.name, content=sent.content, now=now)
    return _note_file(actor=None, comment=comment, file=file, now=now)


def add_comment_file(
    *, actor: User, comment: Comment, sent: SentFile, now: datetime
) -> CommentFile:  # fmt: skip
    """Keep a file that came on paper or by mail with a comment.

    Raises ``NotAllowed``, ``EnoughFiles`` and what ``stage_file`` raises.
    """
    _need_editor(actor, comment)
    if comment.files.count() >= MOST_FILES:
        raise EnoughFiles
    file = stage_file(kind=ADDED, name=sent.name, content=sent.content, now=now)
    return _note_file(actor=actor, comment=comment, file=file, now=now)


@transaction.atomic
def _note_file(
    *, actor: User | None, comment: Comment, file: StoredFile, now: datetime
) -> CommentFile:
    locked = Comment.objects.select_for_update().get(pk=comment.pk)
    there = locked.files.filter(file__sha256=file.sha256).first()
    if there is not None:
        # The bytes that were put have no row and are swept away.
        return there
    if actor is None:
        _need_room(locked, file.size, now)
    if locked.files.count() >= MOST_FILES:
        raise EnoughFiles
    store_file(actor=actor, file=file, now=now)
    row = CommentFile.objects.create(
        comment=locked, file=file, added_by=actor, added_at=file.made_at
    )
    _record(actor, "attach", row, now)
    return row


@transaction.atomic
def open_comment_file(*, actor: User, row: CommentFile, now: datetime) -> StoredFile:
    """Return the file to give out, and record who opened it. Raises ``NotAllowed``."""
    if not may_open_comment_file(actor, row.file):
        raise NotAllowed
    _record(actor, "open_file", row, now)
    return row.file


@transaction.atomic
def take_back_comment_file(*, row: CommentFile, now: datetime) -> None:
    """Destroy a file that the author takes back while comments are taken.

    Raises ``NotOpen``, and ``NotAllowed`` for one that was added at the desk.
    """
    if row.added_by_id is not None:
        raise NotAllowed
    if row.comment.consultation.state(now) != "open":
        raise NotOpen
    _destroy(None, row, now)


@transaction.atomic
def erase_comment_file(*, actor: User, row: CommentFile, now: datetime) -> None:
    """Destroy a file of a comment, row and bytes. Raises ``NotAllowed``."""
    _need_editor(actor, row.comment)
    _destroy(actor, row, now)


@transaction.atomic
def erase_files_of(
    *, actor: User | None, comments: QuerySet[Comment], now: datetime
) -> int:  # fmt: skip
    """Destroy the files of comments that are about to go; return how many."""
    rows = CommentFile.objects.filter(comment__in=comments.order_by())
    keys = list(rows.values_list("file", flat=True))
    rows.delete()
    return erase_files(actor=actor, keys=keys, now=now)


def _destroy(actor: User | None, row: CommentFile, now: datetime) -> None:
    file = row.file
    _record(actor, "detach", row, now)
    row.delete()
    erase_file(actor=actor, file=file, now=now)


def _record(actor: User | None, verb: str, row: CommentFile, now: datetime) -> None:
    """Note what staff do; what an author does has its day in the row, and no hour in the log."""
    if actor is None:
        return
    comment = row.comment
    audit(actor, f"legislation.comment.{verb}", comment.consultation.law, at=now, changed={
        f"comment {comment.number}": ["", row.file.sha256],
    })  # fmt: skip


def _need_room(comment: Comment, size: int, now: datetime) -> None:
    consultation = comment.consultation
    if consultation.state(now) != "open":
        raise NotOpen
    if comment.files.count() >= MOST_FILES:
        raise EnoughFiles
    if sent_bytes(consultation) + size > MOST_SENT_BYTES:
        raise ConsultationFull


def _need_editor(actor: User, comment: Comment) -> None:
    consultation = comment.consultation
    if not (
        rules.can_edit_law(actor, consultation.law)
        and is_readable_by(actor, consultation.version)
    ):  # fmt: skip
        raise NotAllowed
