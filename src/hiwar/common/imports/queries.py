"""Questions about runs: which there are, and whether a file was brought in before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.models import ImportRun

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet


def runs_of(kinds: Iterable[str], subject: UUID | None = None) -> QuerySet[ImportRun]:
    """Return the runs of some kinds into a record, or into none, the latest first."""
    runs = ImportRun.objects.filter(kind__in=list(kinds), subject=subject)
    return runs.defer("content", "report", "journal").order_by("-made_at", "pk")


def same_file(run: ImportRun) -> ImportRun | None:
    """Return the run by which a file of this run was brought in and not undone, or None.

    Where a person says what kind of rows a file holds, it may come in once as each kind.
    """
    marks = {file["sha256"] for file in run.files}
    done = runs_of([run.kind], run.subject).filter(
        state__in=(ImportRun.State.DONE, ImportRun.State.APPLYING, ImportRun.State.UNDOING)
    )
    for other in done.exclude(pk=run.pk):
        is_kind = other.options.get("kind") == run.options.get("kind")
        if is_kind and marks & {file["sha256"] for file in other.files}:
            return other
    return None
