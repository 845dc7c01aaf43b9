"""Disputes at the desk: written down for a post, decided on, and all that waits for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import disputes as act
from hiwar.asks.desk.commitments import change_or_404, commitment_or_404
from hiwar.asks.desk.outcomes import outcome_or_404
from hiwar.asks.desk.points import show_form
from hiwar.asks.forms.disputes import DecisionForm, DisputeForm
from hiwar.asks.models import Commitment, Dispute, StateChange
from hiwar.asks.queries.disputes import disputes_for, involved_in
from hiwar.asks.queries.posts import name_readable_posts
from hiwar.asks.queries.waiting import waiting_for
from hiwar.common.desk.pages import attempt_and_say, key_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.asks.queries.disputes import Disputable


def _page_of(verdict: Disputable) -> str:
    """Return the address where a promise or a verdict is read with its disputes."""
    if isinstance(verdict, Commitment):
        return reverse("asks:commitment", args=[verdict.pk])
    if isinstance(verdict, StateChange):
        return reverse("asks:commitment", args=[verdict.commitment_id])
    return reverse("asks:outcome", args=[verdict.pk])


def _dispute(request: HttpRequest, verdict: Disputable) -> HttpResponse:
    form = DisputeForm(request.POST or None, initial={"made_on": timezone.localdate()})
    if attempt_and_say(request, form, lambda: act.dispute_for_post(
            actor=me(request), verdict=verdict, objection=form.objection(),
            made_on=form.cleaned_data["made_on"], now=timezone.now(),
        ), _("It is marked as disputed until somebody who was not involved decides.")):  # fmt: skip
        return redirect(_page_of(verdict))
    return show_form(
        request, form, verdict.ask, title=_("They dispute it"), verb=_("Record the dispute"),
        lead=f"{verdict} · {verdict.post or ''}",
    )  # fmt: skip


@needs(rules.can_edit_asks)
def dispute_change(request: HttpRequest, key: str) -> HttpResponse:
    """Write down that a post disputes what became of a promise."""
    return _dispute(request, change_or_404(request, key))


@needs(rules.can_edit_asks)
def dispute_commitment(request: HttpRequest, key: str) -> HttpResponse:
    """Write down that a post disputes having promised something."""
    return _dispute(request, commitment_or_404(request, key))


@needs(rules.can_edit_asks)
def dispute_outcome(request: HttpRequest, key: str) -> HttpResponse:
    """Write down that a post disputes what became of a point."""
    return _dispute(request, outcome_or_404(request, key))


@needs(rules.can_see_asks)
def dispute(request: HttpRequest, key: str) -> HttpResponse:
    """Show a dispute with what is disputed; somebody who was not involved decides."""
    subject: Dispute | None = disputes_for(me(request)).filter(pk=key_or_404(key)).first()
    verdict = subject.disputed if subject is not None else None
    if subject is None or verdict is None:
        raise Http404
    user = me(request)
    name_readable_posts(user, [subject])
    is_open = subject.state == Dispute.State.OPEN
    may_verify = rules.can_verify_ask(user, verdict.ask)
    may_decide = is_open and may_verify and user.pk not in involved_in(subject)
    form = DecisionForm(request.POST or None) if may_decide or request.method == "POST" else None
    if form is not None and attempt_and_say(request, form, lambda: act.decide_dispute(
            actor=user, dispute=subject, now=timezone.now(), **form.cleaned_data
        ), _("Decided, and shown with the reason.")):  # fmt: skip
        return redirect("asks:dispute", subject.pk)
    return render(request, "asks/dispute.html", {
        "dispute": subject, "verdict": verdict, "ask": verdict.ask, "dossier": verdict.ask.dossier,
        "is_open": is_open, "form": form, "page": _page_of(verdict),
    })  # fmt: skip


@needs(rules.can_see_asks)
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits for a second person or a decision, what the reader can do first."""
    return render(request, "asks/waiting.html", {
        "rows": waiting_for(me(request), timezone.localdate()), "today": timezone.localdate(),
    })  # fmt: skip
