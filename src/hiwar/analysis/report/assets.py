"""Everything the page carries with it: stylesheet, script, faces, marks."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HERE = Path(__file__).parent

# Names of the faces in the stylesheet, their files and weights. Arabic faces hold Arabic letters
# only, so that digits and Latin words come from the matched Latin face.
_LATIN = (
    ("Hiwar Sans", "hiwar-sans-latin", 400),
    ("Hiwar Sans", "hiwar-sans-latin", 600),
    ("Hiwar Reading", "hiwar-serif-latin", 400),
)
_ARABIC = (
    ("Hiwar Sans Arabic", "hiwar-sans-arabic", 400),
    ("Hiwar Sans Arabic", "hiwar-sans-arabic", 600),
    ("Hiwar Naskh", "hiwar-naskh", 400),
)
_ARABIC_RANGE = "unicode-range:U+600-6FF,U+200B-200F;"


@cache
def _face(family: str, file: str, weight: int, extra: str) -> str:
    data = base64.b64encode((_HERE / "fonts" / f"{file}-{weight}.woff2").read_bytes()).decode()
    return (
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-display:swap;{extra}"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
    )


def faces(*, arabic: bool) -> Markup:
    """Return the font faces as CSS; the Arabic ones only where the page has Arabic letters."""
    chosen = [_face(*face, "") for face in _LATIN]
    if arabic:
        chosen += [_face(*face, _ARABIC_RANGE) for face in _ARABIC]
    return Markup("".join(chosen))  # noqa: S704 - our own files


@cache
def stylesheet() -> Markup:
    """Return the page's CSS."""
    return Markup((_HERE / "assets" / "report.css").read_text("utf-8"))  # noqa: S704 - our own file


def labels(tables: Mapping[str, Sequence[str]]) -> Markup:
    """Return the CSS that names every figure of a table where each of its lines is a card.

    Parameters
    ----------
    tables : mapping
        Headings of the columns by the class of the table; an empty one is not shown.
    """
    quoted = json.JSONEncoder(ensure_ascii=False).encode
    rules = (
        f".{table} td:nth-child({place})::before{{content:{quoted(heading)}}}"
        for table, headings in tables.items()
        for place, heading in enumerate(headings, 1)
        if heading
    )
    # Headings are our own words and letters of groups; "<" could end the style all the same.
    inside = "".join(rules).replace("<", r"\3c ")
    return Markup(f"@media screen and (max-width:40rem){{{inside}}}")  # noqa: S704 - see above


@cache
def script() -> Markup:
    """Return the page's script, which only sorts, filters and moves focus."""
    return Markup((_HERE / "assets" / "report.js").read_text("utf-8"))  # noqa: S704 - our own file


@cache
def script_digest() -> str:
    """Return the script's hash as a Content-Security-Policy names it: no other script may run."""
    digest = hashlib.sha256(script().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
