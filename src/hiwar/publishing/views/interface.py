"""The read interface: the public tables as pages of rows, and their description."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from hiwar.common.patience import Patience, address_of, stopwatch
from hiwar.common.tables.lending import fingerprint_of, plain_rows, public_table
from hiwar.dialogues.queries.method import LICENCE_URL
from hiwar.publishing.exports.feeds import absolute
from hiwar.publishing.exports.interface import description
from hiwar.publishing.exports.open_data import columns_of, file_address, in_every_language
from hiwar.publishing.queries.open_data import listed_tables, state_of
from hiwar.publishing.views.keeping import for_other_sites, kept_for_a_minute

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hiwar.common.tables.lending import Json, PublicTable
    from hiwar.publishing.models import OpenTable

    View = Callable[..., HttpResponse]

# How many requests a network may send within the hour; whoever needs more takes the files.
FREE = 3600
USUAL_ROWS, MOST_ROWS = 100, 500
PARAMETERS = frozenset(["limit", "after", "language"])
requests = Patience("hiwar.read", FREE)


def interface(view: View) -> View:
    """Make an address of the read interface: answers in JSON, for everybody, within limits."""

    # Nothing is written here: whatever method comes is answered with what may be asked.
    @csrf_exempt
    @for_other_sites
    @kept_for_a_minute
    def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            refused = refusal("method_not_allowed", HTTPStatus.METHOD_NOT_ALLOWED)
            refused["Allow"] = "GET, HEAD, OPTIONS"
            return refused
        now = stopwatch()
        if requests.needs_patience(address_of(request), now):
            refused = refusal("too_many_requests", HTTPStatus.TOO_MANY_REQUESTS)
            refused["Retry-After"] = str(requests.seconds_left(now))
            return refused
        requests.count(address_of(request), now)
        return view(request, *args, **kwargs)

    return ask


def refusal(code: str, status: HTTPStatus) -> JsonResponse:
    """Return why a request was not answered, as a code."""
    return JsonResponse({"code": code}, status=status)


@interface
def tables(request: HttpRequest) -> HttpResponse:
    """List the public tables with their columns, files and the address of their rows."""
    return _json({
        "licence": LICENCE_URL,
        "languages": [code for code, _name in settings.LANGUAGES],
        "description": absolute(reverse("public_publishing:interface_description")),
        "tables": [_summary(table, state) for table, state in listed_tables()],
    })  # fmt: skip


@interface
def rows(request: HttpRequest, table: str) -> HttpResponse:
    """Give a page of the rows of a table, from after a row that is named by its key."""
    subject = public_table(table)
    if subject is None:
        return refusal("unknown_table", HTTPStatus.NOT_FOUND)
    limit = _limit(request.GET.get("limit", str(USUAL_ROWS)))
    language = request.GET.get("language", "")
    if set(request.GET) - PARAMETERS or any(len(request.GET.getlist(k)) > 1 for k in request.GET):
        return refusal("unknown_parameter", HTTPStatus.BAD_REQUEST)
    if limit is None:
        return refusal("wrong_limit", HTTPStatus.BAD_REQUEST)
    if "language" in request.GET and language not in dict(settings.LANGUAGES):
        return refusal("unknown_language", HTTPStatus.BAD_REQUEST)
    listed = plain_rows(subject, timezone.now())
    fingerprint = fingerprint_of(subject, listed)
    begin = 0
    if "after" in request.GET:
        keys = [str(row[0]) for row in listed]
        if request.GET["after"] not in keys:
            return refusal("unknown_row", HTTPStatus.NOT_FOUND)
        begin = keys.index(request.GET["after"]) + 1
    page = listed[begin : begin + limit]
    is_last = begin + limit >= len(listed)
    following = None
    if not is_last:
        asked = {"after": str(page[-1][0]), "limit": str(limit)}
        asked |= {"language": language} if language else {}
        following = f"{absolute(request.path)}?{urlencode(asked)}"
    state = state_of(table)
    is_noted = state is not None and state.fingerprint == fingerprint
    response = _json({
        "table": subject.code, "licence": LICENCE_URL, "fingerprint": fingerprint,
        "modified": state.changed_at.isoformat() if state is not None and is_noted else None,
        "count": len(listed), "rows": [_row(subject, row, language) for row in page],
        "next": following,
    })  # fmt: skip
    links = [f'<{LICENCE_URL}>; rel="license"']
    if following:
        links.append(f'<{following}>; rel="next"')
    response["Link"] = ", ".join(links)
    return response


@interface
def describe(request: HttpRequest) -> HttpResponse:
    """Describe the read interface as OpenAPI, with the columns of every table."""
    return _json(description())


def _limit(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_ROWS))):
        return None
    return int(text) if 1 <= int(text) <= MOST_ROWS else None


def _row(table: PublicTable, row: list[Json], language: str) -> dict[str, Json]:
    """Return a row as an object; in one language a text is that text, or None where it has none."""
    values = {
        column.name: value for column, value in zip(table.columns, row, strict=True)
    }  # fmt: skip
    if language:
        return {
            name: value.get(language) if isinstance(value, dict) else value
            for name, value in values.items()
        }
    return values


def _summary(table: PublicTable, state: OpenTable | None) -> dict[str, Any]:
    return {
        "table": table.code, "title": in_every_language(table.title),
        "meaning": in_every_language(table.meaning), "columns": columns_of(table),
        "count": state.rows if state else None,
        "modified": state.changed_at.isoformat() if state else None,
        "rows": absolute(reverse("public_publishing:interface_rows", args=[table.code])),
        "csv": file_address(table.code, "csv"), "json": file_address(table.code, "json"),
    }  # fmt: skip


def _json(document: object) -> JsonResponse:
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})
