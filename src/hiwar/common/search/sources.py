"""What rooms offer to full text, and what a reader may see of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    Reader = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found of one record: title and text in each of its languages.

    ``audience`` is a code of the room's own, for filters that need no look at the record.
    """

    record: UUID
    title: Mapping[str, str]
    body: Mapping[str, str] = field(default_factory=dict)
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of record that can be found.

    ``may_see`` returns a condition on the columns of ``SearchDocument``, usually what
    ``seen_among`` makes, or None for a reader who may see nothing of this kind. ``documents``
    yields every record's document, for ``reindex``.
    """

    kind: str
    label: str | _StrPromise
    documents: Callable[[], Iterable[Document]]
    may_see: Callable[[Reader], Q | None]
    url: Callable[[UUID], str]
    order: int = 50


def seen_among(
    rows_for: Callable[[Any], QuerySet[Any]], may: Callable[[Any], bool] | None = None
) -> Callable[[Reader], Q | None]:
    """Return the ``may_see`` of records that ``rows_for`` returns for a reader.

    ``may`` asks first whether the reader sees any at all; without it everybody does.
    """

    def may_see(reader: Reader) -> Q | None:
        if may is not None and not may(reader):
            return None
        return Q(record__in=rows_for(reader).order_by().values("pk"))

    return may_see


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Let a room offer records of one kind; the same kind registered twice counts once."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    """Return what can be found, in the order of the results."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.kind))
