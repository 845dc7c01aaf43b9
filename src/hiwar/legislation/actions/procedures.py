"""Procedures of laws edited: their stages, clocks, proofs and order.

A shipped procedure becomes the house's own with its first law or its first change; what the house
changed is never overwritten by a later release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.legislation import rules
from hiwar.legislation.models import LegislativeStep, Procedure, Stage
from hiwar.legislation.queries.procedures import shipped_procedures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User

SAID = (
    "name", "decided_by", "basis", "document", "clock_days", "counts_working_days", "rolls",
    "proofs", "may_repeat", "may_return",
)  # fmt: skip


class NoProcedure(Refused):
    """There is no such procedure."""

    code = "no_procedure"
    message = _("There is no such procedure. Load the page again.")


class StageInUse(Refused):
    """Laws have come to this stage."""

    code = "stage_in_use"
    message = _("Laws have come to this stage: it stays with them. It can be left out for others.")


def own_procedure(code: str) -> Procedure:
    """Return a procedure as the house's own, made from what is shipped where it is not yet.

    To be called in a transaction. Raises ``NoProcedure``.
    """
    procedure = Procedure.objects.select_for_update().filter(code=code).first()
    if procedure is not None:
        return procedure
    shipped = next((entry for entry in shipped_procedures() if entry["code"] == code), None)
    if shipped is None:
        raise NoProcedure
    procedure = Procedure.objects.create(code=code, name=shipped["name"])
    _fill(procedure, shipped["stages"])
    return procedure


@transaction.atomic
def add_procedure(
    *, actor: User, name: Mapping[str, str], like: str, now: datetime
) -> Procedure:  # fmt: skip
    """Add a procedure with the stages of another one, ``like``, or with none for an empty code.

    Raises ``NotAllowed``, ``NoProcedure`` and ``ValidationError``.
    """
    _allow(actor)
    procedure = Procedure(code=f"own-{uuid4().hex[:8]}", name=name)
    procedure.full_clean()
    procedure.save()
    if like:
        _fill(procedure, [
            {"code": stage.code} | {field: getattr(stage, field) for field in SAID}
            for stage in own_procedure(like).stages.order_by("position", "pk")
            if not stage.is_retired
        ])  # fmt: skip
    audit(actor, "legislation.procedure.add", procedure, at=now, changed={"like": ["", like]})
    return procedure


@transaction.atomic
def name_procedure(*, actor: User, code: str, name: Mapping[str, str], now: datetime) -> None:
    """Call a procedure otherwise. Raises ``NotAllowed``, ``NoProcedure``, ``ValidationError``."""
    _allow(actor)
    procedure = own_procedure(code)
    before, procedure.name = dict(procedure.name), name
    procedure.full_clean()
    procedure.save(update_fields=["name"])
    audit(actor, "legislation.procedure.name", procedure, at=now, changed={
        "name": [before, dict(procedure.name)],
    })  # fmt: skip


@transaction.atomic
def add_stage(*, actor: User, code: str, values: Mapping[str, Any], now: datetime) -> Stage:
    """Add a stage at the end of a procedure.

    Raises ``NotAllowed``, ``NoProcedure`` and ``ValidationError``.
    """
    _allow(actor)
    procedure = own_procedure(code)
    last = procedure.stages.aggregate(last=Max("position"))["last"] or 0
    stage = Stage(procedure=procedure, code=f"own-{uuid4().hex[:8]}", position=last + 1)
    for field in SAID:
        setattr(stage, field, values[field])
    stage.full_clean()
    stage.save()
    audit(actor, "legislation.procedure.add_stage", procedure, at=now, changed={
        "stage": ["", stage.code],
    })  # fmt: skip
    return stage


@transaction.atomic
def change_stage(
    *, actor: User, code: str, stage: str, values: Mapping[str, Any], now: datetime
) -> Stage:  # fmt: skip
    """Change what a stage says; laws that came to it keep it as it is called now.

    Raises ``NotAllowed``, ``NoProcedure`` and ``ValidationError``.
    """
    _allow(actor)
    subject = _stage(own_procedure(code), stage)
    changed: dict[str, list[Any]] = {}
    for field in SAID:
        before, after = getattr(subject, field), values[field]
        if before != after:
            changed[f"{subject.code}.{field}"] = [_plain(before), _plain(after)]
            setattr(subject, field, after)
    if not changed:
        return subject
    subject.full_clean()
    subject.save()
    audit(actor, "legislation.procedure.change_stage", subject.procedure, at=now, changed=changed)
    return subject


@transaction.atomic
def move_stage(*, actor: User, code: str, stage: str, by: int, now: datetime) -> None:
    """Put a stage one place earlier (``by`` -1) or later (1).

    Raises ``NotAllowed`` and ``NoProcedure``.
    """
    _allow(actor)
    procedure = own_procedure(code)
    stages = list(procedure.stages.select_for_update().order_by("position", "pk"))
    at = next((place for place, each in enumerate(stages) if each.code == stage), None)
    if at is None:
        raise NoProcedure
    to = min(max(at + by, 0), len(stages) - 1)
    if to == at:
        return
    stages.insert(to, stages.pop(at))
    for position, each in enumerate(stages, 1):
        each.position = position
    Stage.objects.bulk_update(stages, ["position"])
    audit(actor, "legislation.procedure.move_stage", procedure, at=now, changed={
        stage: [at + 1, to + 1],
    })  # fmt: skip


@transaction.atomic
def retire_stage(
    *, actor: User, code: str, stage: str, is_retired: bool, now: datetime
) -> None:  # fmt: skip
    """Leave a stage out for laws that have not come to it, or take it back in.

    Raises ``NotAllowed`` and ``NoProcedure``.
    """
    _allow(actor)
    subject = _stage(own_procedure(code), stage)
    if subject.is_retired == is_retired:
        return
    subject.is_retired = is_retired
    subject.save(update_fields=["is_retired"])
    audit(actor, "legislation.procedure.retire_stage", subject.procedure, at=now, changed={
        subject.code: [not is_retired, is_retired],
    })  # fmt: skip


@transaction.atomic
def remove_stage(*, actor: User, code: str, stage: str, now: datetime) -> None:
    """Take a stage away to which no law has come.

    Raises ``NotAllowed``, ``NoProcedure`` and ``StageInUse``.
    """
    _allow(actor)
    subject = _stage(own_procedure(code), stage)
    if LegislativeStep.objects.filter(stage=subject).exists():
        raise StageInUse
    procedure, name = subject.procedure, dict(subject.name)
    subject.delete()
    audit(actor, "legislation.procedure.remove_stage", procedure, at=now, changed={
        stage: [name, ""],
    })  # fmt: skip


def _allow(actor: User) -> None:
    if not rules.can_edit_procedures(actor):
        raise NotAllowed


def _stage(procedure: Procedure, code: str) -> Stage:
    stage = procedure.stages.select_for_update().filter(code=code).first()
    if stage is None:
        raise NoProcedure
    return stage


def _fill(procedure: Procedure, stages: list[dict[str, Any]]) -> None:
    Stage.objects.bulk_create(
        Stage(procedure=procedure, position=at, **stage) for at, stage in enumerate(stages, 1)
    )


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) or hasattr(value, "in_order") else value
