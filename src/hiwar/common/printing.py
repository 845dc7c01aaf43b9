"""Pages on paper: HTML in, PDF out, with the fonts of the package and no network.

And addresses as drawings that a camera reads, from paper or from a screen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import segno
from django.utils.safestring import mark_safe

from hiwar.common.waiting import refuse_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.safestring import SafeString

GROUND = Path(__file__).parent / "static/common"
BASE = "https://inside.invalid/"
# A colour that a file asks for replaces black, so that one drawing serves cover and margin.
INKS = {"pattern-cover.svg": ("pattern.svg", "#ffffff"), "band.svg": ("band.svg", "#0b5c4a")}


class PrintingAbsent(Exception):  # noqa: N818 - named by what is the case
    """The system lacks the libraries that lay out print (Pango and HarfBuzz)."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed file: ``places`` has the page of each identifier of the page that was printed."""

    content: bytes
    pages: int
    places: Mapping[str, int] = field(default_factory=dict)


def print_page(page: str, sheets: Sequence[str]) -> Printed:
    """Print a page with its style sheets. Raises ``PrintingAbsent`` where print cannot be laid out.

    Printing reaches no network: fonts and patterns come out of the package, anything else is
    refused. It takes seconds, and raises ``RuntimeError`` inside a transaction.
    """
    refuse_transaction()
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        message = "printing needs Debian's libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0"
        raise PrintingAbsent(message) from error
    fetcher = _fetcher()
    fonts = FontConfiguration()
    styles = [
        CSS(string=text, base_url=BASE, font_config=fonts, url_fetcher=fetcher) for text in sheets
    ]
    document = HTML(string=page, base_url=BASE, url_fetcher=fetcher).render(
        stylesheets=styles, font_config=fonts
    )
    places = {
        name: number for number, sheet in enumerate(document.pages, 1) for name in sheet.anchors
    }
    return Printed(document.write_pdf(pdf_tags=True), len(document.pages), places)


def qr_code(address: str, *, scale: int = 4, on_white: bool = False) -> SafeString:
    """Draw an address of our own as a QR code, in black on white where it lies on a ground."""
    inks = {"dark": "#000", "light": "#fff"} if on_white else {}
    drawn = segno.make(address, error="m").svg_inline(
        scale=scale, border=4, omitsize=True, svgclass="qr", lineclass=None, **inks
    )
    return mark_safe(drawn)  # noqa: S308 - drawn by segno, it holds no text of anybody's


def isolated(page: str) -> str:
    """Return a page whose names and numbers stand apart from the text round them.

    The printer does not read the directions of ``bdi``, but it knows the marks of Unicode.
    """
    page = re.sub(r'(<bdi\b[^>]*\bdir="ltr"[^>]*>)', "\\1\u2066", page)
    page = re.sub(r'(<bdi\b(?![^>]*\bdir="ltr")[^>]*>)', "\\1\u2068", page)
    return page.replace("</bdi>", "\u2069</bdi>")


def _fetcher() -> object:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Inside(URLFetcher):  # type: ignore[misc]  # the printer is not typed
        """Opens what lies in the package, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> object:
            name = url.removeprefix(BASE).rpartition("/")[2]
            if not url.startswith(BASE):
                message = f"printing does not open {url[:80]}"
                raise ValueError(message)
            if name in INKS:
                source, ink = INKS[name]
                text = (GROUND / source).read_text("utf-8").replace("<path", f'<path fill="{ink}"')
                return URLFetcherResponse(url, text.encode(), {"Content-Type": "image/svg+xml"})
            path = GROUND / "fonts" / name
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})

    return Inside()
