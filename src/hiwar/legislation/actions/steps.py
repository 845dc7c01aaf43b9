"""Steps of a law recorded, as its procedure foresees them or with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.refusals import Refused
from hiwar.legislation import rules
from hiwar.legislation.models import Law, LegislativeStep, Stage
from hiwar.legislation.queries.laws import dated_steps

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User


class NotYet(Refused):
    """A day that is still to come."""

    code = "not_yet"
    message = _("A step is recorded when it has happened: this day is still to come.")


class ForeignStage(Refused):
    """The stage belongs to another procedure."""

    code = "foreign_stage"
    message = _("This stage is not part of the procedure of this law.")


class NotRepeated(Refused):
    """The law stands at this stage, which is not repeated."""

    code = "not_repeated"
    message = _("The law stands at this stage, and it is not one that is repeated. Say why it came "
                "there again in the note.")  # fmt: skip


class NotReturned(Refused):
    """A law is not sent back from where it stands."""

    code = "not_returned"
    message = _("A law is not sent back to an earlier stage from where it stands. Say why it was "
                "in the note.")  # fmt: skip


class NotProven(Refused):
    """What proves the step is not what proves this stage."""

    code = "not_proven"
    message = _("This does not prove this stage by its procedure. Say why it is believed in the "
                "note.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What happened to a law; ``happened_on`` None where the day is not known."""

    kind: str
    stage: Stage | None
    happened_on: date | None
    evidence: str
    source: str = ""
    note: str = ""


@transaction.atomic
def record_step(*, actor: User, law: Law, facts: StepFacts, now: datetime) -> LegislativeStep:
    """Record that a law came to a stage, was suspended or resumed; earlier steps stay.

    What the procedure does not foresee (an unproven stage, one repeated that is not, a way back)
    needs a note. Raises ``NotAllowed``, ``NotYet``, ``ForeignStage``, ``NotRepeated``,
    ``NotReturned``, ``NotProven`` and ``ValidationError``.
    """
    locked = Law.objects.select_for_update().get(pk=law.pk)
    if not rules.can_edit_law(actor, locked):
        raise NotAllowed
    if facts.happened_on is not None and facts.happened_on > local_day(now):
        raise NotYet
    stage = facts.stage if facts.kind == LegislativeStep.Kind.STAGE else None
    if stage is not None and stage.procedure_id != locked.procedure_id:
        raise ForeignStage
    if stage is not None and not facts.note.strip():
        _need_nothing_to_say(locked, stage, facts)
    step = LegislativeStep(
        law=locked, kind=facts.kind, stage=stage, happened_on=facts.happened_on,
        evidence=facts.evidence, source=facts.source, note=facts.note,
        recorded_by=actor, recorded_at=now,
    )  # fmt: skip
    step.full_clean()
    step.save()
    audit(actor, "legislation.law.record_step", law, at=now, changed={"step": ["", str(step.pk)]})
    return step


def _need_nothing_to_say(law: Law, stage: Stage, facts: StepFacts) -> None:
    """Refuse what the procedure does not foresee; what fills in the past is as it was."""
    if stage.proofs and facts.evidence not in stage.proofs:
        raise NotProven
    reached = dated_steps(law.steps.filter(stage__isnull=False).select_related("stage"))
    here = reached[-1] if reached else None
    if here is None or here.stage is None or facts.happened_on is None:
        return
    if here.happened_on is not None and facts.happened_on < here.happened_on:
        return
    if here.stage_id == stage.pk and not stage.may_repeat:
        raise NotRepeated
    if stage.position < here.stage.position and not here.stage.may_return:
        raise NotReturned
