"""Tables that leave the house: CSV and XLSX that every spreadsheet program opens as they were."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import get_language_bidi

from hiwar.analysis.tables import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VCARD = "text/vcard; charset=utf-8"
MEDIA = {"csv": CSV, "xlsx": XLSX, "vcf": VCARD, "json": "application/json"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_767
MARK = "\N{BYTE ORDER MARK}"
TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def cell(value: object) -> object:
    """Return a cell that is what it says for every spreadsheet program.

    Text is cleaned of control characters and noncharacters and never taken for a formula; numbers
    and booleans stay what they are; None is an empty cell; anything else is its text.
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = clean(str(value))
    return f"'{text}" if text.startswith(FORMULA) else text


def write_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8, with the mark by which spreadsheet programs know Arabic."""
    stream = io.StringIO()
    csv.writer(stream).writerows([cell(value) for value in row] for row in rows)
    return (MARK + stream.getvalue()).encode()


def csv_line(values: Sequence[object]) -> bytes:
    """Return one row as a line of CSV in UTF-8, for tables too long to be held whole."""
    stream = io.StringIO()
    csv.writer(stream).writerow([cell(value) for value in values])
    return stream.getvalue().encode()


def write_xlsx(
    rows: Iterable[Sequence[object]],
    *,
    title: str,
    widths: Sequence[int] = (),
    freeze: str = "A2",
) -> bytes:
    """Return rows as a spreadsheet of one sheet that runs in the direction of the language.

    Parameters
    ----------
    rows : iterable of sequences
        The first one is the head and is set in bold.
    title : str
        Name of the sheet; what programs do not allow in it is left out.
    widths : sequence of int
        Widths of the columns in characters; columns beyond have the usual width.
    freeze : str
        The cell above and before which everything stays in sight; empty for none.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(clean(title).translate(TITLE).strip()[:31] or "1")
    sheet.sheet_view.rightToLeft = get_language_bidi()
    if freeze:
        sheet.freeze_panes = freeze
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    bold, plain = Font(bold=True), Font()
    alignment = Alignment(wrap_text=True, vertical="top")
    for line, row in enumerate(rows):
        written = []
        for value in row:
            content = cell(value)
            styled = WriteOnlyCell(
                sheet, content[:LONGEST] if isinstance(content, str) else content
            )
            if isinstance(content, str):
                styled.data_type = "s"
            styled.font = plain if line else bold
            styled.alignment = alignment
            written.append(styled)
        sheet.append(written)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def file_response(content: bytes | str, name: str) -> HttpResponse:
    """Return a file to be saved under a name, whose ending says what it is; never shown inside."""
    media = MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
    ascii_name = name.encode("ascii", "ignore").decode().replace('"', "") or "file"
    disposition = f'attachment; filename="{ascii_name}"'
    if not name.isascii():
        disposition += f"; filename*=UTF-8''{quote(name)}"
    return HttpResponse(
        content,
        content_type=media,
        headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
    )
