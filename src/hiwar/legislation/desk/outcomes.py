"""A new version at the desk: what is carried over, what became of proposals, official answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt_and_say
from hiwar.engine import law as engine
from hiwar.legislation import rules
from hiwar.legislation.actions import outcomes as act
from hiwar.legislation.desk.pages import law_or_404, version_or_404
from hiwar.legislation.exports.comparison import changes_between, counts_of
from hiwar.legislation.forms import outcomes as forms
from hiwar.legislation.models import AmendmentOutcome
from hiwar.legislation.queries.consultations import articles_to_comment
from hiwar.legislation.queries.laws import text_of, versions_for
from hiwar.legislation.queries.outcomes import (
    APPLIES,
    CHANGED,
    GONE,
    MOVED,
    OutcomeRow,
    carried_comments,
    carried_over,
    outcome_rows,
    rates_of,
    version_before,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import LawVersion

STATES = {
    APPLIES: (pgettext_lazy("carried over", "still applies"), "success"),
    CHANGED: (pgettext_lazy("carried over", "text changed"), "notice"),
    MOVED: (pgettext_lazy("carried over", "moved to"), "info"),
    GONE: (pgettext_lazy("carried over", "article gone"), "danger"),
}
TONES = {"same": "success", "stronger": "success", "elsewhere": "success", "weaker": "info",
         "absent": "danger", "unclear": "notice"}  # fmt: skip


def _form(row: OutcomeRow, request: HttpRequest) -> forms.OutcomeForm:
    chosen = request.POST.get("number") == str(row.amendment.number)
    known = row.outcome
    return forms.OutcomeForm(
        request.POST if chosen else None, auto_id=f"id_{row.amendment.number}_%s",
        initial={
            "number": row.amendment.number, "note": known.note if known else "",
            "result": known.result if known else row.suggested.result,
        },
    )  # fmt: skip


@needs(rules.can_see_laws)
def arrival(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show what a new version made of comments and proposals; confirm what became of each."""
    user, subject = me(request), law_or_404(request, key)
    version = version_or_404(request, subject, number)
    version.law = subject
    old = version_before(user, version)
    if old is None:
        messages.error(request, _("There is no earlier version in this language."))
        return redirect("legislation:version", subject.pk, version.pk)
    changes = changes_between(old, version)
    rows = outcome_rows(user, old, version, changes)
    bound = [(row, _form(row, request)) for row in rows]
    may_edit = rules.can_edit_law(user, subject)
    if request.method == "POST" and may_edit and _confirmed(request, version, bound):
        return redirect(request.path)
    carried = carried_over(changes)
    words = dict(AmendmentOutcome.Result.choices)
    return render(request, "legislation/arrival.html", {
        "law": subject, "version": version, "old": old, "counts": counts_of(changes),
        "comments": [
            (each, *STATES[each.carried.state], [to for to in each.carried.to if to != each.eid])
            for each in carried_comments(old, text_of(old), carried)
        ],
        "rows": [
            (row, form, _pieces(row), words[row.suggested.result], TONES[row.suggested.result],
             TONES[row.outcome.result] if row.outcome else "", STATES[row.carried.state])
            for row, form in bound
        ],
        "rates": rates_of(
            [(row.amendment.eid.partition("__para")[0], row.outcome) for row in rows]
        ),
        "may_edit": may_edit,
    }, status=403 if request.method == "POST" and not may_edit else 200)  # fmt: skip


def _pieces(row: OutcomeRow) -> list[tuple[engine.Piece, ...]]:
    """Return what was published, marked against what was asked."""
    return [engine.inline(line.edits) for line in engine.compare_texts(row.asked, row.published)]


def _confirmed(
    request: HttpRequest, version: LawVersion, bound: list[tuple[OutcomeRow, forms.OutcomeForm]]
) -> bool:
    row, form = next(((row, form) for row, form in bound if form.is_bound), (None, None))
    if row is None or form is None:
        raise Http404
    return attempt_and_say(request, form, lambda: act.confirm_outcome(
            actor=me(request), amendment=row.amendment, version=version, suggested=row.suggested,
            result=form.cleaned_data["result"], note=form.cleaned_data["note"],
            now=timezone.now(),
        ), _("What became of the proposal is confirmed."))  # fmt: skip


@needs(rules.can_edit_laws)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Record what an authority answered about a law."""
    subject = law_or_404(request, key)
    newest = versions_for(me(request), subject).first()
    articles = articles_to_comment(newest) if newest else []
    form = forms.AnswerForm(articles, request.POST or None)
    if attempt_and_say(
        request,
        form,
        lambda: act.record_answer(
            actor=me(request), law=subject, facts=form.facts(), now=timezone.now()
        ),
        _("The answer is recorded."),
    ):
        return redirect("legislation:law", subject.pk)
    return form_page(
        request,
        form,
        title=_("Record an official answer"),
        verb=_("Record the answer"),
        lead=str(subject),
        law=subject,
        back=reverse("legislation:law", args=[subject.pk]),
        template="legislation/form.html",
    )
