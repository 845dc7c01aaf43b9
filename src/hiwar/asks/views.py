"""What opens without an account: an organisation's own positions, by its private link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hiwar.asks.actions import positions as act
from hiwar.asks.forms import OwnForm
from hiwar.asks.models import Position, PositionLink
from hiwar.asks.queries.positions import OWN, own_positions
from hiwar.common.links.pages import behind_link
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
