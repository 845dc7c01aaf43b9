"""Interests at the desk: who paid for a paper, what its authors declared, or that there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.papers import rules
from hiwar.papers.actions import interests as act
from hiwar.papers.desk.pages import page_of, paper_or_404
from hiwar.papers.forms.interests import FunderForm, InterestForm
from hiwar.papers.models import InterestNote
from hiwar.papers.queries.interests import NONE_FIELDS, Kind, interest_notes
from hiwar.papers.queries.papers import papers_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FORMS = {Kind.FUNDER: FunderForm, Kind.INTEREST: InterestForm}


@needs(rules.can_see_papers)
def interests(request: HttpRequest, code: str) -> HttpResponse:
    """Show who paid and what the authors declared, and note more."""
    subject = paper_or_404(request, code)
    context = page_of(request, subject, "interests")
    notes, asked = interest_notes(subject), request.POST.get("kind", "")
    heads = {
        Kind.FUNDER: (_("Who paid for the work"), _("Note who paid"),
                      _("Nobody beside the institution paid for this work.")),
        Kind.INTEREST: (_("Interests of the authors"), _("Note an interest"),
                        _("None declared.")),
    }  # fmt: skip
    parts = []
    for kind, form_class in FORMS.items():
        form = form_class(request.POST if asked == kind else None, prefix=kind.value)
        if asked == kind and context["may_edit"] and attempt_and_say(
            request, form,
            lambda kind=kind, form=form: act.add_interest(  # type: ignore[misc]  # bound now
                actor=me(request), paper=subject, kind=kind, now=timezone.now(),
                **form.cleaned_data,
            ),
            _("It is noted."),
        ):  # fmt: skip
            return redirect("papers:interests", code)
        title, verb, none = heads[kind]
        parts.append({
            "kind": kind.value, "title": title, "verb": verb, "none": none,
            "notes": notes[kind], "form": form, "is_none": getattr(subject, NONE_FIELDS[kind]),
        })  # fmt: skip
    return render(request, "papers/interests.html", {**context, "parts_stated": parts})


@needs(rules.can_edit_papers)
@require_POST
def declare(request: HttpRequest, code: str) -> HttpResponse:
    """State that there is none, or take that back."""
    subject = paper_or_404(request, code)
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise Http404
    attempt(
        request,
        lambda: act.declare_none(
            actor=me(request), paper=subject, kind=kind,
            is_none=request.POST.get("is_none") == "yes", now=timezone.now(),
        ),
        _("It is noted."),
    )  # fmt: skip
    return redirect("papers:interests", code)


@needs(rules.can_edit_papers)
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Take a note out."""
    note = part_or_404(
        InterestNote.objects.filter(paper__in=papers_for(me(request)).order_by()).select_related(
            "paper__dossier"
        ),
        key,
    )
    attempt(
        request,
        lambda: act.remove_interest(actor=me(request), note=note, now=timezone.now()),
        _("It is taken out."),
    )
    return redirect("papers:interests", note.paper.code)
