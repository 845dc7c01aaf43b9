"""The plan of an issue at the desk, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import plan as act
from hiwar.asks.forms.plan import LineForm
from hiwar.asks.models import TalkingLine
from hiwar.asks.queries.plan import lines_for, plan_of
from hiwar.asks.queries.power import may_read_map
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, first_or_404, part_or_404
from hiwar.contacts.rules import can_see_contact
from hiwar.dossiers.queries.dossiers import all_readable
from hiwar.dossiers.rules import can_edit_dossier

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.dossiers.models import Dossier


def dossier_or_404(request: HttpRequest, code: str) -> Dossier:
    """Return a dossier that the reader may read, or answer 404."""
    return first_or_404(all_readable(me(request)).filter(code=code))


def _line(request: HttpRequest, key: str) -> TalkingLine:
    row = part_or_404(TalkingLine.objects.select_related("dossier"), key)
    dossier = dossier_or_404(request, row.dossier.code)
    if not lines_for(me(request), dossier).filter(pk=row.pk).exists():
        raise Http404
    return row


@needs(rules.can_see_asks)
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Show the plan of an issue: aim, asks, targets, steps, messages, contacts."""
    user, dossier, today = me(request), dossier_or_404(request, code), timezone.localdate()
    is_open = dossier.archived_at is None
    return render(request, "asks/plan.html", {
        "dossier": dossier, "plan": plan_of(user, dossier, today), "today": today,
        "may_edit": is_open and rules.can_edit_asks_of(user, dossier),
        "may_step": is_open and can_edit_dossier(user, dossier),
        "may_read_contacts": can_see_contact(user), "may_read_map": may_read_map(user, dossier),
    })  # fmt: skip


def _form_page(request: HttpRequest, form: LineForm, dossier: Dossier, title: str) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        verb=_("Save the message"),
        dossier=dossier,
        lead=str(dossier),
        back=reverse("asks:plan", args=[dossier.code]),
        template="asks/form.html",
    )


@needs(rules.can_edit_asks)
def add_line(request: HttpRequest, code: str) -> HttpResponse:
    """Write what we say of an issue."""
    dossier = dossier_or_404(request, code)
    form = LineForm(me(request), dossier, request.POST or None)
    if attempt_and_say(request, form, lambda: act.write_line(
            actor=me(request), dossier=dossier, now=timezone.now(), **form.cleaned_data,
        ), _("The message is in the plan.")):  # fmt: skip
        return redirect("asks:plan", dossier.code)
    return _form_page(request, form, dossier, _("Write a message"))


@needs(rules.can_edit_asks)
def edit_line(request: HttpRequest, key: str) -> HttpResponse:
    """Change what we say."""
    line = _line(request, key)
    initial = {
        "words": line.words, "audience": line.audience, "addressee": line.addressee_id,
        "facts": line.facts.all(),
    }  # fmt: skip
    form = LineForm(me(request), line.dossier, request.POST or None, initial=initial)
    if attempt_and_say(request, form, lambda: act.change_line(
            actor=me(request), line=line, now=timezone.now(), **form.cleaned_data,
        ), _("The message is changed.")):  # fmt: skip
        return redirect("asks:plan", line.dossier.code)
    return _form_page(request, form, line.dossier, _("Change the message"))


@require_POST
@needs(rules.can_edit_asks)
def remove_line(request: HttpRequest, key: str) -> HttpResponse:
    line = _line(request, key)
    attempt(
        request,
        lambda: act.remove_line(actor=me(request), line=line, now=timezone.now()),
        _("The message is taken out of the plan."),
    )
    return redirect("asks:plan", line.dossier.code)
