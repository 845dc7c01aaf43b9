"""Answers that hold nobody's secret leave compressed, with or without a proxy in front.

A compressed answer tells by its length what is in it. Where a secret stands beside words that
another site can put into the page, that gives the secret away letter by letter (Gluck, Harris and
Prado, BREACH, 2013). An answer is therefore compressed only where it can hold none: to whoever
brings no cookie but those of language and appearance, without a cookie in it (the token of a form
comes with one), and never at the desk. What stands behind a private link is asked for by its
token, which no other site knows.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from http import HTTPStatus

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponse]

THEME_COOKIE = "hiwar_theme"
SMALLEST = 500  # bytes; below, the headers weigh more than what is saved
QUALITY, LEVEL = 5, 6  # of brotli and of gzip: a page of 10 kB in under a millisecond
KINDS = re.compile(r"(text/|application/(json|[a-z.+-]*\+(xml|json)|xml|n-triples)\b|image/svg)")
_REFUSED = re.compile(r"\bq=0(\.0+)?\s*$")


def compressed_for_everybody(get_response: Handler) -> Handler:
    """Compress what is public, with brotli or gzip as the reader's program takes it."""
    harmless = {settings.LANGUAGE_COOKIE_NAME, THEME_COOKIE}

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not _may_be(request, response, harmless):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        way = chosen_encoding(request.headers.get("Accept-Encoding", ""))
        if not way:
            return response
        response.content = (
            brotli.compress(response.content, quality=QUALITY)
            if way == "br"
            else gzip.compress(response.content, LEVEL, mtime=0)
        )
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = way
        tag = response.headers.get("ETag", "")
        if tag.startswith('"'):
            response.headers["ETag"] = f"W/{tag}"
        return response

    return respond


def chosen_encoding(header: str) -> str:
    """Return ``br``, ``gzip`` or nothing, by what a program says that it takes (RFC 9110)."""
    taken = {
        part.partition(";")[0].strip().lower()
        for part in header.split(",")
        if not _REFUSED.search(part)
    }
    return next((way for way in ("br", "gzip") if way in taken), "")


def _may_be(request: HttpRequest, response: HttpResponse, harmless: set[str]) -> bool:
    return (
        request.method == "GET"
        and not request.path.startswith("/desk/")
        and request.COOKIES.keys() <= harmless
        and response.status_code == HTTPStatus.OK
        and not response.streaming
        and not response.cookies
        and "Content-Encoding" not in response.headers
        and len(response.content) >= SMALLEST
        and KINDS.match(response.headers.get("Content-Type", "")) is not None
    )
