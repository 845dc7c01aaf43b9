from __future__ import annotations

import re
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hiwar.common.disk import is_full
from hiwar.common.health.metrics import CONTENT_TYPE, exposition, may_read
from hiwar.common.multilingual import direction
from hiwar.common.pauses import COME_AGAIN
from hiwar.common.serving.readiness import readiness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.common.pauses import Standing

FEW_WORDS = 3
MANY_DIGITS = 6
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    state = readiness(timezone.now())
    status = HTTPStatus.OK if state.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    answer = {"ready": state.is_ready, **state.conditions, "work": state.work}
    if state.paused_since is not None:
        answer["paused_since"] = state.paused_since.isoformat()
    return JsonResponse(answer, status=status)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell figures to a program, where the settings open this address; else it is not there."""
    if not may_read(request):
        raise Http404
    return HttpResponse(exposition(timezone.now()), content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page("400", HTTPStatus.BAD_REQUEST)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page("404", HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page("403", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error_page("403_csrf", HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    if is_full(sys.exc_info()[1]):
        return _error_page("507", HTTPStatus.INSUFFICIENT_STORAGE, _words_of(request))
    return _error_page("500", HTTPStatus.INTERNAL_SERVER_ERROR)


def _words_of(request: HttpRequest) -> list[str]:
    """Return what somebody wrote into a form, so that it is not lost with the page."""
    try:
        sent = [value for values in request.POST.lists() for value in values[1]]
    except (OSError, ValueError, SuspiciousOperation):
        return []
    return [text for text in sent if isinstance(text, str) and len(text.split()) >= FEW_WORDS]


def paused(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Say that the house stands still, since when and why; show what was typed, to be kept."""
    if standing.since is None:
        message = "nothing is paused"
        raise ValueError(message)
    if "json" in request.headers.get("Accept", "") or request.content_type == "application/json":
        answer = {"code": "paused", "since": standing.since.isoformat()}
        response: HttpResponse = JsonResponse(answer, status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        typed = _typed_in(request) if request.method == "POST" else []
        with_files = request.content_type == "multipart/form-data"
        response = _error_page(
            "paused", HTTPStatus.SERVICE_UNAVAILABLE, typed, since=standing.since,
            has_words=bool(typed), has_files=with_files, at_desk=request.path.startswith("/desk/"),
        )  # fmt: skip
    response.headers["Retry-After"] = str(COME_AGAIN)
    response._has_been_logged = True  # type: ignore[attr-defined]  # a pause is no fault of ours
    response.headers["Cache-Control"] = "no-store"
    return response


def _typed_in(request: HttpRequest) -> list[str]:
    """Return what somebody may have typed: words, addresses and numbers, no tokens or codes."""
    try:
        sent = [
            value
            for name, values in request.POST.lists()
            if "token" not in name and "password" not in name
            for value in values
        ]
    except (OSError, ValueError, SuspiciousOperation):
        return []
    return list(dict.fromkeys(text for text in sent if _is_typed(text)))


def _is_typed(text: str) -> bool:
    is_number = text.strip("+").isdigit() and len(text) >= MANY_DIGITS
    return is_number or "@" in text or not text.isascii() or len(text.split()) > 1


def _error_page(
    name: str, status: HTTPStatus, words: Sequence[str] = (), **more: object
) -> HttpResponse:
    """Render the page once per language: an error may come before anybody's language is known.

    Nothing of the request is echoed but words that would be lost, and the database is not asked.
    """
    parts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            context = {"code": code, "direction": direction(code), "home": f"/{code}/", **more}
            parts.append(render_to_string(f"common/_error_{name}.html", context))
    first = (settings.LANGUAGE_CODE, direction(settings.LANGUAGE_CODE))
    title = " · ".join(heading for part in parts for heading in _HEADING.findall(part))
    context = {"parts": parts, "first": first, "title": mark_safe(title), "words": words}  # noqa: S308 - from templates of the house
    context["stylesheet"] = _stylesheet()
    return HttpResponse(render_to_string("common/error.html", context), status=status)


def _stylesheet() -> str:
    """Return the style sheet's address, or nothing where static files were never gathered."""
    try:
        return static("common/hiwar.css")
    except ValueError:
        return ""
