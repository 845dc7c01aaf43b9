"""What opens without an account: an organisation's own positions, by its private link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hiwar.asks.actions import positions as act
from hiwar.asks.forms import OwnForm
from hiwar.asks.models import Position
from hiwar.asks.queries.positions import link_of, own_positions
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Show an organisation what is noted of it and take a correction; opening changes nothing."""
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("language", "")
    language = asked if asked in known else get_language() or settings.LANGUAGE_CODE
    with override(language):
        return _own(request, token, language)


def _own(request: HttpRequest, token: str, language: str) -> HttpResponse:
    now = timezone.now()
    link = link_of(token, timezone.localdate(now))
    if link is None:
        raise Http404
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
            "changes": [(cell, stances[one.stance], one.words.get(language, ""))
                        for cell, one in changes],
        }  # fmt: skip
        return render(request, "asks/own.html", context)
    try:
        made = act.correct_own_positions(link=link, sayings=sayings, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        thanks = _("Thank you. What you wrote stands in the table from today.")
        messages.success(request, thanks if made else _("Nothing was changed."))
    return redirect(f"{request.path}?language={language}")
