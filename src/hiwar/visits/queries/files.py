"""Printed packs in the one store of files: sealed, since telephones and diets stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.common.files import FileKind
from hiwar.common.files.types import PDF
from hiwar.visits import rules
from hiwar.visits.models import PackFile
from hiwar.visits.queries.desk import visits_for

if TYPE_CHECKING:
    from hiwar.common.models import StoredFile

CODE = "visits.pack"


def may_read_pack(reader: Any, file: StoredFile) -> bool:
    """Return whether somebody may read a printed pack: whoever sees its visit at the desk."""
    if not rules.can_see_visits(reader):
        return False
    return PackFile.objects.filter(file=file, build__visit__in=visits_for(reader)).exists()


KIND = FileKind(CODE, may_read_pack, frozenset([PDF]), size=100 << 20, is_sealed=True)
