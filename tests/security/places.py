"""Every address of the installation with the line of the table that says who may."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

ACCESS: dict[str, str] = json.loads((Path(__file__).parent / "access.json").read_text())
NOBODY = "00000000-0000-4000-8000-000000000000"
# It says with 503 that no worker runs, as is so in a test.
UNREADY = {"readyz"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Give the name of every pattern with its name space."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}"
        else:
            yield from names(one, f"{one.namespace}:" if one.namespace else space)


@cache
def all_paths() -> dict[str, str]:
    """Return the path of every name, with gaps: the addresses do not change while tests run."""
    return paths()


def paths(resolver: URLResolver | None = None, before: str = "", space: str = "") -> dict[str, str]:
    """Return the path of every name, with gaps such as ``{code}``."""
    found: dict[str, str] = {}
    for one in (resolver or get_resolver()).url_patterns:
        text = re.sub(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", _gap, str(one.pattern))
        whole = before + text.replace("^", "").replace("$", "").replace("\\.", ".")
        if isinstance(one, URLPattern):
            found[f"{space}{one.name}"] = f"/{whole}"
        else:
            found |= paths(one, whole, f"{one.namespace}:" if one.namespace else space)
    return found


def _gap(match: re.Match[str]) -> str:
    return "{" + (match[1] or match[2]) + "}"


class _Parts(dict[str, object]):
    """Parts of addresses; what is not listed is a word that names nothing."""

    def __missing__(self, name: str) -> str:
        return "nowhere"


def address_of(name: str, code: str) -> str:
    """Return the address of a name for a dialogue."""
    nobody = dict.fromkeys(
        ("key", "part", "subject", "organisation", "consultation", "memo"), NOBODY
    )
    parts = _Parts(
        nobody, language="en", code=code, number=1, version=1, position=1, page=1, slug="1",
        token="x", name="results.json", kind="person", entry="other", form="pdf",
    )  # fmt: skip
    return all_paths()[name].format_map(parts)


def faults_of_headers(response: HttpResponse, path: str) -> list[str]:
    """Return what an answer leaves unsaid to the browser."""
    headers = response.headers
    faults = [name for name, value in HEADERS.items() if headers.get(name) != value]
    # The address of a private page is a key: not even our other pages are told more than the host.
    if headers.get("Referrer-Policy") not in {"same-origin", "no-referrer", "strict-origin"}:
        faults.append("Referrer-Policy")
    policy = headers.get("Content-Security-Policy", "")
    faults += [one for one in ("default-src 'none'", "frame-ancestors 'none'") if one not in policy]
    faults += [one for one in ("unsafe-inline", "unsafe-eval", "http:") if one in policy]
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        faults.append("Permissions-Policy")
    if path.startswith("/desk/") and "no-store" not in headers.get("Cache-Control", ""):
        faults.append("no-store")
    for cookie in filter(lambda one: one.value, response.cookies.values()):
        if not cookie["httponly"] or cookie["samesite"] not in {"Lax", "Strict"}:
            faults.append(f"cookie {cookie.key}")
    return [f"{path} {response.status_code}: {fault}" for fault in faults]


def foreign_addresses(response: HttpResponse) -> list[str]:
    """Return what a page loads from, links to or sends to elsewhere."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    pattern = r"""\b(?:src|href|action|srcset|poster)\s*=\s*["']((?:https?:)?//[^"']*)"""
    found = re.findall(pattern, response.content.decode())
    return [one for one in found if not one.startswith(f"{settings.PUBLIC_ORIGIN}/")]
