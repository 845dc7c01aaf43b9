"""What stands in a dossier beside its facts: documents, next steps, people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_with_form, part_or_404
from hiwar.contacts.rules import can_see_contact
from hiwar.dossiers import rules
from hiwar.dossiers.actions import parts as act
from hiwar.dossiers.desk.pages import dossier_or_404, page_of_dossier
from hiwar.dossiers.forms.dossiers import DocumentForm, PersonForm, StepForm
from hiwar.dossiers.models import Document, DossierPerson, NextStep
from hiwar.dossiers.queries.dossiers import documents_of, done_steps, open_steps, people_of
from hiwar.dossiers.queries.vocabularies import word

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RECENT = 10


@needs(rules.can_see_dossiers)
def documents(request: HttpRequest, code: str) -> HttpResponse:
    """List the documents, and add one."""
    subject = dossier_or_404(request, code)
    form = DocumentForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt_with_form(
            form,
            lambda: act.add_document(
                actor=me(request), dossier=subject, now=timezone.now(), **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("The document is added."))
        return redirect("dossiers:documents", code)
    gone = Document.objects.filter(dossier=subject, removed_at__isnull=False)
    undo = request.GET.get("undo", "")
    return page_of_dossier(
        request,
        "documents",
        subject,
        tab="documents",
        form=form,
        documents=documents_of(subject),
        undo=part_or_404(gone, undo) if undo and gone.exists() else None,
    )


@require_POST
@needs(rules.can_edit_dossiers)
def remove_document(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    document = part_or_404(documents_of(subject).select_related("dossier"), key)
    done = attempt(
        request,
        lambda: act.remove_document(actor=me(request), document=document, now=timezone.now()),
        "",
    )
    undo = f"?undo={document.pk}" if done else ""
    return redirect(reverse("dossiers:documents", args=[code]) + undo)


@require_POST
@needs(rules.can_edit_dossiers)
def restore_document(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    gone = Document.objects.filter(dossier=subject, removed_at__isnull=False)
    document = part_or_404(gone.select_related("dossier"), key)
    attempt(
        request,
        lambda: act.restore_document(actor=me(request), document=document, now=timezone.now()),
        _("The document is back."),
    )
    return redirect("dossiers:documents", code)


@needs(rules.can_see_dossiers)
def steps(request: HttpRequest, code: str) -> HttpResponse:
    """List what is to be done and what was done, and add a step."""
    subject = dossier_or_404(request, code)
    form = StepForm(request.POST or None, initial={"owner": me(request)})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt_with_form(
            form,
            lambda: act.add_step(
                actor=me(request), dossier=subject, now=timezone.now(), **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("The next step is written down."))
        return redirect("dossiers:steps", code)
    return page_of_dossier(
        request,
        "steps",
        subject,
        tab="steps",
        form=form,
        steps=open_steps(subject),
        done=done_steps(subject)[:RECENT],
        today=timezone.localdate(),
        me=me(request),
    )


@require_POST
@needs(rules.can_see_dossiers)
def finish_step(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    step = part_or_404(NextStep.objects.filter(dossier=subject).select_related("dossier"), key)
    attempt(
        request,
        lambda: act.finish_step(actor=me(request), step=step, now=timezone.now()),
        _("Done. It stands on the history, and can be reopened below."),
    )
    return redirect("dossiers:steps", code)


@require_POST
@needs(rules.can_see_dossiers)
def reopen_step(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    step = part_or_404(NextStep.objects.filter(dossier=subject).select_related("dossier"), key)
    attempt(
        request,
        lambda: act.reopen_step(actor=me(request), step=step, now=timezone.now()),
        _("The step is open again."),
    )
    return redirect("dossiers:steps", code)


@needs(rules.can_see_dossiers)
def people(request: HttpRequest, code: str) -> HttpResponse:
    """List who has a part in the dossier, and give somebody one."""
    subject = dossier_or_404(request, code)
    form = PersonForm(request.POST or None, reader=me(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt_with_form(
            form,
            lambda: act.add_person(
                actor=me(request), dossier=subject, now=timezone.now(), **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("The role is given."))
        return redirect("dossiers:people", code)
    dossier_people = people_of(me(request), subject)
    return page_of_dossier(
        request,
        "people",
        subject,
        tab="people",
        form=form,
        people=[(word("role", person.role), person) for person in dossier_people],
        may_change_readers=rules.can_change_readers(request.user, subject),
        named=[person.person_id for person in dossier_people if person.person_id]
        if can_see_contact(request.user)
        else [],
    )


@require_POST
@needs(rules.can_edit_dossiers)
def remove_person(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    dossier_people = DossierPerson.objects.filter(dossier=subject)
    part = part_or_404(dossier_people.select_related("dossier", "user", "person"), key)
    attempt(
        request,
        lambda: act.remove_person(actor=me(request), part=part, now=timezone.now()),
        _("The role is taken away."),
    )
    return redirect("dossiers:people", code)
