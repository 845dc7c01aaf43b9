"""The trace at the desk: rivers of dossiers, ways of records, and what stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from hiwar.accounts.access import me, needs
from hiwar.accounts.models import User
from hiwar.common.desk.pages import paged
from hiwar.common.navigation import Risk, stand_under
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number
from hiwar.dossiers.queries.dossiers import all_readable
from hiwar.dossiers.queries.extension_points import RiverStation
from hiwar.dossiers.rules import can_edit_dossiers, can_see_dossiers
from hiwar.papers.queries.papers import papers_for
from hiwar.papers.rules import can_see_papers
from hiwar.trace.exports.files import archive_of
from hiwar.trace.exports.pages import (
    Door,
    river_context,
    shown,
    station_context,
    walk_context,
)
from hiwar.trace.queries.addresses import law_behind, on_article, owned_graph, place_of
from hiwar.trace.queries.graphs import graph_for
from hiwar.trace.queries.kinds import STATIONS
from hiwar.trace.queries.river import furthest, orphans_of, river_of
from hiwar.trace.queries.scopes import scope_around, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from hiwar.dossiers.models import Dossier

DESK = Door()


@needs(can_see_dossiers)
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """Show the river of a dossier, or everything that stands at one of its stations."""
    subject = get_object_or_404(all_readable(request.user), code=code)
    stand_under(request, reverse("dossiers:list"))
    graph = graph_for(me(request), scope_of([subject.pk]), timezone.now())
    station = request.GET.get("station", "")
    if station in {str(known) for known in STATIONS}:
        context = station_context(graph, DESK, int(station))
        page = paged(request, context.pop("nodes"))
        rows = [shown(node, DESK) for node in page["page"].object_list]
        context |= {"dossier": subject, "rows": rows, **page}
        return render(request, "trace/station.html", context)
    context = {
        **river_context(graph, DESK), "dossier": subject, "today": timezone.localdate(),
        "address": f"{settings.PUBLIC_ORIGIN}{reverse('trace:dossier', args=[code])}",
        "files": reverse("trace:dossier_files", args=[code]),
    }  # fmt: skip
    return render(request, "trace/river.html", context)


@needs(can_see_papers)
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Show the river of one paper: what it rests on and what came of it."""
    subject = get_object_or_404(papers_for(me(request)), code=code)
    stand_under(request, reverse("papers:list"))
    graph = graph_for(me(request), scope_of([], [subject.pk]), timezone.now())
    context = {
        **river_context(graph, DESK), "paper": subject, "today": timezone.localdate(),
        "address": f"{settings.PUBLIC_ORIGIN}{reverse('trace:paper', args=[code])}",
        "files": reverse("trace:paper_files", args=[code]),
    }  # fmt: skip
    return render(request, "trace/river.html", context)


@needs(can_see_dossiers)
def dossier_files(request: HttpRequest, code: str) -> HttpResponse:
    """Give the river of a dossier as files, as far as the reader may read it."""
    subject = get_object_or_404(all_readable(request.user), code=code)
    graph = graph_for(me(request), scope_of([subject.pk]), timezone.now())
    content = archive_of(graph, DESK, str(subject.title), timezone.localdate())
    return file_response(content, f"{code}-trace.zip")


@needs(can_see_papers)
def paper_files(request: HttpRequest, code: str) -> HttpResponse:
    """Give the river of a paper as files, as far as the reader may read it."""
    subject = get_object_or_404(papers_for(me(request)), code=code)
    graph = graph_for(me(request), scope_of([], [subject.pk]), timezone.now())
    content = archive_of(graph, DESK, str(subject.title), timezone.localdate())
    return file_response(content, f"{code}-trace.zip")


@needs(can_see_dossiers)
def walk(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show the way back and the way forward of one record that the reader may read."""
    now, at = timezone.now(), place_of(kind, code)
    if at is None:
        raise Http404
    stand_under(request, reverse("dossiers:list"))
    graph = graph_for(me(request), scope_around(*at), now)
    if at not in graph.places:
        raise Http404
    context = walk_context(graph, [graph.places[at]], DESK, now)
    path = reverse("trace:walk", args=[kind, code])
    context |= {"today": timezone.localdate(), "address": f"{settings.PUBLIC_ORIGIN}{path}"}
    return render(request, "trace/walk.html", context)


@needs(can_see_dossiers)
def article(request: HttpRequest, code: str) -> HttpResponse:
    """Show what led to an article of a law, and what was made of it."""
    now, behind = timezone.now(), law_behind(me(request), code)
    if behind is None:
        raise Http404
    stand_under(request, reverse("dossiers:list"))
    law, eid = behind
    graph = graph_for(me(request), scope_of([law.dossier_id]), now)
    context = walk_context(graph, on_article(graph, law, eid), DESK, now)
    path = reverse("trace:article", args=[code])
    context |= {
        "today": timezone.localdate(), "address": f"{settings.PUBLIC_ORIGIN}{path}",
        "law": law, "slug": code.partition(".")[2],
    }  # fmt: skip
    return render(request, "trace/walk.html", context)


@needs(can_edit_dossiers)
def orphans(request: HttpRequest) -> HttpResponse:
    """List what stands alone in the dossiers that the reader owns."""
    stand_under(request, reverse("dossiers:list"))
    groups = [
        (group, [shown(node, DESK) for node in group.nodes])
        for group in orphans_of(owned_graph(me(request), timezone.now()))
    ]
    return render(request, "trace/orphans.html", {"groups": groups})


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Yield how much stands alone in the dossiers that whoever asks owns."""
    user = request.user
    if not isinstance(user, User) or not can_edit_dossiers(user):
        return
    for group in orphans_of(owned_graph(user, timezone.now())):
        count = len(group.nodes)
        text = ngettext("%(n)s in your dossiers", "%(n)s in your dossiers", count)
        url = f"{reverse('trace:orphans')}#{group.code}"
        yield Risk(str(group.name), text % {"n": number(count)}, url)


def river_in_dossier(user: User, dossier: Dossier) -> list[RiverStation]:
    """Return the stations of a dossier for its own page, the furthest marked."""
    stations = river_of(graph_for(user, scope_of([dossier.pk]), timezone.now()))
    last = furthest(stations)
    page = reverse("trace:dossier", args=[dossier.code])
    return [
        RiverStation(
            station.word, station.count, f"{page}?station={station.number}", station is last
        )
        for station in stations
    ]
