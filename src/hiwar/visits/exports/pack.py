"""The pack on paper: one PDF for one kind of reader in one language.

Printing reaches no network: fonts and patterns come out of the package, anything else is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from hiwar.accounts.queries import the_institution
from hiwar.common.multilingual import direction
from hiwar.visits.models import Traveller
from hiwar.visits.queries.packs import pack_of

if TYPE_CHECKING:
    from hiwar.visits.models import Visit
    from hiwar.visits.queries.maps import VisitMap

ROOM = Path(__file__).parents[1]
SHEET = ROOM / "templates/visits/pack/pack.css"
GROUND = ROOM.parent / "common/static/common"
SHEET_WIDTH, HIGHEST = 16.4, 15.0
BASE = "https://inside.invalid/"
# A colour that a file asks for replaces black, so that one drawing serves cover and margin.
INKS = {"pattern-cover.svg": ("pattern.svg", "#ffffff"), "band.svg": ("band.svg", "#0b5c4a")}


class PrintingAbsent(Exception):  # noqa: N818 - named by what is the case
    """The system lacks the libraries that lay out print (Pango and HarfBuzz)."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed file."""

    content: bytes
    pages: int


def print_pack(visit: Visit, *, variant: str, language: str) -> Printed:
    """Print one file of a pack. Raises ``PrintingAbsent`` where print cannot be laid out."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        message = "printing needs Debian's libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0"
        raise PrintingAbsent(message) from error
    fetcher = _fetcher()
    page, sheet = page_of(visit, variant=variant, language=language)
    fonts = FontConfiguration()
    styles = [
        CSS(string=text, base_url=BASE, font_config=fonts, url_fetcher=fetcher)
        for text in (SHEET.read_text("utf-8"), sheet)
    ]
    document = HTML(string=page, base_url=BASE, url_fetcher=fetcher).render(
        stylesheets=styles, font_config=fonts
    )
    return Printed(document.write_pdf(pdf_tags=True), len(document.pages))


def page_of(visit: Visit, *, variant: str, language: str) -> tuple[str, str]:
    """Return the page of a pack and the style of its map, as they are given to the printer."""
    with translation.override(language), timezone.override(ZoneInfo(visit.zone)):
        context = pack_of(visit, variant=variant, language=language)
        drawn = context["map"]
        context |= {
            "institution": the_institution(),
            "direction": direction(language),
            "variant_name": Traveller.Variant(variant).label,
            "map_height": str(round(100 * drawn.ratio, 2)) if drawn is not None else "",  # type: ignore[attr-defined]
            "map_path": _path(drawn) if drawn is not None else "",  # type: ignore[arg-type]
        }
        page = render_to_string("visits/pack/pack.html", context)
    return _isolated(page), _map_style(drawn) if drawn is not None else ""  # type: ignore[arg-type]


def _isolated(page: str) -> str:
    """Return a page whose names and numbers stand apart from the text round them.

    The printer does not read the directions of ``bdi``, but it knows the marks of Unicode.
    """
    page = re.sub(r'(<bdi\b[^>]*\bdir="ltr"[^>]*>)', "\\1\u2066", page)
    page = re.sub(r'(<bdi\b(?![^>]*\bdir="ltr")[^>]*>)', "\\1\u2068", page)
    return page.replace("</bdi>", "\u2069</bdi>")


def _path(drawn: VisitMap) -> str:
    return " ".join(f"{x},{round(y * drawn.ratio, 2)}" for x, y in drawn.path)


def _map_style(drawn: VisitMap) -> str:
    """Return where labels stand: text never goes into the drawing, which would not join letters."""
    width = min(SHEET_WIDTH, HIGHEST / drawn.ratio)
    height = round(width * drawn.ratio, 2)
    rules = [f".map-frame {{ inline-size: {round(width, 2)}cm; block-size: {height}cm; }}"]
    for point in drawn.points:
        is_far = point.x > 62
        side = "inset-inline-end" if is_far else "inset-inline-start"
        at = 100 - point.x if is_far else point.x
        rules.append(
            f".map-label-{point.number} {{ {side}: {round(at + 2.2, 2)}%;"
            f" inset-block-start: {round(point.y - 1.9, 2)}%; }}"
            f" .map-dot-{point.number} {{ inset-inline-start: {point.x}%;"
            f" inset-block-start: {point.y}%; }}"
        )
    rules.append(f".map-scale-line {{ inline-size: {round(drawn.scale_width, 2)}%; }}")
    return "\n".join(rules)


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
