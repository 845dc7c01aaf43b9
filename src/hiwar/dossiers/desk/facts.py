"""The facts of a dossier: told, checked, corrected, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_with_form, part_or_404
from hiwar.dossiers import rules
from hiwar.dossiers.actions import facts as act
from hiwar.dossiers.desk.pages import dossier_or_404, frame_of_dossier, page_of_dossier
from hiwar.dossiers.forms.dossiers import CheckForm, CorrectionForm, NewFactForm
from hiwar.dossiers.models import Fact
from hiwar.dossiers.models.facts import CHECKED_EVERY
from hiwar.dossiers.queries.facts import facts_of, told_facts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.dossiers.models import Dossier


@needs(rules.can_see_dossiers)
def facts(request: HttpRequest, code: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    told_lines = told_facts(me(request), subject, timezone.localdate())
    return page_of_dossier(
        request,
        "facts",
        subject,
        tab="facts",
        told=told_lines,
        stale=sum(line.is_stale for line in told_lines),
        undo=_withdrawn(subject, request.GET.get("undo", "")),
    )


@needs(rules.can_edit_dossiers)
def add(request: HttpRequest, code: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    today = timezone.localdate()
    form = NewFactForm(request.POST or None, initial={"checked_on": today})
    if form.is_valid():
        cleaned = form.cleaned_data
        source = act.Source(cleaned["source"], cleaned["url"], cleaned["published_on"])
        check = act.Check(cleaned["checked_on"], cleaned["next_check_on"])
        if attempt_with_form(
            form,
            lambda: act.add_fact(
                actor=me(request), dossier=subject, text=cleaned["text"], value=cleaned["value"],
                source=source, check=check, today=today, now=timezone.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("The fact is added."))
            return redirect("dossiers:facts", code)
    return form_page(
        request, form, title=_("Add a fact"), verb=_("Add the fact"),
        back=reverse("dossiers:facts", args=[code]), template="dossiers/fact_add.html",
        **frame_of_dossier(request, subject),
    )  # fmt: skip


@needs(rules.can_edit_dossiers)
def check(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Say that a source was looked at and the fact still holds."""
    subject = dossier_or_404(request, code)
    fact = part_or_404(facts_of(subject).select_related("dossier"), key)
    today = timezone.localdate()
    form = CheckForm(request.POST or None, initial={"on": today})
    if form.is_valid():
        on = form.cleaned_data["on"]
        again = form.cleaned_data["next_check_on"] or on + CHECKED_EVERY
        if attempt_with_form(
            form,
            lambda: act.check_fact(
                actor=me(request), fact=fact, on=on, next_check_on=again, today=today,
                now=timezone.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("The fact is checked."))
            return redirect(_at(code, fact))
    return form_page(
        request, form, title=_("Check a fact"), verb=_("It still holds"),
        back=reverse("dossiers:facts", args=[code]), template="dossiers/fact_check.html",
        fact=fact, **frame_of_dossier(request, subject),
    )  # fmt: skip


@needs(rules.can_edit_dossiers)
def correct(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Correct a fact, and say first where it is used."""
    subject = dossier_or_404(request, code)
    fact = part_or_404(facts_of(subject).select_related("dossier"), key)
    today = timezone.localdate()
    names = [name for name in CorrectionForm.base_fields if name != "reason"]
    initial = {name: getattr(fact, name) for name in names}
    form = CorrectionForm(request.POST or None, initial=initial)
    if form.is_valid():
        changes = dict(form.cleaned_data)
        reason = changes.pop("reason")
        if attempt_with_form(
            form,
            lambda: act.correct_fact(
                actor=me(request), fact=fact, changes=changes, reason=reason, today=today,
                now=timezone.now(),
            ),
        ):  # fmt: skip
            messages.success(
                request, _("The fact is corrected. What it said before is kept below it.")
            )
            return redirect(_at(code, fact))
    line = next(
        candidate
        for candidate in told_facts(me(request), subject, today)
        if candidate.fact.pk == fact.pk
    )
    return form_page(
        request, form, title=_("Correct a fact"), verb=_("Correct it"),
        back=reverse("dossiers:facts", args=[code]), template="dossiers/fact_correct.html",
        fact=fact, uses=line.uses, **frame_of_dossier(request, subject),
    )  # fmt: skip


@require_POST
@needs(rules.can_edit_dossiers)
def withdraw(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    fact = part_or_404(facts_of(subject).select_related("dossier"), key)
    done = attempt(
        request, lambda: act.withdraw_fact(actor=me(request), fact=fact, now=timezone.now()), ""
    )
    undo = f"?undo={fact.pk}" if done else ""
    return redirect(reverse("dossiers:facts", args=[code]) + undo)


@require_POST
@needs(rules.can_edit_dossiers)
def restore(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    withdrawn = Fact.objects.filter(dossier=subject, withdrawn_at__isnull=False)
    fact = part_or_404(withdrawn.select_related("dossier"), key)
    attempt(
        request,
        lambda: act.restore_fact(actor=me(request), fact=fact, now=timezone.now()),
        _("The fact is back."),
    )
    return redirect("dossiers:facts", code)


def _at(code: str, fact: Fact) -> str:
    return f"{reverse('dossiers:facts', args=[code])}#fact-{fact.pk}"


def _withdrawn(subject: Dossier, key: str) -> Fact | None:
    if not key:
        return None
    recent = timezone.now() - timedelta(days=30)
    withdrawn = Fact.objects.filter(dossier=subject, withdrawn_at__gte=recent)
    return part_or_404(withdrawn, key) if withdrawn.exists() else None
