"""Outcomes at the desk: what became of a point at a post, verified by a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import outcomes as act
from hiwar.asks.actions.commitments import is_reply_open
from hiwar.asks.desk.points import addressee_or_404, show_form
from hiwar.asks.forms.commitments import ReplyForm
from hiwar.asks.forms.outcomes import OutcomeForm
from hiwar.asks.models import AskPoint, Outcome
from hiwar.asks.queries.disputes import name_posts_of
from hiwar.asks.queries.outcomes import outcomes_for
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.evidence.queries.library import items_for
from hiwar.legislation.rules import can_read_version

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def outcome_or_404(request: HttpRequest, key: str) -> Outcome:
    """Return an outcome of an ask that the reader may read, or answer 404."""
    outcome = part_or_404(outcomes_for(me(request)), key)
    name_posts_of(me(request), [outcome])
    return outcome


@needs(rules.can_edit_asks)
def record(request: HttpRequest, key: str, point: str) -> HttpResponse:
    """Record what became of a point at a post."""
    addressee, user = addressee_or_404(request, key), me(request)
    wanted = part_or_404(
        AskPoint.objects.filter(ask=addressee.ask).select_related(
            "ask__dossier", "provision__version", "amendment"
        ),
        point,
    )
    if wanted.amendment_id is not None:
        messages.error(request, str(act.OutcomeOfAmendment()))
        return redirect("asks:ask", wanted.ask_id)
    initial = {"on": timezone.localdate()}
    form = OutcomeForm(user, wanted, addressee, request.POST or None, initial=initial)
    outcomes: list[Outcome] = []
    if attempt_and_say(request, form, lambda: outcomes.append(act.record_outcome(
            actor=user, point=wanted, addressee=addressee, became=form.became(),
            shown=form.shown(), commitment=form.cleaned_data["commitment"], now=timezone.now(),
        )), _("It is recorded, and waits for a second person.")):  # fmt: skip
        return redirect("asks:outcome", outcomes[0].pk)
    return show_form(
        request, form, wanted.ask, title=_("What became of the point"), verb=_("Record it"),
        lead=f"{wanted} · {addressee.post.organisation} · {addressee.post}",
    )  # fmt: skip


@needs(rules.can_see_asks)
def outcome(request: HttpRequest, key: str) -> HttpResponse:
    """Show what became of a point at a post: how it is known, the reply, who verified it."""
    subject, user = outcome_or_404(request, key), me(request)
    ask = subject.point.ask
    version, item = subject.version, subject.item
    is_waiting = subject.confirmed_by is None
    may_verify = rules.can_verify_ask(user, ask) and subject.recorded_by_id != user.pk
    is_open = is_reply_open(subject, timezone.now())
    return render(request, "asks/outcome.html", {
        "outcome": subject, "ask": ask, "dossier": ask.dossier,
        "version": version if version is not None and can_read_version(user, version) else None,
        "item": item if item is not None and items_for(user).filter(pk=item.pk).exists() else None,
        "may_edit": rules.can_record_position(user, ask),
        "may_verify": is_waiting and may_verify and not is_open,
        "is_reply_open": is_waiting and is_open,
        "is_public": not is_waiting and ask.visibility == "public",
    })  # fmt: skip


@needs(rules.can_edit_asks)
def reply(request: HttpRequest, key: str) -> HttpResponse:
    """Record what a post replied to an outcome; it stands above it."""
    subject = outcome_or_404(request, key)
    form = ReplyForm(request.POST or None, initial={"replied_on": timezone.localdate()})
    if attempt_and_say(
        request,
        form,
        lambda: act.record_outcome_reply(
            actor=me(request), outcome=subject, now=timezone.now(), **form.cleaned_data
        ),
        _("Their reply stands above the verdict."),
    ):
        return redirect("asks:outcome", subject.pk)
    return show_form(
        request, form, subject.point.ask, title=_("Their reply"), verb=_("Record the reply"),
        lead=f"{subject} · {subject.point}",
    )  # fmt: skip


@require_POST
@needs(rules.can_verify_asks)
def verify(request: HttpRequest, key: str) -> HttpResponse:
    subject = outcome_or_404(request, key)
    attempt(
        request,
        lambda: act.verify_outcome(actor=me(request), outcome=subject, now=timezone.now()),
        _("Verified. What became of the latest day counts."),
    )
    return redirect("asks:outcome", subject.pk)
