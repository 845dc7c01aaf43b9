"""The desk's search: what the rooms offer, as far as whoever asks may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render

from hiwar.accounts.access import me
from hiwar.common.desk.pages import pages_of
from hiwar.common.search.query import find

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST = 200
OF_EACH, OF_ONE = 5, 20


def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST]
    kind = request.GET.get("kind", "")[:60]
    page = _page(request.GET.get("page", ""))
    size = OF_ONE if kind else OF_EACH
    answer = find(me(request), text, kind=kind, start=(page - 1) * size if kind else 0, size=size)
    context = {
        "query": text,
        "kind": kind,
        "found": answer,
        "pages": pages_of(request, page, max(1, -(-answer.count // size)) if kind else 1),
        "all": f"?{urlencode({'q': text})}",
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "accounts/_search_results.html" if is_part else "accounts/search.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


def _page(text: str) -> int:
    return min(max(int(text), 1), 1000) if text.isdecimal() else 1
