"""Promises at the desk: the tracker, one promise with its proofs and states, and their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import commitments as act
from hiwar.asks.actions.publishing import show_commitment
from hiwar.asks.desk.points import ask_or_404, show_form
from hiwar.asks.forms import commitments as forms
from hiwar.asks.models import Commitment, StateChange
from hiwar.asks.queries.commitments import (
    changes_of,
    commitments_for,
    origins_for,
    proofs_for,
    scorecard,
    verdict_on,
)
from hiwar.asks.queries.disputes import DISPUTES, name_posts_of
from hiwar.asks.queries.outcomes import outcomes_for
from hiwar.asks.queries.posts import addressees_for, name_readable_posts
from hiwar.asks.queries.standing import is_late
from hiwar.common.desk.pages import (
    attempt,
    attempt_and_say,
    attempt_with_form,
    part_or_404,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def commitment_or_404(request: HttpRequest, key: str) -> Commitment:
    commitment = part_or_404(commitments_for(me(request)), key)
    name_readable_posts(me(request), [commitment])
    return commitment


def change_or_404(request: HttpRequest, key: str) -> StateChange:
    """Return a state of a promise that the reader may read, or answer 404."""
    readable = commitments_for(me(request)).order_by().values("pk")
    change = part_or_404(
        StateChange.objects.filter(commitment__in=readable).select_related(
            "commitment__point__ask__dossier", "commitment__post__organisation"
        ),
        key,
    )
    name_posts_of(me(request), [change])
    return change


@needs(rules.can_see_asks)
def tracker(request: HttpRequest) -> HttpResponse:
    """Show every promise by its day, and counts for each body."""
    today = timezone.localdate()
    commitments = list(commitments_for(me(request)))
    named = name_readable_posts(me(request), commitments)
    return render(request, "asks/commitments.html", {
        "rows": [(row, is_late(row, today)) for row in commitments],
        "scores": scorecard(named, today), "today": today,
    })  # fmt: skip


@needs(rules.can_edit_asks)
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Record what a post promised."""
    subject, user = ask_or_404(request, key), me(request)
    origins = origins_for(user, subject)
    choices = [(origin, words) for origin, (words, _record) in origins.items()]
    form = forms.CommitmentForm(subject, addressees_for(user), choices, request.POST or None)
    if form.is_valid():
        cleaned = form.cleaned_data
        if attempt_with_form(
            form,
            lambda: act.record_commitment(
                actor=user, point=cleaned["point"], post=cleaned["addressee"].post,
                promised=act.Promised(
                    cleaned["words"], cleaned["made_on"], cleaned["due_on"],
                    cleaned["due_precision"],
                ),
                origin=origins[cleaned["origin"]][1], now=timezone.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("The promise is recorded, and its day is watched."))
            return redirect("asks:ask", subject.pk)
    return show_form(
        request, form, subject, title=_("Record a promise"), verb=_("Record the promise")
    )


@needs(rules.can_see_asks)
def commitment(request: HttpRequest, key: str) -> HttpResponse:
    """Show a promise: what was asked, answered and promised, its proofs, and each state."""
    subject, user = commitment_or_404(request, key), me(request)
    ask = subject.point.ask
    now, changes = timezone.now(), changes_of(subject)
    name_posts_of(user, changes)
    if subject.answer is not None:
        name_readable_posts(user, [subject.answer.addressee])
    outcomes = outcomes_for(user).filter(point=subject.point, addressee__post=subject.post)
    addressee = ask.addressees.filter(post=subject.post).first()
    prefetch_related_objects([subject], DISPUTES)
    name_readable_posts(user, subject.disputes.all())
    return render(request, "asks/commitment.html", {
        "verdict": verdict_on(subject), "outcomes": outcomes.exclude(confirmed_by=None),
        "addressee": addressee,
        "may_show": rules.can_approve_ask(user, ask),
        "commitment": subject, "dossier": ask.dossier, "ask": ask,
        "is_late": is_late(subject, timezone.localdate()), "today": timezone.localdate(),
        "proofs": proofs_for(user, subject),
        "changes": changes, "me": user,
        "open_replies": {change.pk for change in changes if act.is_reply_open(change, now)},
        "may_edit": rules.can_record_position(user, ask),
        "may_verify": rules.can_verify_ask(user, ask),
    })  # fmt: skip


@needs(rules.can_edit_asks)
def add_proof(request: HttpRequest, key: str) -> HttpResponse:
    """Add evidence for or against a promise being kept."""
    subject = commitment_or_404(request, key)
    initial = {"brought_on": timezone.localdate()}
    dossier = subject.point.ask.dossier
    form = forms.ProofForm(me(request), dossier, request.POST or None, initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.add_proof(
            actor=me(request), commitment=subject, now=timezone.now(), **form.proof()
        ),
        _("The proof is added."),
    ):
        return redirect("asks:commitment", subject.pk)
    return show_form(
        request, form, subject.point.ask, title=_("Add a proof"), verb=_("Save the proof"),
        lead=str(subject),
    )  # fmt: skip


@needs(rules.can_edit_asks)
def settle(request: HttpRequest, key: str) -> HttpResponse:
    """Record what became of a promise; a second person verifies it."""
    subject = commitment_or_404(request, key)
    form = forms.SettlingForm(request.POST or None, initial={"day": timezone.localdate()})
    if attempt_and_say(
        request,
        form,
        lambda: act.settle_commitment(
            actor=me(request), commitment=subject, now=timezone.now(), **form.cleaned_data
        ),
        _("It is recorded, and waits for a second person."),
    ):
        return redirect("asks:commitment", subject.pk)
    return show_form(
        request, form, subject.point.ask, title=_("What became of it"), verb=_("Record it"),
        lead=str(subject),
    )  # fmt: skip


@needs(rules.can_edit_asks)
def reply(request: HttpRequest, key: str) -> HttpResponse:
    """Record what a post replied to a verdict; it stands above it."""
    change = change_or_404(request, key)
    subject = commitment_or_404(request, str(change.commitment_id))
    form = forms.ReplyForm(request.POST or None, initial={"replied_on": timezone.localdate()})
    if attempt_and_say(
        request,
        form,
        lambda: act.record_reply(
            actor=me(request), change=change, now=timezone.now(), **form.cleaned_data
        ),
        _("Their reply stands above the verdict."),
    ):
        return redirect("asks:commitment", subject.pk)
    return show_form(
        request, form, subject.point.ask, title=_("Their reply"), verb=_("Record the reply"),
        lead=str(subject),
    )  # fmt: skip


@require_POST
@needs(rules.can_verify_asks)
def verify(request: HttpRequest, key: str) -> HttpResponse:
    change = change_or_404(request, key)
    attempt(
        request,
        lambda: act.verify_change(actor=me(request), change=change, now=timezone.now()),
        _("Verified. The state of the latest day is the state of the promise."),
    )
    return redirect("asks:commitment", change.commitment_id)


@require_POST
@needs(rules.can_approve_asks)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Let everybody read a promise with its verified states, or no longer."""
    subject, is_public = commitment_or_404(request, key), request.POST.get("is_public") == "yes"
    attempt(
        request,
        lambda: show_commitment(
            actor=me(request), commitment=subject, is_public=is_public, now=timezone.now()
        ),
        _("Everybody reads it from now on.") if is_public else _("It is read at the desk alone."),
    )
    return redirect("asks:commitment", subject.pk)
