"""What everybody may read of dossiers: which are public, and the areas of work they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.models import Visibility
from hiwar.dossiers.models import Dossier, StateChange

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.dossiers.models import Pillar, Programme


@dataclass(frozen=True, slots=True)
class Area:
    """A programme with its public dossiers, each with the day of its state; None for those outside.

    ``pillar`` is set where it differs from that of the area before.
    """

    programme: Programme | None
    pillar: Pillar | None
    dossiers: list[tuple[Dossier, date | None]]


def public_dossiers() -> QuerySet[Dossier]:
    """Return the dossiers that everybody may read and that were not put away."""
    dossiers = Dossier.objects.filter(visibility=Visibility.PUBLIC, archived_at=None)
    return dossiers.select_related("programme__pillar").order_by(
        "programme__pillar__position", "programme__pillar__code", "programme__position",
        "programme__code", "code",
    )  # fmt: skip


def public_dossier(code: str) -> Dossier | None:
    """Return a dossier that everybody may read by its code; None for any other code."""
    return public_dossiers().filter(code=code).first()


def public_codes() -> dict[UUID, str]:
    """Return the codes of the dossiers that everybody may read, by their keys; one query."""
    return dict(public_dossiers().order_by().values_list("pk", "code"))


def public_changes(dossier: Dossier) -> list[StateChange]:
    """Return the states of a dossier with their days, oldest first; reasons are not read."""
    changes = StateChange.objects.filter(dossier=dossier, taken_back_at=None)
    return list(changes.only("after", "on", "dossier_id").order_by("on", "pk"))


def areas_of_work() -> list[Area]:
    """Return the programmes under which something is public, in the order of the strategy.

    Two queries, however many there are. A programme of which nothing is public is not named.
    """
    dossiers = list(public_dossiers())
    changes = StateChange.objects.filter(dossier__in=dossiers, taken_back_at=None)
    since = dict(changes.order_by("on", "pk").values_list("dossier", "on"))
    areas: list[Area] = []
    last_pillar: object = None
    for dossier in dossiers:
        programme = dossier.programme
        if not areas or areas[-1].programme != programme:
            pillar = programme.pillar if programme else None
            areas.append(Area(programme, None if pillar == last_pillar else pillar, []))
            last_pillar = pillar
        areas[-1].dossiers.append((dossier, since.get(dossier.pk)))
    return areas
