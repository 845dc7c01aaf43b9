"""The procedures by which laws go: the house's own, and those shipped that it has not touched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count

from hiwar.common.multilingual import MultilingualText
from hiwar.common.vocabularies.lists import country_seed, words_in
from hiwar.legislation.models import LegislativeStep, Procedure, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A procedure in the list: how many stages it has, how many laws go by it, whose it is."""

    code: str
    name: MultilingualText
    stages: int
    laws: int
    is_own: bool


def shipped_procedures() -> list[dict[str, Any]]:
    """Return the procedures that come with the house, those of its country first."""
    own = country_seed(settings.COUNTRY).get("legislation.procedures", ())
    return [*own, *words_in(FOLDER / "procedures.json")]


def all_procedures() -> list[ProcedureLine]:
    """Return every procedure: those shipped in their order, then the house's own; two queries."""
    counted = {
        procedure.code: procedure
        for procedure in Procedure.objects.annotate(laws=Count("law")).order_by("pk")
    }
    stages = dict(
        Stage.objects.filter(is_retired=False).order_by().values_list("procedure__code")
        .annotate(count=Count("pk"))
    )  # fmt: skip
    lines = []
    for entry in shipped_procedures():
        own = counted.pop(entry["code"], None)
        lines.append(
            ProcedureLine(own.code, own.name, stages.get(own.code, 0), own.laws, True)
            if own
            else ProcedureLine(
                entry["code"], MultilingualText(entry["name"]), len(entry["stages"]), 0, False
            )
        )
    lines += [
        ProcedureLine(own.code, own.name, stages.get(own.code, 0), own.laws, True)
        for own in sorted(counted.values(), key=lambda own: str(own.name))
    ]
    return lines


def procedure_with_stages(code: str) -> tuple[Procedure, list[Stage]] | None:
    """Return a procedure with its stages in order, unsaved where it is only shipped; or None."""
    procedure = Procedure.objects.filter(code=code).first()
    if procedure is not None:
        return procedure, list(procedure.stages.order_by("position", "pk"))
    for entry in shipped_procedures():
        if entry["code"] == code:
            procedure = Procedure(code=code, name=entry["name"])
            return procedure, [
                Stage(procedure=procedure, position=at, **stage)
                for at, stage in enumerate(entry["stages"], 1)
            ]
    return None


def stages_in_use(stages: Iterable[Stage]) -> set[object]:
    """Return the keys of the stages to which a law has come; one query."""
    keys = [stage.pk for stage in stages]
    return set(LegislativeStep.objects.filter(stage__in=keys).values_list("stage", flat=True))


def names_of_procedures(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of procedures by key."""
    rows = Procedure.objects.filter(pk__in=list(keys))
    return {str(procedure.pk): str(procedure) for procedure in rows}
