"""The trace for everybody: the river of a dossier or a paper, and the ways of a single record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hiwar.common.desk.pages import first_or_404
from hiwar.common.models import Visibility
from hiwar.common.tables import file_response
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries.extension_points import RiverStation
from hiwar.papers.queries.papers import public_versions
from hiwar.trace.exports.files import archive_of
from hiwar.trace.exports.pages import Door, river_context, walk_context
from hiwar.trace.queries.addresses import law_behind, on_article, place_of
from hiwar.trace.queries.graphs import public_graph
from hiwar.trace.queries.river import furthest, river_of
from hiwar.trace.queries.scopes import scope_around, scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from hiwar.papers.models import Paper
    from hiwar.trace.queries.graphs import Graph


def _page(request: HttpRequest, name: str, path: str, **context: Any) -> HttpResponse:
    context |= {
        "address": f"{settings.PUBLIC_ORIGIN}{path}",
        "today": timezone.localdate(),
        "alternates": [
            (code, path.replace(f"/{request.LANGUAGE_CODE}/", f"/{code}/", 1))
            for code, _name in settings.LANGUAGES
        ],
    }
    return render(request, f"trace/public/{name}.html", context)


def _of_dossier(code: str) -> tuple[Dossier, Graph]:
    subject = first_or_404(
        Dossier.objects.filter(code=code, visibility=Visibility.PUBLIC, archived_at=None)
    )
    return subject, public_graph(scope_of([subject.pk]), timezone.now())


def _of_paper(code: str) -> tuple[Paper, Graph]:
    versions = public_versions(code)
    if not versions or versions[0].withdrawn_at:
        raise Http404
    subject = versions[0].paper
    return subject, public_graph(scope_of([], [subject.pk]), timezone.now())


def _river(
    request: HttpRequest, language: str, name: str, subject: Dossier | Paper, graph: Graph
) -> HttpResponse:
    path = reverse(f"public_trace:{name}", args=[language, subject.code])
    files = reverse(f"public_trace:{name}_files", args=[language, subject.code])
    context = river_context(graph, Door(language))
    return _page(request, "river", path, title=subject.title, files=files, **context)


def river_in_dossier(dossier: Dossier, language: str, now: datetime) -> list[RiverStation]:
    """Return the stations of what is public of a dossier, the furthest marked."""
    stations = river_of(public_graph(scope_of([dossier.pk]), now))
    last = furthest(stations)
    page = reverse("public_trace:dossier", args=[language, dossier.code])
    return [
        RiverStation(
            station.word, station.count, f"{page}?station={station.number}", station is last
        )
        for station in stations
    ] if last else []  # fmt: skip


def _archive(language: str, subject: Dossier | Paper, graph: Graph) -> HttpResponse:
    content = archive_of(graph, Door(language), str(subject.title), timezone.localdate())
    return file_response(content, f"{subject.code}-trace.zip")


@require_safe
def dossier(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the river of a dossier that everybody may read."""
    return _river(request, language, "dossier", *_of_dossier(code))


@require_safe
def paper(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the river of a published paper: what it rests on and what came of it."""
    return _river(request, language, "paper", *_of_paper(code))


@require_safe
def dossier_files(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Give the river of a dossier that everybody may read as files."""
    return _archive(language, *_of_dossier(code))


@require_safe
def paper_files(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Give the river of a published paper as files."""
    return _archive(language, *_of_paper(code))


@require_safe
def walk(request: HttpRequest, language: str, kind: str, code: str) -> HttpResponse:
    """Show the way back and the way forward of one record that everybody may read."""
    now = timezone.now()
    at = place_of(kind, code)
    if at is None:
        raise Http404
    graph = public_graph(scope_around(*at), now)
    if at not in graph.places:
        raise Http404
    path = reverse("public_trace:walk", args=[language, kind, code])
    context = walk_context(graph, [graph.places[at]], Door(language), now)
    return _page(request, "walk", path, **context)


@require_safe
def article(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show what led to an article of a law, and what was made of it."""
    now = timezone.now()
    behind = law_behind(None, code)
    if behind is None:
        raise Http404
    law, eid = behind
    graph = public_graph(scope_of([law.dossier_id]), now)
    starts = on_article(graph, law, eid)
    if not starts:
        raise Http404
    path = reverse("public_trace:article", args=[language, code])
    context = walk_context(graph, starts, Door(language), now)
    return _page(request, "walk", path, law=law, slug=code.partition(".")[2], **context)
