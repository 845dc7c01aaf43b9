"""What was noted of a post, behind its private link: it replies to it, and disputes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hiwar.asks.actions.disputes import Objection, dispute_by_link, reply_by_link
from hiwar.asks.forms.disputes import OwnWordsForm
from hiwar.asks.models import Commitment
from hiwar.asks.queries.disputes import promises_at, verdicts_at
from hiwar.asks.queries.letters import ANSWER
from hiwar.asks.views.links import context_of_link
from hiwar.common.links.pages import behind_link
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.asks.models import AnswerLink
    from hiwar.asks.queries.disputes import Disputable


def may_reply(verdict: Disputable) -> bool:
    """Return whether a post may still say something to what was put to it."""
    if isinstance(verdict, Commitment):
        return False
    return verdict.put_on is not None and not verdict.reply


def may_dispute(verdict: Disputable) -> bool:
    """Return whether a post may dispute what was verified of it, or that it promised something."""
    if isinstance(verdict, Commitment):
        return verdict.counts and not verdict.is_disputed
    return verdict.second_person is not None and not verdict.is_disputed


@behind_link(ANSWER, takes_answers=True)
def noted(request: HttpRequest, link: AnswerLink, token: str) -> HttpResponse:
    """Show a post what was noted of it and take its reply or dispute, in two steps.

    Opening changes nothing. What was noted and is not verified stands here alone before.
    """
    verdicts: list[Disputable] = [*promises_at(link.addressee), *verdicts_at(link.addressee)]
    language = get_language() or ""
    context = context_of_link(link, token, language) | {
        "rows": [(verdict, may_reply(verdict), may_dispute(verdict)) for verdict in verdicts],
        "form": None,
    }
    chosen = next((row for row in verdicts if str(row.pk) == request.POST.get("verdict", "")), None)
    if chosen is None or not (may_reply(chosen) or may_dispute(chosen)):
        return render(request, "asks/noted.html", context)
    is_filled = "words" in request.POST
    form = OwnWordsForm(request.POST if is_filled else None, initial={"verdict": chosen.pk})
    context |= {"form": form, "chosen": chosen, "is_reply": may_reply(chosen)}
    if not is_filled or not form.is_valid():
        return render(request, "asks/noted.html", context)
    if request.POST.get("confirm") != "yes":
        return render(request, "asks/noted.html", context | {"confirming": True})
    words, by_whom = form.cleaned_data["words"], form.cleaned_data["by_whom"]
    try:
        if not isinstance(chosen, Commitment) and may_reply(chosen):
            reply_by_link(link=link, verdict=chosen, reply=words, now=timezone.now())
        else:
            objection = Objection(words, by_whom)
            dispute_by_link(link=link, verdict=chosen, objection=objection, now=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "asks/noted.html", context)
    messages.success(request, _("Thank you. What you wrote was received, word for word."))
    return redirect(f"{request.path}?language={language}")
