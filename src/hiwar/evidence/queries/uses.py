"""Where sources and evidence are used: in this room, and in every room that registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hiwar.dossiers.queries.extension_points import Use
from hiwar.evidence.queries.library import items_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.evidence.models import EvidenceItem, Source

    Uses = Callable[[User, Sequence[UUID]], Mapping[UUID, Sequence[Use]]]

_registered: list[Uses] = []


def register_uses(uses: Uses) -> None:
    """Let a room say where it cites sources and evidence, by their keys; twice counts once.

    It must itself leave out what the reader may not read.
    """
    if uses not in _registered:
        _registered.append(uses)


def uses_of(user: User, record: Source | EvidenceItem) -> list[Use]:
    """Return everything that rests on a source or on evidence and that a person may read."""
    return [use for uses in _registered for use in uses(user, [record.pk]).get(record.pk, ())]


def items_by_source(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the evidence that rests on sources."""
    uses: dict[UUID, list[Use]] = {}
    for item in items_for(user).filter(source__in=list(keys)):
        if item.source_id is not None:
            use = Use(str(item), reverse("evidence:item", args=[item.pk]), _("evidence"))
            uses.setdefault(item.source_id, []).append(use)
    return uses
