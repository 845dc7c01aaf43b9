"""How long an answer of the public site may be kept, and how a reader asks whether it changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]
SECONDS = 60


def kept_for_a_minute(view: View) -> View:
    """Let caches keep what is the same for everybody; to others an unchanged answer is 304.

    Whoever brings a cookie may be shown something of their own, so that only their own browser
    keeps it, and asks each time.
    """

    @conditional_page
    @wraps(view)
    def keep(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.OK:
            return response
        if request.COOKIES:
            patch_cache_control(response, private=True, no_cache=True)
        else:
            patch_cache_control(response, public=True, max_age=SECONDS)
        return response

    return keep


def for_other_sites(view: View) -> View:
    """Let pages of other sites read an answer, which is for everybody; they may ask before."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=HTTPStatus.NO_CONTENT)
            response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = view(request, *args, **kwargs)
            response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Retry-After"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return open_to_all
