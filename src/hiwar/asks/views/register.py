"""The register of meetings for everybody: the list, one entry, and the list as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hiwar.asks.exports.register import rows
from hiwar.asks.queries.register import (
    Wish,
    is_register_open,
    lines_of,
    posts_in,
    public_entries,
    wished,
    years_in,
)
from hiwar.asks.views.everybody import alternates
from hiwar.common.desk.lists import Select
from hiwar.common.desk.pages import first_or_404, paged
from hiwar.common.tables import file_response, write_csv

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST = 200


@require_safe
def register(request: HttpRequest, language: str) -> HttpResponse:
    """List which posts were met, when and on what, the latest first; also as a file."""
    if not is_register_open():
        raise Http404
    today = timezone.localdate()
    wish = Wish(*(request.GET.get(name, "").strip()[:LONGEST] for name in ("q", "post", "year")))
    everything = public_entries()
    entries = wished(everything, wish)
    if request.GET.get("as") == "csv":
        return file_response(
            write_csv(rows(lines_of(entries), request.build_absolute_uri("/"))),
            f"meetings-{today:%Y-%m-%d}.csv",
        )
    years = [(year, year) for year in years_in(everything)]
    page = paged(request, entries)
    file_address = request.GET.copy()
    file_address["as"] = "csv"
    return render(request, "asks/public/register.html", {
        **page, "lines": lines_of(page["page"].object_list), "today": today, "wish": wish,
        "selects": [
            Select("post", _("Which post"), _("all posts"), posts_in(everything), wish.post),
            Select("year", _("Which year"), _("all years"), years, wish.year),
        ],
        "is_narrowed": bool(wish.words or wish.post or wish.year),
        "file_address": f"?{file_address.urlencode()}",
        "here": reverse("public_asks:register", args=[language]),
        "alternates": alternates("register"),
    })  # fmt: skip


@require_safe
def entry(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Show one entry of the register, with what stood there before it was corrected."""
    row = first_or_404(public_entries().filter(pk=UUID(key)))
    return render(request, "asks/public/register_entry.html", {
        "line": lines_of([row])[0], "alternates": alternates("meeting", key),
    })  # fmt: skip
