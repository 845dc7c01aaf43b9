"""The copies of sources in the one store: what is kept, and who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.common.files import FileKind
from hiwar.common.files.types import DOCX, HTML, JPEG, ODS, ODT, PDF, PNG, TEXT, WEBP, XLSX
from hiwar.evidence.models import SourceCopy
from hiwar.evidence.queries.library import sources_for

if TYPE_CHECKING:
    from hiwar.common.models import StoredFile

COPY = "evidence.copy"


def may_read_copy(reader: Any, file: StoredFile) -> bool:
    """Return whether somebody may read a copy: whoever may read its source."""
    sources = sources_for(reader).order_by()
    return SourceCopy.objects.filter(file=file, source__in=sources).exists()


KIND = FileKind(
    COPY, may_read_copy,
    frozenset([PDF, PNG, JPEG, WEBP, DOCX, XLSX, ODT, ODS, TEXT, HTML]),
)  # fmt: skip
