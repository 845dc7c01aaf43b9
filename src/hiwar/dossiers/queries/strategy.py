"""Questions about the strategy tree: the pillars with their programmes, projects and dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.dossiers.models import Dossier, Pillar, Programme, Project
from hiwar.dossiers.queries.dossiers import readable_dossiers

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.dossiers.queries.dossiers import Reader

ASLEEP = (Dossier.State.DORMANT, Dossier.State.MET)


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme with its projects and the dossiers on it that the reader may read."""

    programme: Programme
    projects: tuple[Project, ...]
    dossiers: tuple[Dossier, ...]


@dataclass(frozen=True, slots=True)
class PillarView:
    """A pillar with its programmes; ``active`` of its ``dossiers`` are neither met nor dormant."""

    pillar: Pillar
    programmes: tuple[ProgrammeView, ...]
    dossiers: int
    active: int


def pillars() -> QuerySet[Pillar]:
    """Return the pillars in their order."""
    return Pillar.objects.select_related("owner").order_by("position", "code", "pk")


def programmes() -> QuerySet[Programme]:
    """Return the programmes in their order, with their pillars."""
    listed = Programme.objects.select_related("pillar", "owner")
    return listed.order_by("pillar__position", "pillar__code", "position", "code", "pk")


def projects() -> QuerySet[Project]:
    """Return the projects in their order, with their programmes."""
    listed = Project.objects.select_related("programme", "owner")
    return listed.order_by("programme__code", "position", "code", "pk")


def strategy(user: Reader) -> list[PillarView]:
    """Return the strategy as a person sees it, with four queries."""
    hanging: dict[UUID | None, list[Dossier]] = {}
    for dossier in readable_dossiers(user):
        hanging.setdefault(dossier.programme_id, []).append(dossier)
    under: dict[UUID, list[Project]] = {}
    for project in projects():
        under.setdefault(project.programme_id, []).append(project)
    views: dict[UUID, list[ProgrammeView]] = {}
    for programme in programmes():
        view = ProgrammeView(
            programme,
            tuple(under.get(programme.pk, ())),
            tuple(hanging.get(programme.pk, ())),
        )
        views.setdefault(programme.pillar_id, []).append(view)
    return [_pillar_view(pillar, views.get(pillar.pk, [])) for pillar in pillars()]


def without_programme(user: Reader) -> QuerySet[Dossier]:
    """Return the readable dossiers that hang on no programme yet."""
    return readable_dossiers(user).filter(programme=None)


def _pillar_view(pillar: Pillar, views: list[ProgrammeView]) -> PillarView:
    dossiers = [dossier for view in views for dossier in view.dossiers]
    active = sum(dossier.state not in ASLEEP for dossier in dossiers)
    return PillarView(pillar, tuple(views), len(dossiers), active)
