"""Files with comments: what is taken from whom, how much, and who opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from hiwar.accounts.models import User
from hiwar.common.files import FileKind
from hiwar.common.files.types import DOCX, JPEG, ODT, PDF, PNG, TEXT, WEBP, XLSX
from hiwar.legislation import rules
from hiwar.legislation.models import CommentFile

if TYPE_CHECKING:
    from hiwar.common.models import StoredFile
    from hiwar.legislation.models import Comment, Consultation

# What an author sends, and what came on paper or by mail and is added at the desk.
SENT, ADDED = "legislation.comment_file", "legislation.comment_scan"
MOST_FILES = 3
MOST_SENT_BYTES = 512 << 20


def may_open_comment_file(reader: Any, file: StoredFile) -> bool:
    """Return whether somebody may open a file: whoever may look at the private details beside it.

    Nobody has looked for these in a file, so it is never for everybody, whatever the comment is.
    """
    if not isinstance(reader, User):
        return False
    rows = CommentFile.objects.filter(file=file).select_related(
        "comment__consultation__law__dossier", "comment__consultation__version__law__dossier"
    )
    return any(
        rules.can_edit_law(reader, row.comment.consultation.law)
        and rules.can_read_version(reader, row.comment.consultation.version)
        for row in rows
    )


_TYPES = frozenset([PDF, DOCX, ODT, XLSX, PNG, JPEG, WEBP, TEXT])
SENT_KIND = FileKind(
    SENT, may_open_comment_file, _TYPES, size=1 << 20, is_sealed=True, is_of_strangers=True
)
ADDED_KIND = FileKind(ADDED, may_open_comment_file, _TYPES, is_sealed=True)


def files_of(comment: Comment) -> list[CommentFile]:
    """Return the files of a comment, in the order in which they came."""
    return list(comment.files.select_related("file").order_by("added_at", "pk"))


def sent_bytes(consultation: Consultation) -> int:
    """Return how many bytes authors have sent to a consultation as files."""
    rows = CommentFile.objects.filter(comment__consultation=consultation, added_by=None)
    total: int | None = rows.aggregate(total=Sum("file__size"))["total"]
    return total or 0
