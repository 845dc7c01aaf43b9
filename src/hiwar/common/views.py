from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hiwar.common.multilingual import direction
from hiwar.common.serving.readiness import readiness


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    ready = readiness(timezone.now())
    status = HTTPStatus.OK if all(ready.values()) else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": all(ready.values()), **ready}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page("404", HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page("403", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error_page("403_csrf", HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error_page("500", HTTPStatus.INTERNAL_SERVER_ERROR)


def _error_page(name: str, status: HTTPStatus) -> HttpResponse:
    """Render the page once per language: an error may come before anybody's language is known.

    Nothing of the request is echoed and the database is not asked.
    """
    parts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            context = {"code": code, "direction": direction(code), "home": f"/{code}/"}
            parts.append(render_to_string(f"common/_error_{name}.html", context))
    first = (settings.LANGUAGE_CODE, direction(settings.LANGUAGE_CODE))
    context = {"parts": parts, "first": first, "status": status, "stylesheet": _stylesheet()}
    return HttpResponse(render_to_string("common/error.html", context), status=status)


def _stylesheet() -> str:
    """Return the style sheet's address, or nothing where static files were never gathered."""
    try:
        return static("common/hiwar.css")
    except ValueError:
        return ""
