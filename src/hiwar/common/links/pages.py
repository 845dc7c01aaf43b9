"""The pages behind a private link: opened to its holder, kept by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override

from hiwar.common.links.purposes import purpose_of
from hiwar.common.links.queries import find_link, is_open

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

Show = Callable[..., "HttpResponse"]
READ_ONLY, FORM = "no-referrer", "strict-origin"


def behind_link(purpose: str, *, takes_answers: bool = False) -> Callable[[Show], Show]:
    """Open a view to the holder of a link: it is called with the request, the row, the token.

    Chooses the language (the one asked for, the holder's, the browser's). A link that ended or
    was withdrawn answers 410 and an unknown one 404, with one page. No answer is cached, listed
    or told to the next site. With ``takes_answers`` the page holds a form: browsers then need to
    tell their own origin, and tell nothing but it.
    """

    def decorate(show: Show) -> Show:
        @wraps(show)
        def view(request: HttpRequest, token: str) -> HttpResponse:
            link = find_link(purpose, token)
            row = purpose_of(purpose).find(link) if link is not None else None
            with override(_language(request, purpose, row)):
                if link is None or row is None or not is_open(link, timezone.now()):
                    page = closed_page(request, is_known=link is not None)
                else:
                    page = show(request, row, token)
            return _kept_by_nobody(page, FORM if takes_answers else READ_ONLY)

        view.purpose = purpose  # type: ignore[attr-defined]  # a house rule reads it
        return view

    return decorate


def closed_page(request: HttpRequest, *, is_known: bool) -> HttpResponse:
    """Say that a link does not open; the words are the same for every reason."""
    status = HTTPStatus.GONE if is_known else HTTPStatus.NOT_FOUND
    return render(request, "common/link_closed.html", status=status)


def _language(request: HttpRequest, purpose: str, row: Any) -> str:
    known = dict(settings.LANGUAGES)
    wished = (
        request.GET.get("language", ""),
        purpose_of(purpose).language(row) if row is not None else "",
        get_language() or "",
    )
    return next((code for code in wished if code in known), settings.LANGUAGE_CODE)


def _kept_by_nobody(page: HttpResponse, policy: str) -> HttpResponse:
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Referrer-Policy"] = policy
    return page
