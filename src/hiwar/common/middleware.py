"""What happens to every request before a view sees it: door, language, headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from hiwar.common.visible_text import visible_text
from hiwar.common.vocabularies.entries import refresh

Handler = Callable[[HttpRequest], HttpResponse]

_LINE_ENDS = str.maketrans("", "", "\t\n\r")

PERMISSIONS_POLICY = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer", "autoplay", "camera", "display-capture", "fullscreen",
                "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
                "usb", "browsing-topics",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)  # fmt: skip


def security_headers(get_response: Handler) -> Handler:
    """Tell the browser to load nothing from elsewhere, and to keep no page of the desk."""
    policy = "; ".join(
        f"{name} {value}" for name, value in settings.CONTENT_SECURITY_POLICY.items()
    )

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        is_static = request.path.startswith(settings.STATIC_URL)
        # What can neither run nor be shown as a page is not told how to: a page asks for many.
        if not (is_static and request.path.endswith((".css", ".woff2"))):
            response.headers.setdefault("Content-Security-Policy", policy)
            response.headers.setdefault("X-Frame-Options", "DENY")
        if not is_static:
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith("/desk/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    return respond


def one_door_per_host(get_response: Handler) -> Handler:
    """Keep the desk off the public host, and the public site off the desk's host."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not settings.DESK_HOSTS or request.path in {"/healthz", "/readyz", "/metrics"}:
            return get_response(request)
        is_desk_host = request.get_host().rpartition(":")[0] in settings.DESK_HOSTS or (
            request.get_host() in settings.DESK_HOSTS
        )
        if is_desk_host and request.path == "/":
            return HttpResponseRedirect("/desk/")
        if is_desk_host != request.path.startswith("/desk/"):
            raise Http404
        return get_response(request)

    return respond


def language_of_request(get_response: Handler) -> Handler:
    """Choose the language: the address, the reader's choice, the browser, the installation.

    ``?language=`` keeps the choice in a cookie, so that switching needs neither script nor form.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        chosen = _known(request.GET.get("language"))
        language = (
            _known(request.path.lstrip("/").partition("/")[0])
            or chosen
            or _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
            or _preferred_by_browser(request)
        )
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if chosen:
            remember_language(response, chosen)
        return response

    return respond


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the reader's language until the browser closes."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _known(code: str | None) -> str | None:
    return code if code in dict(settings.LANGUAGES) else None


def _preferred_by_browser(request: HttpRequest) -> str:
    """Return the first of the browser's languages that we speak, else the installation's first."""
    header = request.headers.get("Accept-Language", "")
    for wished, _quality in parse_accept_lang_header(header):
        known = _known(wished) or _known(wished.partition("-")[0])
        if known:
            return known
    return str(settings.LANGUAGE_CODE)


def lists_of_the_institution(get_response: Handler) -> Handler:
    """Let each request read the institution's lists as they stand now."""

    def respond(request: HttpRequest) -> HttpResponse:
        refresh()
        return get_response(request)

    return respond


class VisibleWords:
    """Let no form bring invisible signs or overrides of direction into the house.

    What is posted reaches the views as readers would see it: what is invisible altogether is
    empty, so that a field that must be filled in refuses it. Passwords stay as they were typed,
    and a NUL stays for the fields to refuse. A view that is exempt from the check of the origin
    is no form, and reads its body itself.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Clean the fields before the view reads them."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        posted = request.POST
        if all(_is_plain(text) for _name, texts in posted.lists() for text in texts):
            return None
        cleaned = posted.copy()
        for name, texts in posted.lists():
            if "password" not in name:
                cleaned.setlist(name, [_visible(text) for text in texts])
        cleaned._mutable = False
        request.POST = cleaned  # type: ignore[assignment]  # as immutable as it came
        return None


def _is_plain(text: str) -> bool:
    return text.isascii() and (text.isprintable() or text.translate(_LINE_ENDS).isprintable())


def _visible(text: str) -> str:
    return "\0".join(visible_text(part) for part in text.split("\0"))
