"""Tables as files: text with commas, and a spreadsheet in the direction of the reader."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.utils.translation import get_language, get_language_info
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(lines: Iterable[Sequence[str]]) -> str:
    """Return lines as text with commas, marked so that spreadsheets read Arabic."""
    out = io.StringIO()
    out.write("\N{BYTE ORDER MARK}")
    csv.writer(out).writerows([_inert(text) for text in line] for line in lines)
    return out.getvalue()


def table_xlsx(lines: Iterable[Sequence[str]], *, title: str, widths: Sequence[int]) -> bytes:
    """Return lines as a spreadsheet; the first one is its head."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    sheet.sheet_view.rightToLeft = get_language_info(get_language() or "en")["bidi"]
    for line in lines:
        sheet.append([_inert(text) for text in line])
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
