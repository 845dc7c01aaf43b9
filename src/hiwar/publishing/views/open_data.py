"""Open data for everybody: the page that lists the tables, their files, and the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hiwar.accounts.queries import the_institution
from hiwar.common.tables.lending import public_table
from hiwar.dialogues.queries.method import LICENCE, LICENCE_URL
from hiwar.publishing.exports import catalogue as written
from hiwar.publishing.exports.feeds import absolute
from hiwar.publishing.exports.linked_data import json_ld, turtle
from hiwar.publishing.exports.open_data import MIMES, csv_metadata, files_of
from hiwar.publishing.queries.open_data import listed_tables, state_of
from hiwar.publishing.queries.profile import the_profile
from hiwar.publishing.views.keeping import for_other_sites, kept_for_a_minute

if TYPE_CHECKING:
    from django.http import HttpRequest

LINKED = {
    "ttl": (turtle, "text/turtle; charset=utf-8"),
    "jsonld": (json_ld, "application/ld+json"),
}
CATALOGUES = (("Turtle", "ttl"), ("JSON-LD", "jsonld"))


@require_safe
@kept_for_a_minute
def page(request: HttpRequest, language: str) -> HttpResponse:
    """List the tables that everybody may have: what each means, its columns, licence and files."""
    return render(request, "publishing/public/open_data.html", {
        "heading": _("Open data"), "house": the_institution(),
        "licence": LICENCE, "licence_url": LICENCE_URL,
        "tables": [
            (table, state, [
                (kind.upper(), reverse("public_publishing:table_file", args=[table.code, kind]),
                 getattr(state, f"{kind}_size", None))
                for kind in MIMES
            ])
            for table, state in listed_tables()
        ],
        "catalogues": [
            (name, reverse("public_publishing:catalogue", args=[kind]))
            for name, kind in CATALOGUES
        ],
        "datasets": reverse("public_publishing:datasets"),
        "interface": reverse("public_publishing:interface"),
        "description": reverse("public_publishing:interface_description"),
        "checksums": reverse("public_publishing:checksums"),
    })  # fmt: skip


@for_other_sites
@require_safe
@kept_for_a_minute
def table_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Give a table as it is now, as CSV or JSON; it says since when it is so."""
    table = public_table(code)
    if table is None or kind not in MIMES:
        raise Http404
    files = files_of(table, timezone.now())
    content = files.csv if kind == "csv" else files.json
    response = HttpResponse(content, MIMES[kind])
    state = state_of(code)
    if state is not None and state.fingerprint == files.fingerprint:
        response["Last-Modified"] = http_date(state.changed_at.timestamp())
    response["Content-Disposition"] = f'attachment; filename="{code}.{kind}"'
    links = [f'<{LICENCE_URL}>; rel="license"']
    if kind == "csv":
        about = absolute(reverse("public_publishing:table_metadata", args=[code]))
        links.append(f'<{about}>; rel="describedby"; type="application/csvm+json"')
    response["Link"] = ", ".join(links)
    return response


@for_other_sites
@require_safe
@kept_for_a_minute
def metadata(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the columns of a table's CSV mean, in the words of CSV on the Web."""
    table = public_table(code)
    if table is None:
        raise Http404
    return _json(csv_metadata(table), "application/csvm+json")


@for_other_sites
@require_safe
@kept_for_a_minute
def linked(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the catalogue of the open data as DCAT-AP, in Turtle or JSON-LD."""
    if kind not in LINKED:
        raise Http404
    write, media = LINKED[kind]
    nodes = written.catalogue(listed_tables(), the_institution(), the_profile())
    return HttpResponse(write(nodes, written.PREFIXES), media)


@for_other_sites
@require_safe
@kept_for_a_minute
def datasets(request: HttpRequest) -> HttpResponse:
    """Give the catalogue in the words of schema.org, for search engines of data."""
    return _json(written.schema_org(listed_tables(), the_institution()), "application/ld+json")


@for_other_sites
@require_safe
@kept_for_a_minute
def checksums(request: HttpRequest) -> HttpResponse:
    """Give the checksums of all files as they were last noted, as ``sha256sum -c`` reads them."""
    lines = [
        f"{getattr(state, f'{kind}_sha256')}  {table.code}.{kind}\n"
        for table, state in listed_tables() if state is not None
        for kind in MIMES
    ]  # fmt: skip
    return HttpResponse("".join(lines), "text/plain; charset=utf-8")


def _json(document: object, media: str) -> JsonResponse:
    return JsonResponse(
        document, content_type=media, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
