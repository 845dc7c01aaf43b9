"""The documents as the database keeps them: written by rooms' actions, in their transaction."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.common.models import SearchDocument
from hiwar.common.search.folding import FOLD_VERSION, fold
from hiwar.common.search.sources import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from hiwar.common.search.sources import Document, Source

_AT_ONCE = 500
# PostgreSQL keeps no longer vector; what stands after this much of a text is not found.
_LONGEST = 200_000
_WRITTEN = ["title", "body", "folded_title", "folded_body", "audience", "version"]


def index_record(kind: str, document: Document) -> None:
    """Let a record be found by what it holds now; call it in the action that changed the record."""
    _write(kind, [document])


def index_records(kind: str, documents: Iterable[Document]) -> None:
    """Let many records be found by what they hold now, some hundred in one statement."""
    for batch in _batches(documents):
        _write(kind, batch)


def remove_records(kind: str, records: Iterable[UUID]) -> None:
    """Let many records be found no more."""
    keys = list(records)
    for at in range(0, len(keys), _AT_ONCE):
        SearchDocument.objects.filter(kind=kind, record__in=keys[at : at + _AT_ONCE]).delete()


def remove_record(kind: str, record: UUID) -> None:
    """Let a record be found no more; call it in the action that took it away."""
    SearchDocument.objects.filter(kind=kind, record=record).delete()


@transaction.atomic
def reindex(kinds: Iterable[str] = ()) -> dict[str, int]:
    """Write every document of these kinds, or of all, anew; return how many there are of each.

    Records that a room offers no more are forgotten, and so are kinds that no room offers.
    """
    wished = set(kinds)
    offered = [source for source in sources() if not wished or source.kind in wished]
    if not wished:
        SearchDocument.objects.exclude(kind__in=[source.kind for source in offered]).delete()
    return {source.kind: _reindex(source) for source in offered}


def is_stale() -> bool:
    """Return whether the index is empty or was made by another version of `fold`."""
    documents = SearchDocument.objects
    return not documents.exists() or documents.exclude(version=FOLD_VERSION).exists()


def _reindex(source: Source) -> int:
    SearchDocument.objects.filter(kind=source.kind).delete()
    count = 0
    for documents in _batches(source.documents()):
        _write(source.kind, documents)
        count += len(documents)
    return count


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch


def _write(kind: str, documents: list[Document]) -> None:
    SearchDocument.objects.bulk_create(
        [
            SearchDocument(
                kind=kind,
                record=document.record,
                title=document.title,
                body=document.body,
                folded_title=fold("\n".join(document.title.values())),
                folded_body=fold("\n".join(document.body.values()))[:_LONGEST],
                audience=document.audience,
                version=FOLD_VERSION,
            )
            for document in documents
        ],
        update_conflicts=True,
        unique_fields=["kind", "record"],
        update_fields=_WRITTEN,
    )
