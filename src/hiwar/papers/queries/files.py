"""The files of frozen texts in the one store: what is kept, and who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.common.files import FileKind
from hiwar.common.files.types import DOCX, PDF
from hiwar.papers import rules
from hiwar.papers.models import PaperFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.common.models import StoredFile
    from hiwar.papers.models import PaperVersion

CODE = "papers.file"


def may_read_file(reader: Any, file: StoredFile) -> bool:
    """Return whether somebody may read a file: everybody one of what is published and stands."""
    row = PaperFile.objects.filter(file=file).select_related("version__paper__dossier").first()
    if row is None:
        return False
    is_public = row.version.published_at is not None and row.version.withdrawn_at is None
    return is_public or rules.can_see_paper(reader, row.version.paper)


KIND = FileKind(CODE, may_read_file, frozenset([PDF, DOCX]), size=40 << 20)


def files_of(version: PaperVersion) -> QuerySet[PaperFile]:
    """Return the files of a version, by language and form."""
    return version.files.select_related("file").order_by("language", "-form")


def made_files(version: PaperVersion) -> list[PaperFile]:
    """Return the files of a version that are made; none of a withdrawn one."""
    if version.withdrawn_at:
        return []
    return list(files_of(version).filter(state=PaperFile.State.DONE, file__isnull=False))


def file_of(version: PaperVersion, language: str, form: str) -> PaperFile | None:
    """Return a file of a version that is made, or None."""
    done = files_of(version).filter(state=PaperFile.State.DONE, file__isnull=False)
    return done.filter(language=language, form=form).first()


def waiting_files() -> QuerySet[PaperFile]:
    """Return the files that are asked for and not made, the first asked for first."""
    waiting = PaperFile.objects.filter(state=PaperFile.State.WAITING)
    return waiting.order_by("asked_at", "pk")
