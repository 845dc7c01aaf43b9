"""The strategy tree: pillars, programmes and projects, and how they are moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.dossiers import rules
from hiwar.dossiers.models import Pillar, Programme, Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models.strategy import Branch as AnyBranch

Branch = TypeVar("Branch", Pillar, Programme, Project)
CHANGEABLE = frozenset(["name", "code", "owner", "starts_on", "ends_on", "position"])


class BranchCodeTaken(Refused):
    """Another pillar, programme or project has this code."""

    code = "branch_code_taken"
    message = _("Another part of the strategy has this code.")


class DaysReversed(Refused):
    """The last day does not come before the first."""

    code = "days_reversed"
    message = _("The last day is before the first.")


@dataclass(frozen=True, slots=True)
class Details:
    """Who answers for a part of the strategy, its days, and its place among its siblings."""

    owner: User | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    position: int = 0


@transaction.atomic
def add_pillar(
    *, actor: User, code: str, name: Mapping[str, str], now: datetime, position: int = 0
) -> Pillar:
    """Add a pillar to the strategy."""
    _may_shape(actor)
    return _kept(actor, Pillar(code=code, name=name, position=position), now)


@transaction.atomic
def add_programme(
    *,
    actor: User,
    pillar: Pillar,
    code: str,
    name: Mapping[str, str],
    now: datetime,
    details: Details | None = None,
) -> Programme:
    """Add a programme under a pillar."""
    _may_shape(actor)
    programme = Programme(pillar=pillar, code=code, name=name)
    _detail(programme, details)
    return _kept(actor, programme, now)


@transaction.atomic
def add_project(
    *,
    actor: User,
    programme: Programme,
    code: str,
    name: Mapping[str, str],
    now: datetime,
    details: Details | None = None,
) -> Project:
    """Add a project under a programme."""
    _may_shape(actor)
    project = Project(programme=programme, code=code, name=name)
    _detail(project, details)
    return _kept(actor, project, now)


@transaction.atomic
def update_branch(
    *,
    actor: User,
    branch: AnyBranch,
    changes: Mapping[str, object],
    now: datetime,
) -> bool:
    """Change the name, code, owner, days or order of a part of the strategy."""
    _may_shape(actor)
    allowed = {name: value for name, value in changes.items() if name in CHANGEABLE}
    first = allowed.get("starts_on", branch.starts_on)
    last = allowed.get("ends_on", branch.ends_on)
    if first and last and last < first:  # type: ignore[operator]  # both are days
        raise DaysReversed
    taken = type(branch)._default_manager.filter(code=allowed.get("code", branch.code))
    if taken.exclude(pk=branch.pk).exists():
        raise BranchCodeTaken
    return update_record(actor=actor, record=branch, changes=allowed, at=now)


@transaction.atomic
def move_programme(*, actor: User, programme: Programme, pillar: Pillar, now: datetime) -> None:
    """Move a programme, with everything on it, under another pillar."""
    _may_shape(actor)
    if programme.pillar_id == pillar.pk:
        return
    changed = {"pillar": [programme.pillar, pillar]}
    programme.pillar = pillar
    programme.save(update_fields=["pillar"])
    audit(actor, "dossiers.programme.move", programme, at=now, changed=changed)


@transaction.atomic
def move_project(*, actor: User, project: Project, programme: Programme, now: datetime) -> None:
    """Move a project under another programme; its dossiers go with it."""
    _may_shape(actor)
    if project.programme_id == programme.pk:
        return
    changed: dict[str, object] = {"programme": [project.programme, programme]}
    project.programme = programme
    project.save(update_fields=["programme"])
    changed["dossiers"] = project.dossiers.update(programme=programme)
    audit(actor, "dossiers.project.move", project, at=now, changed=changed)


def _detail(branch: Programme | Project, details: Details | None) -> None:
    if details is not None:
        branch.owner, branch.position = details.owner, details.position
        branch.starts_on, branch.ends_on = details.starts_on, details.ends_on


def _may_shape(actor: User) -> None:
    if not rules.can_decide_state(actor):
        raise NotAllowed


def _kept(actor: User, branch: Branch, now: datetime) -> Branch:
    if branch.starts_on and branch.ends_on and branch.ends_on < branch.starts_on:
        raise DaysReversed
    if type(branch)._default_manager.filter(code=branch.code).exists():
        raise BranchCodeTaken
    branch.is_demo = actor.is_demo
    branch.full_clean()
    branch.save()
    audit(actor, f"{branch._meta.label_lower}.add", branch, at=now)
    return branch
