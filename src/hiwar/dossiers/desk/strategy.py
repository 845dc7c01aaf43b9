"""The strategy at the desk: the pillars side by side, and how the tree is shaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt_and_say, part_or_404
from hiwar.dossiers import rules
from hiwar.dossiers.actions import strategy as act
from hiwar.dossiers.forms.strategy import BranchForm
from hiwar.dossiers.models import Dossier, Pillar, Programme, Project
from hiwar.dossiers.queries.strategy import strategy as strategy_of
from hiwar.dossiers.queries.strategy import without_programme
from hiwar.dossiers.queries.timeline import TONES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

KINDS: dict[str, type[Pillar | Programme | Project]] = {
    "pillar": Pillar,
    "programme": Programme,
    "project": Project,
}


@needs(rules.can_see_dossiers)
def strategy(request: HttpRequest) -> HttpResponse:
    user = me(request)
    context = {
        "pillars": strategy_of(user),
        "loose": without_programme(user),
        "tones": {code: TONES[Dossier.State(code)] for code in Dossier.State.values},
        "may_shape": rules.can_decide_state(user),
    }
    return render(request, "dossiers/strategy.html", context)


@needs(rules.can_decide_state)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a pillar, a programme or a project."""
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    form = BranchForm(request.POST or None, initial=request.GET.dict(), kind=model)
    if attempt_and_say(
        request, form, lambda: _add(request, kind, form), _("The strategy has grown.")
    ):
        return redirect("dossiers:strategy")
    trail = [(_("Strategy"), reverse("dossiers:strategy"))]
    return form_page(request, form, title=_new_heading(kind), verb=_("Add"), trail=trail)


@needs(rules.can_decide_state)
def edit(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Change a part of the strategy, and move it under another one."""
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    branch = part_or_404(model._default_manager.all(), key)
    names = ("name", "code", "owner", "starts_on", "ends_on", "position")
    initial = {name: getattr(branch, name) for name in names}
    initial["above"] = getattr(branch, {"programme": "pillar"}.get(kind, "programme"), None)
    form = BranchForm(request.POST or None, initial=initial, kind=model)

    def keep() -> None:
        changes = dict(form.cleaned_data)
        above = changes.pop("above", None)
        actor, now = me(request), timezone.now()
        if isinstance(branch, Programme):
            act.move_programme(actor=actor, programme=branch, pillar=above, now=now)
        elif isinstance(branch, Project):
            act.move_project(actor=actor, project=branch, programme=above, now=now)
        act.update_branch(actor=actor, branch=branch, changes=changes, now=now)

    if attempt_and_say(request, form, keep, _("The strategy is saved.")):
        return redirect("dossiers:strategy")
    trail = [(_("Strategy"), reverse("dossiers:strategy"))]
    return form_page(request, form, title=str(branch), verb=_("Save"), trail=trail)


def _add(request: HttpRequest, kind: str, form: BranchForm) -> None:
    cleaned = dict(form.cleaned_data)
    actor, now = me(request), timezone.now()
    code, name, above = cleaned.pop("code"), cleaned.pop("name"), cleaned.pop("above", None)
    if kind == "pillar":
        position = cleaned["position"]
        act.add_pillar(actor=actor, code=code, name=name, position=position, now=now)
        return
    details = act.Details(**cleaned)
    if kind == "programme":
        act.add_programme(actor=actor, pillar=above, code=code, name=name, now=now, details=details)
    else:
        act.add_project(
            actor=actor, programme=above, code=code, name=name, now=now, details=details
        )


def _new_heading(kind: str) -> str:
    return {
        "pillar": pgettext("strategy", "New pillar"),
        "programme": pgettext("strategy", "New programme"),
        "project": pgettext("strategy", "New project"),
    }[kind]
