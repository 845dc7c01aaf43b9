"""The pack on paper: one PDF for one kind of reader in one language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from hiwar.accounts.queries import the_institution
from hiwar.common.multilingual import direction
from hiwar.common.printing import isolated, print_page
from hiwar.visits.models import Traveller
from hiwar.visits.queries.packs import pack_of

if TYPE_CHECKING:
    from hiwar.common.printing import Printed
    from hiwar.visits.models import Visit
    from hiwar.visits.queries.maps import VisitMap

ROOM = Path(__file__).parents[1]
SHEET = ROOM / "templates/visits/pack/pack.css"
SHEET_WIDTH, HIGHEST = 16.4, 15.0


def print_pack(visit: Visit, *, variant: str, language: str) -> Printed:
    """Print one file of a pack. Raises ``PrintingAbsent`` where print cannot be laid out."""
    page, sheet = page_of(visit, variant=variant, language=language)
    return print_page(page, (SHEET.read_text("utf-8"), sheet))


def page_of(visit: Visit, *, variant: str, language: str) -> tuple[str, str]:
    """Return the page of a pack and the style of its map, as they are given to the printer."""
    with translation.override(language), timezone.override(ZoneInfo(visit.zone)):
        context = _context(visit, variant, language)
        drawn = context["map"]
        page = render_to_string("visits/pack/pack.html", context)
    return isolated(page), _map_style(drawn) if drawn is not None else ""  # type: ignore[arg-type]


def body_of(visit: Visit, *, variant: str, language: str) -> str:
    """Return what a pack says, for reading on the screen before it is printed."""
    context = _context(visit, variant, language) | {"is_on_screen": True}
    return render_to_string("visits/pack/_body.html", context)


def _context(visit: Visit, variant: str, language: str) -> dict[str, object]:
    context = pack_of(visit, variant=variant, language=language)
    drawn = context["map"]
    return context | {
        "institution": the_institution(),
        "direction": direction(language),
        "variant_name": Traveller.Variant(variant).label,
        "map_height": str(round(100 * drawn.ratio, 2)) if drawn is not None else "",  # type: ignore[attr-defined]
        "map_path": _path(drawn) if drawn is not None else "",  # type: ignore[arg-type]
    }


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
