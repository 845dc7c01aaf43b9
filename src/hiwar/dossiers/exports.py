"""Files of the barrier register, as far as who takes them along may read it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from hiwar.dossiers.queries.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hiwar.dossiers.queries.barriers import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = (48, 16, 30, 22, 16, 18, 14, 14, 48, 30, 30, 40)


def barriers_csv(rows: Iterable[Row]) -> str:
    """Return barriers as text with commas, marked so that spreadsheets read Arabic."""
    out = io.StringIO()
    out.write("\N{BYTE ORDER MARK}")
    csv.writer(out).writerows(_lines(rows))
    return out.getvalue()


def barriers_xlsx(rows: Iterable[Row]) -> bytes:
    """Return barriers as a spreadsheet that runs in the direction of the reader's language."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Barriers")[:31]
    sheet.sheet_view.rightToLeft = get_language_info(get_language() or "en")["bidi"]
    for line in _lines(rows):
        sheet.append(line)
    for at, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for line in sheet.iter_rows():
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(rows: Iterable[Row]) -> Iterator[list[str]]:
    yield [
        _("Barrier"),
        _("Kind"),
        _("Barriers of"),
        _("Place"),
        _("Kind of locality"),
        _("State"),
        _("Identified on"),
        _("In this state since"),
        _("How it is known"),
        _("Source"),
        _("Dossier"),
        _("What was done"),
    ]
    for row in rows:
        yield [_inert(text) for text in _line(row)]


def _line(row: Row) -> list[str]:
    one = row.barrier
    return [
        str(one.title),
        word("barrier_kind", one.kind),
        _(", ").join(word("group", code) for code in row.groups),
        str(one.place) if one.place else "",
        word("locality_kind", one.locality_kind) if one.locality_kind else "",
        str(one.get_state_display()),
        one.identified_on.isoformat(),
        one.state_on.isoformat(),
        str(one.fact.text) if one.fact else str(one.evidence),
        one.fact.source if one.fact else one.evidence_source,
        str(one.dossier) if one.dossier else "",
        _(", ").join(f"{link.label}: {link.title} ({link.state_label})" for link in row.links),
    ]


def _inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
