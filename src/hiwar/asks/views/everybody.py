"""Asks for everybody: the list, and one with its answers, promises, outcomes and disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hiwar.asks.queries.everybody import points_of, public_ask, public_asks
from hiwar.asks.queries.register import is_register_open
from hiwar.asks.queries.requests import courses_of, public_requests
from hiwar.asks.queries.scores import lines_of, public_scores
from hiwar.asks.queries.standing import standings_of
from hiwar.common.desk.pages import paged
from hiwar.common.models import Visibility
from hiwar.common.tables import file_response, write_csv

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def asks(request: HttpRequest, language: str) -> HttpResponse:
    """List the asks that everybody may read, the latest first."""
    page = paged(request, public_asks())
    shown = list(page["page"].object_list)
    standings = standings_of(None, shown, timezone.localdate())
    return render(request, "asks/public/asks.html", {
        **page, "rows": [(subject, standings[subject.pk]) for subject in shown],
        "has_register": is_register_open(), "alternates": alternates("asks"),
    })  # fmt: skip


@require_safe
def ask(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Show an ask: what was asked, answered, promised and changed, side by side, and disputes."""
    subject = public_ask(key)
    if subject is None:
        raise Http404
    today = timezone.localdate()
    standing, points = points_of(subject, today)
    is_open = subject.dossier.visibility == Visibility.PUBLIC and not subject.dossier.archived_at
    return render(request, "asks/public/ask.html", {
        "ask": subject, "standing": standing, "points": points, "today": today,
        "dossier": subject.dossier if is_open else None, "alternates": alternates("ask", key),
    })  # fmt: skip


@require_safe
def scores(request: HttpRequest, language: str) -> HttpResponse:
    """Show the promises of bodies in counts, also as a file."""
    today = timezone.localdate()
    shown = public_scores(today)
    if request.GET.get("as") == "csv":
        return file_response(write_csv(lines_of(shown, today)), f"promises-{today:%Y-%m-%d}.csv")
    return render(request, "asks/public/scores.html", {
        "scores": shown, "today": today, "alternates": alternates("scores"),
    })  # fmt: skip


@require_safe
def requests(request: HttpRequest, language: str) -> HttpResponse:
    """List the information requests that everybody may read, the latest first."""
    today = timezone.localdate()
    page = paged(request, public_requests())
    return render(request, "asks/public/requests.html", {
        **page, "courses": courses_of(page["page"].object_list, today), "today": today,
        "alternates": alternates("requests"),
    })  # fmt: skip


def alternates(name: str, *arguments: str) -> list[tuple[str, str]]:
    """Return language and address of a public page in every language."""
    return [
        (other, reverse(f"public_asks:{name}", args=[other, *arguments]))
        for other, _name in settings.LANGUAGES
    ]
