"""Procedures at the desk: the list, one with its stages, what each stage says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say
from hiwar.legislation import rules
from hiwar.legislation.actions import procedures as act
from hiwar.legislation.forms.procedures import ProcedureForm, StageForm
from hiwar.legislation.models import LegislativeStep
from hiwar.legislation.queries.procedures import (
    all_procedures,
    procedure_with_stages,
    stages_in_use,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Procedure, Stage


@needs(rules.can_edit_procedures)
def procedures(request: HttpRequest) -> HttpResponse:
    """List the procedures by which laws go."""
    return render(request, "legislation/procedures.html", {"procedures": all_procedures()})


@needs(rules.can_edit_procedures)
def new(request: HttpRequest) -> HttpResponse:
    """Add a procedure, with the stages of another one or with none."""
    form = ProcedureForm(request.POST or None, likes=all_procedures())
    added: list[Procedure] = []
    if attempt_and_say(request, form, lambda: added.append(
            act.add_procedure(
                actor=me(request), name=form.cleaned_data["name"], like=form.cleaned_data["like"],
                now=timezone.now(),
            )
        ), _("The procedure is added. Put its stages in order.")):  # fmt: skip
        return redirect("legislation:procedure", added[0].code)
    return form_page(
        request,
        form,
        title=_("New procedure"),
        verb=_("Add the procedure"),
        back=reverse("legislation:procedures"),
        template="legislation/procedure_form.html",
    )


@needs(rules.can_edit_procedures)
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show a procedure with its stages; its name is changed here."""
    subject, stages = _procedure_or_404(code)
    form = ProcedureForm(request.POST or None, initial={"name": subject.name})
    if attempt_and_say(
        request,
        form,
        lambda: act.name_procedure(
            actor=me(request), code=code, name=form.cleaned_data["name"], now=timezone.now()
        ),
        _("The name is saved."),
    ):
        return redirect("legislation:procedure", code)
    used = stages_in_use(stages)
    words = dict(LegislativeStep.Evidence.choices)
    return render(request, "legislation/procedure.html", {
        "procedure": subject, "form": form,
        "stages": [
            (stage, stage.pk in used, [words.get(proof, proof) for proof in stage.proofs])
            for stage in stages
        ],
    })  # fmt: skip


@needs(rules.can_edit_procedures)
def add_stage(request: HttpRequest, code: str) -> HttpResponse:
    """Add a stage to a procedure."""
    subject, _stages = _procedure_or_404(code)
    return _stage_form(
        request, subject, StageForm(request.POST or None), _("Add a stage"),
        lambda form: act.add_stage(
            actor=me(request), code=code, values=form.cleaned_data, now=timezone.now()
        ),
    )  # fmt: skip


@needs(rules.can_edit_procedures)
def stage(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Change what a stage says."""
    subject, stages = _procedure_or_404(code)
    shown = _stage_or_404(stages, stage)
    said = {field: getattr(shown, field) for field in act.SAID}
    return _stage_form(
        request, subject, StageForm(request.POST or None, initial=said), str(shown.name),
        lambda form: act.change_stage(
            actor=me(request), code=code, stage=stage, values=form.cleaned_data, now=timezone.now()
        ),
    )  # fmt: skip


@needs(rules.can_edit_procedures)
@require_POST
def arrange_stage(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Move a stage, leave it out or take it back in, or take it away."""
    _subject, stages = _procedure_or_404(code)
    _stage_or_404(stages, stage)
    user, now, what = me(request), timezone.now(), request.POST.get("what", "")
    acts: dict[str, Callable[[], None]] = {
        "up": lambda: act.move_stage(actor=user, code=code, stage=stage, by=-1, now=now),
        "down": lambda: act.move_stage(actor=user, code=code, stage=stage, by=1, now=now),
        "retire": lambda: act.retire_stage(
            actor=user, code=code, stage=stage, is_retired=True, now=now
        ),
        "restore": lambda: act.retire_stage(
            actor=user, code=code, stage=stage, is_retired=False, now=now
        ),
        "remove": lambda: act.remove_stage(actor=user, code=code, stage=stage, now=now),
    }
    if what in acts:
        attempt(request, acts[what], _("The procedure is changed."))
    return redirect("legislation:procedure", code)


def _stage_form(
    request: HttpRequest, procedure: Procedure, form: StageForm, title: str,
    save: Callable[[StageForm], Stage],
) -> HttpResponse:  # fmt: skip
    if attempt_and_say(
        request,
        form,
        lambda: save(form),
        _("The stage is saved. Laws that go this way show it at once."),
    ):
        return redirect("legislation:procedure", procedure.code)
    return form_page(
        request,
        form,
        title=title,
        verb=_("Save the stage"),
        procedure=procedure,
        back=reverse("legislation:procedure", args=[procedure.code]),
        template="legislation/procedure_form.html",
    )


def _procedure_or_404(code: str) -> tuple[Procedure, list[Stage]]:
    subject = procedure_with_stages(code)
    if subject is None:
        raise Http404
    return subject


def _stage_or_404(stages: list[Stage], code: str) -> Stage:
    shown = next((stage for stage in stages if stage.code == code), None)
    if shown is None:
        raise Http404
    return shown
