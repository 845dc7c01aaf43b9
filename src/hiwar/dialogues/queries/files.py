"""A file that somebody brings in as a table: CSV of any usual kind, or a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LARGEST = 20 << 20
LARGEST_UNPACKED = 200 << 20
MOST_ROWS = 500_000
MOST_COLUMNS = 1000
LONGEST_CELL = 10_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class FileEmpty(Refused):
    """There is nothing in the file."""

    code = "file_empty"
    message = _("The file is empty. Choose a file with a row of headings and rows below it.")


class FileTooLarge(Refused):
    """The file, or what it unpacks to, is beyond the limits."""

    code = "file_too_large"
    message = _("The file is too large. Split it into files of at most 20 MB and 500,000 rows.")


class FileUnreadable(Refused):
    """The file is neither CSV nor a spreadsheet."""

    code = "file_unreadable"
    message = _("This file cannot be read. Save it as CSV (UTF-8) or as XLSX and try again.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headings and the rows below them.

    Attributes
    ----------
    header : tuple of str
    rows : tuple of (int, tuple of str)
        The line of each row as an editor or spreadsheet counts it, and its cells, as many as
        there are headings.
    ragged : tuple of int
        Lines with more cells than there are headings; they are not among the rows.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    ragged: tuple[int, ...]


def read_sheet(content: bytes) -> Sheet:
    """Read a file by what is in it, whatever its name.

    Raises ``FileEmpty``, ``FileTooLarge`` and ``FileUnreadable``.
    """
    if len(content) > LARGEST:
        raise FileTooLarge
    if not content.strip():
        raise FileEmpty
    lines = _spreadsheet(content) if content.startswith(b"PK\x03\x04") else _text(content)
    return _sheet(lines)


def _sheet(lines: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    ragged: list[int] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _without_tail(cells)
        elif any(cell.strip() for cell in cells[len(header) :]):
            ragged.append(line)
        else:
            filled = [*cells[: len(header)], *[""] * (len(header) - len(cells))]
            rows.append((line, tuple(cell.strip() for cell in filled)))
        if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
            raise FileTooLarge
    if not header:
        raise FileEmpty
    return Sheet(header, tuple(rows), tuple(ragged))


def _without_tail(cells: Sequence[str]) -> tuple[str, ...]:
    titles = [cell.strip().strip("\ufeff") for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    if "\0" in text:
        raise FileUnreadable
    first = next((line for line in text.splitlines() if line.strip()), "")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True
    )
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise FileUnreadable from error


def _decoded(content: bytes) -> str:
    """Return the text: by its mark, as UTF-8, as UTF-16 without a mark, or as Windows Arabic."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _decode(content, encoding)
    sample = content[:512]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.4 * max(len(zeros), 1):
            return _decode(content, encoding)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _decode(content, "cp1256")


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileUnreadable from error


def _spreadsheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet; nothing in it is calculated, followed or expanded."""
    from openpyxl import load_workbook
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise FileUnreadable
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise FileTooLarge
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for line, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
            if line > MOST_ROWS + 1000:
                raise FileTooLarge
            yield line, [_cell(value) for value in row]
    except Refused:
        raise
    except Exception as error:
        # A damaged spreadsheet fails in the reader in many ways; none of them is ours.
        raise FileUnreadable from error


def _cell(value: object) -> str:
    """Return a cell as text; a whole number has no decimals, a date is written as ISO has it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    isoformat = getattr(value, "isoformat", None)
    text = str(isoformat()) if isoformat else str(value)
    return text[:LONGEST_CELL]
