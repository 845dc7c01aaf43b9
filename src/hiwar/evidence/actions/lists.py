"""Lists of sources and of media items, written as one step and taken back as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_records, remove_records
from hiwar.evidence import rules
from hiwar.evidence.models import MediaItem, Source
from hiwar.evidence.queries.search_documents import document_of_media_item, document_of_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from hiwar.common.imports import Plan
    from hiwar.common.imports import Source as Sent
    from hiwar.common.models import ImportRun
    from hiwar.common.search.sources import Document

Row = TypeVar("Row", Source, MediaItem)
AT_ONCE = 200


class ListInUse(Refused):
    """Something of a list is cited, looked at or changed by now."""

    code = "list_in_use"
    message = _(
        "Something of this list is cited, was looked at or changed since. Nothing was undone."
    )


@transaction.atomic
def apply_sources(*, source: Sent, plan: Plan) -> dict[str, Any]:
    """Write the sources of a list; raises ``NotAllowed`` and ``ValidationError``."""
    return _apply(source, plan, Source, "evidence.source", document_of_source)


@transaction.atomic
def undo_sources(*, run: ImportRun, **_step: object) -> None:
    """Take the sources of a list out again; raises ``ListInUse``."""
    _undo(run, Source, "evidence.source")


@transaction.atomic
def apply_media(*, source: Sent, plan: Plan) -> dict[str, Any]:
    """Write the media items of a list; raises ``NotAllowed`` and ``ValidationError``."""
    return _apply(source, plan, MediaItem, "evidence.media", document_of_media_item)


@transaction.atomic
def undo_media(*, run: ImportRun, **_step: object) -> None:
    """Take the media items of a list out again; raises ``ListInUse``."""
    _undo(run, MediaItem, "evidence.media")


def _apply(
    sent: Sent, plan: Plan, model: type[Row], kind: str, document_of: Callable[[Row], Document]
) -> dict[str, Any]:
    if not rules.can_edit_evidence(sent.actor):
        raise NotAllowed
    values = plan.data
    assert isinstance(values, list)  # noqa: S101 -- as the plan of the list made it
    records = [
        model(
            **row, owner=sent.actor, added_by=sent.actor, added_at=sent.now, import_run=sent.run
        )
        for row in values
    ]  # fmt: skip
    for record in records:
        record.clean_fields()
    model._default_manager.bulk_create(records, batch_size=AT_ONCE)
    index_records(kind, map(document_of, records))
    return {"count": len(records)}


def _undo(run: ImportRun, model: type[Row], kind: str) -> None:
    records = model._default_manager.filter(import_run=run).select_for_update().order_by("pk")
    keys = list(records.values_list("pk", flat=True))
    # Writing a list leaves no entry for each record: whatever there is, a person did since.
    label = model._meta.label_lower
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        if AuditEntry.objects.filter(object__in=[f"{label}:{key}" for key in some]).exists():
            raise ListInUse
        for relation in model._meta.get_fields(include_hidden=True):
            if relation.auto_created and not relation.concrete and relation.related_model:
                _refuse_used(relation, some)
        model._default_manager.filter(pk__in=some).delete()
    remove_records(kind, keys)


def _refuse_used(relation: Any, keys: list[Any]) -> None:
    names = {f"{relation.field.name}__in": keys}
    if relation.related_model._default_manager.filter(**names).exists():
        raise ListInUse
