"""The table of positions as a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.asks.queries.positions import Table


def rows(table: Table) -> Iterator[list[str]]:
    """Yield one row for each organisation and ask: what is known, since when and from where."""
    yield [
        _("Organisation"), _("Ask"), pgettext("ask", "Position"), _("In their words"), _("Said on"),
        _("Kind of source"), _("Source"), _("Confirmed by"),
    ]  # fmt: skip
    for row in table.rows:
        for cell in row.cells:
            one = cell.position
            told = (
                [
                    str(one.get_stance_display()), str(one.words) if one.words else "",
                    one.said_on.isoformat(), str(one.get_source_kind_display()), one.source,
                    one.confirmed_by,
                ]
                if one
                else [_("not stated"), "", "", "", "", ""]
            )  # fmt: skip
            yield [_safe(text) for text in (str(row.organisation), str(cell.ask), *told)]


def as_csv(table: Table) -> bytes:
    """Return the table as CSV that spreadsheet programs open with Arabic intact."""
    out = io.StringIO()
    csv.writer(out).writerows(rows(table))
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """Return the table as a spreadsheet, right to left where the reader's language is."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 -- a new book has one
    sheet.sheet_view.rightToLeft = get_language_bidi()
    for row in rows(table):
        sheet.append(row)
    for column, width in (("A", 32), ("B", 32), ("C", 20), ("D", 48), ("G", 32)):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(text: str) -> str:
    """Keep a spreadsheet program from taking text for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
