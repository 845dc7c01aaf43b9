"""Printed joint statements in the one store of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.common.files import FileKind
from hiwar.common.files.types import PDF
from hiwar.dossiers.models import JointPrint

if TYPE_CHECKING:
    from hiwar.common.models import StoredFile

CODE = "dossiers.print"


def may_read_print(_reader: Any, file: StoredFile) -> bool:
    """Return whether anybody may read a print: everybody that of what is published and stands."""
    row = JointPrint.objects.filter(file=file).select_related("text__statement").first()
    return (
        row is not None
        and row.text.published_at is not None
        and row.text.statement.withdrawn_at is None
    )


KIND = FileKind(CODE, may_read_print, frozenset([PDF]), size=40 << 20)
