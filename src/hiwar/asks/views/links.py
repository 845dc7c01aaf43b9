"""What opens without an account, by a private link: own positions, and what a post is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hiwar.accounts.queries import the_institution
from hiwar.asks.actions import answer_links
from hiwar.asks.actions import positions as act
from hiwar.asks.actions.answers import Reply
from hiwar.asks.forms import OwnForm
from hiwar.asks.forms.letters import AnswerFilesForm, HandOnForm, OfficialForm
from hiwar.asks.models import Answer, AnswerLink, AnswerPoint, Position, PositionLink
from hiwar.asks.queries.disputes import promises_at, verdicts_at
from hiwar.asks.queries.letters import ANSWER, own_answer, points_of
from hiwar.asks.queries.positions import OWN, own_positions
from hiwar.common.files.uploads import sent
from hiwar.common.links.pages import behind_link
from hiwar.common.links.purposes import address
from hiwar.common.numbering import written
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@behind_link(OWN, takes_answers=True)
def own(request: HttpRequest, link: PositionLink, token: str) -> HttpResponse:
    """Show an organisation what is noted of it and take a correction; opening changes nothing."""
    now, language = timezone.now(), get_language() or settings.LANGUAGE_CODE
    cells = own_positions(link, timezone.localdate(now))
    form = OwnForm(cells, language, request.POST or None)
    context = {
        "link": link,
        "form": form,
        "language": language,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code != language],
        "confirming": False,
    }
    if not form.is_valid():
        return render(request, "asks/own.html", context)
    sayings = {
        str(cell.ask.pk): act.Saying(stance, words, form.cleaned_data["said_by"])
        for cell in cells
        for stance, words in [form.said(cell)]
    }
    changes = [
        (cell, sayings[str(cell.ask.pk)])
        for cell in cells
        if sayings[str(cell.ask.pk)].stance
        and (
            cell.position is None
            or cell.position.stance != sayings[str(cell.ask.pk)].stance
            or dict(cell.position.words) != sayings[str(cell.ask.pk)].words
        )
    ]
    if request.POST.get("confirm") != "yes":
        stances = dict(Position.Stance.choices)
        context |= {
            "confirming": True,
            "changes": [(cell, stances[saying.stance], saying.words.get(language, ""))
                        for cell, saying in changes],
        }  # fmt: skip
        return render(request, "asks/own.html", context)
    try:
        corrected = act.correct_own_positions(link=link, sayings=sayings, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        thanks = _("Thank you. What you wrote stands in the table from today.")
        messages.success(request, thanks if corrected else _("Nothing was changed."))
    return redirect(f"{request.path}?language={language}")


@behind_link(ANSWER, takes_answers=True)
def answer(request: HttpRequest, link: AnswerLink, token: str) -> HttpResponse:
    """Show a post what it is asked, by whom and until when, and take its answer in two steps.

    Opening changes nothing: scanners of mail open every link.
    """
    now, language = timezone.now(), get_language() or settings.LANGUAGE_CODE
    if "hand_on" in request.POST or "elsewhere" in request.POST:
        return _pass_on(request, link, token, language)
    points, earlier = points_of(link), own_answer(link)
    preset = {
        str(row.point_id): row.verdict
        for row in (earlier.answer_points.all() if earlier is not None else [])
    }
    wish = request.GET.get("all", "")
    if wish in AnswerPoint.Verdict.values:
        preset = {str(point.pk): wish for point in points}
    form = OfficialForm(points, preset, request.POST or None)
    context = context_of_link(link, token, language) | {"form": form, "earlier": earlier}
    if not form.is_valid():
        return render(request, "asks/official.html", context)
    cleaned, verdicts = form.cleaned_data, form.verdicts()
    reply = Reply(
        verdicts, cleaned["words"], cleaned["until"], cleaned["giver_name"],
        cleaned["giver_function"], cleaned["capacity"], may_publish=cleaned["may_publish"],
    )  # fmt: skip
    labels = dict(AnswerPoint.Verdict.choices)
    is_confirmed = request.POST.get("confirm") == "yes"
    files = AnswerFilesForm(*(sent(request) if is_confirmed else (None, None)))
    context |= {
        "confirming": bool(verdicts),
        "files": files,
        "shown": [
            (point, labels.get(verdicts.get(str(point.pk), ""), _("no answer"))) for point in points
        ],
    }
    if not verdicts:
        form.add_error(None, _("Choose an answer for at least one point."))
    if not verdicts or not is_confirmed or not files.is_valid():
        return render(request, "asks/official.html", context)
    try:
        answer_links.answer_by_link(link=link, reply=reply, files=files.sent(), now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "asks/official.html", context | {"confirming": False})
    messages.success(request, _("Thank you. Your answer was received, word for word."))
    return redirect(f"{request.path}?language={language}")


def context_of_link(link: AnswerLink, token: str, language: str) -> dict[str, Any]:
    """Return what every page behind the link of a post shows: who asks, whom, until when."""
    addressee, letter = link.addressee, link.letter
    return {
        "link": link,
        "token": token,
        "language": language,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code != language],
        "ask": addressee.ask,
        "post": addressee.post,
        "due": addressee.needs_time_until or addressee.answer_due,
        "institution": the_institution(),
        "number": written(letter.number) if letter is not None and letter.number else "",
        "verdicts": AnswerPoint.Verdict.choices,
        "noted": len(promises_at(addressee)) + len(verdicts_at(addressee)),
        "hand_on": HandOnForm(),
        "confirming": False,
    }


def _pass_on(request: HttpRequest, link: AnswerLink, token: str, language: str) -> HttpResponse:
    """Make a link for somebody else, or note whose it is; neither closes anything."""
    try:
        if "hand_on" in request.POST:
            name = request.POST.get("handed_to", "")
            handed = answer_links.hand_on(link=link, handed_to=name, now=timezone.now())
            context = context_of_link(link, token, language) | {
                "handed_on_link": address(ANSWER, handed),
                "form": OfficialForm(points_of(link), {}),
                "earlier": own_answer(link),
            }
            return render(request, "asks/official.html", context)
        whose = request.POST.get("whose", "").strip()
        if whose:
            reply = Reply(words=whose, kind=Answer.Kind.ELSEWHERE)
            answer_links.answer_by_link(link=link, reply=reply, files=[], now=timezone.now())
            messages.success(request, _("Thank you. We will ask there; this page stays open."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{request.path}?language={language}")
