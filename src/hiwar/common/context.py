"""What every page knows: languages with the address of this page in each, doors, the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language

from hiwar.common import navigation
from hiwar.common.multilingual import direction

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language of the installation and this same page in it."""

    code: str
    name: str
    direction: str
    url: str
    is_current: bool


def page(request: HttpRequest) -> dict[str, object]:
    """Return the context shared by all pages."""
    at_desk = request.path.startswith("/desk/")
    is_public = not at_desk and "public" in settings.DOORS
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "language_links": [_link(request, code, name) for code, name in settings.LANGUAGES],
        "doors": settings.DOORS,
        "desk_origin": settings.DESK_ORIGIN if settings.DESK_HOSTS else "",
        "public_origin": settings.PUBLIC_ORIGIN if settings.DESK_HOSTS else "",
        "is_demo": settings.DEMO,
        "site_nav": navigation.public_links(request.path, language) if is_public else [],
        "site_foot": navigation.public_links(request.path, language, in_foot=True)
        if is_public
        else [],
        "desk_nav": navigation.links(request) if at_desk and hasattr(request, "user") else [],
    }


def _link(request: HttpRequest, code: str, name: str) -> LanguageLink:
    prefix, _slash, rest = request.path.lstrip("/").partition("/")
    if prefix in dict(settings.LANGUAGES):
        query = request.META.get("QUERY_STRING", "")
        url = f"/{code}/{rest}" + (f"?{query}" if query else "")
    else:
        parameters = request.GET.copy()
        parameters["language"] = code
        url = f"{request.path}?{parameters.urlencode()}"
    return LanguageLink(code, name, direction(code), url, code == get_language())
