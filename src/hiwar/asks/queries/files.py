"""Files that came with answers: who may read one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from hiwar.asks.models import AnswerFile
from hiwar.asks.queries.positions import asks_for
from hiwar.common.files import FileKind
from hiwar.common.files.types import DOCX, PDF, PNG

if TYPE_CHECKING:
    from hiwar.asks.models import Addressee
    from hiwar.common.models import StoredFile


def may_read_answer_file(reader: Any, file: StoredFile) -> bool:
    """Return whether somebody may read a file of an answer: who may read its ask."""
    rows = AnswerFile.objects.filter(
        file=file, answer__addressee__ask__in=asks_for(reader).order_by()
    )
    return rows.exists()


def sent_bytes(addressee: Addressee) -> int:
    """Return how many bytes came as files with the answers of an addressee."""
    rows = AnswerFile.objects.filter(answer__addressee=addressee)
    total: int | None = rows.aggregate(total=Sum("file__size"))["total"]
    return total or 0


ANSWER_FILE = FileKind(
    "asks.answer_file", may_read_answer_file, frozenset([PDF, DOCX, PNG]), size=10 << 20,
    is_sealed=True,
)  # fmt: skip
