"""Spreadsheets (XLSX, XLS, ODS): measured while unpacked, then read sheet by sheet.

Nothing in them is calculated, followed or expanded.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import python_calamine as calamine

from hiwar.analysis.tables.workbook import Sheet, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.analysis.tables.cells import Gatherer
    from hiwar.analysis.tables.workbook import Limits

# Names in packed files: looked up here, since a closed process can open no file of the library.
codecs.lookup("cp437")
_PIECE = 1 << 20
_LONGEST_ELEMENT = 4 << 20
_MOST_PARTS = 2000
_MOST_TEXTS = 2_000_000
# The library lays a sheet out as a rectangle, however few of its cells are filled.
_LARGEST_AREA = 24_000_000
_TAG = re.compile(
    rb"<(?:\w+:)?(row|c|v|is|mergeCell|si|!DOCTYPE|!ENTITY)(?=[\s/>])"
    rb"""(?:\sr=["']([A-Z]{1,3})(\d{1,7})["'])?"""
)
_AREA = re.compile(rb"""\sref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
Area = tuple[int, int, int, int]
_HOLD_SHEETS = frozenset(["xl/workbook.xml", "content.xml"])


@dataclass
class _Measured:
    """What was counted in one part of a packed file; the last filled line and column."""

    rows: int = 0
    cells: int = 0
    texts: int = 0
    joined: int = 0
    line: int = 0
    column: bytes = b""
    at: tuple[bytes, bytes] = (b"", b"")
    is_open: bool = False


def read_sheets(content: bytes, gatherer: Gatherer) -> tuple[Sheet, ...]:
    """Return all sheets of a spreadsheet, hidden ones without rows. Raises ``TableError``."""
    if content.startswith(b"PK"):
        _measure(content, gatherer.limits)
    try:
        return tuple(_read(content, gatherer))
    except (TableError, MemoryError):
        raise
    except calamine.PasswordError:
        raise TableError("password") from None
    except Exception as error:
        # A damaged spreadsheet fails in the reader in many ways; none of them is ours.
        raise TableError("unreadable", what="zip") from error


def _measure(content: bytes, limits: Limits) -> None:
    """Count rows, cells and joined areas while unpacking; refuse at the first one too many."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not any(part.filename.lstrip("/") in _HOLD_SHEETS for part in parts):
                raise TableError("unreadable", what="zip")
            if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > limits.unpacked:
                raise TableError("too_large", what="unpacked")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        unpacked += _measure_part(stream, limits)
                if unpacked > limits.unpacked:
                    raise TableError("too_large", what="unpacked")
    except (
        EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zipfile.BadZipFile,
        zlib.error,
    ) as error:  # fmt: skip
        raise TableError("unreadable", what="zip") from error


def _measure_part(stream: Any, limits: Limits) -> int:
    """Measure a part and return how large it is."""
    measured, rest, size = _Measured(), b"", 0
    while piece := stream.read(_PIECE):
        if not size and b"\0" in piece[:64]:
            raise TableError("unreadable", what="entities")
        size += len(piece)
        text = rest + piece
        end = text.rfind(b">") + 1
        rest = text[end:]
        if len(rest) > _LONGEST_ELEMENT:
            raise TableError("too_large", what="characters")
        _count(text[:end], measured, limits)
    return size


def _count(text: bytes, measured: _Measured, limits: Limits) -> None:
    """Count what a piece holds."""
    for tag in _TAG.finditer(text):
        name = tag[1]
        if name == b"c":
            measured.cells += 1
            measured.at = tag[2] or b"", tag[3] or b""
            if measured.cells > limits.cells * 3:
                raise TableError("too_large", what="cells")
        elif name == b"row":
            measured.is_open = True
        elif name in {b"v", b"is"}:
            _fill(measured, limits)
        elif name == b"mergeCell":
            _join(text, tag.end(), measured, limits)
        elif name == b"si":
            measured.texts += 1
            if measured.texts > _MOST_TEXTS:
                raise TableError("too_large", what="cells")
        else:
            # No program that writes spreadsheets declares a type or an entity.
            raise TableError("unreadable", what="entities")


def _fill(measured: _Measured, limits: Limits) -> None:
    """Count a cell with content: its row, and how far it lies."""
    if measured.is_open:
        measured.is_open = False
        measured.rows += 1
        measured.line = max(measured.line, int(measured.at[1] or 0))
        if measured.rows > limits.rows:
            raise TableError("too_large", what="rows")
    letters = measured.at[0]
    if (len(letters), letters) > (len(measured.column), measured.column):
        measured.column = letters
    if len(measured.column) > 1 or measured.line > limits.rows:
        area = measured.line * (_column(measured.column) + 1)
        if area > _LARGEST_AREA:
            raise TableError("too_large", what="far")


def _join(text: bytes, at: int, measured: _Measured, limits: Limits) -> None:
    area = _AREA.search(text, max(at - 64, 0), text.find(b">", at))
    measured.joined += 1
    if measured.joined > limits.merged:
        raise TableError("too_large", what="merged")
    if area is not None:
        width = _column(area[3]) - _column(area[1]) + 1
        if width * (int(area[4]) - int(area[2]) + 1) > limits.cells:
            raise TableError("too_large", what="merged")


def _column(letters: bytes) -> int:
    """Return the number of a column, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _read(content: bytes, gatherer: Gatherer) -> Iterator[Sheet]:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    kept = [
        metadata
        for metadata in book.sheets_metadata
        if metadata.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if len(kept) > gatherer.limits.sheets:
        raise TableError("too_large", what="sheets")
    for described in kept:
        name = described.name[:100]
        if described.visible != calamine.SheetVisibleEnum.Visible:
            yield Sheet(name, is_hidden=True)
            continue
        sheet = book.get_sheet_by_name(described.name)
        areas = [
            (top + 1, bottom + 1, first, last)
            for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
        ]
        across = tuple((top, first, last) for top, _end, first, last in areas if last > first)
        rows = _with_areas(_rows(sheet, gatherer.limits), areas)
        yield gatherer.sheet(rows, name=name, joined=across)


def _rows(sheet: calamine.CalamineSheet, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    if sheet.height * sheet.width > _LARGEST_AREA:
        raise TableError("too_large", what="far")
    for line, row in enumerate(sheet.iter_rows(), 1):
        if len(row) > limits.columns and any(value != "" for value in row[limits.columns :]):
            raise TableError("too_large", what="columns", line=line)
        yield line, [_cell(value) for value in row[: limits.columns]]


def _with_areas(
    rows: Iterator[tuple[int, list[str]]], areas: list[Area]
) -> Iterator[tuple[int, list[str]]]:
    """Write the text of cells that were joined downwards into every row that they cover."""
    downwards = sorted(area for area in areas if area[2] == area[3] and area[1] > area[0])
    waiting = iter(downwards)
    following = next(waiting, None)
    running: list[tuple[int, int, str]] = []
    for line, row in rows:
        cells = list(row)
        running = [area for area in running if area[0] >= line]
        for _bottom, column, text in running:
            if text:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = text
        while following is not None and following[0] <= line:
            top, bottom, column, _same = following
            if top == line and column < len(cells):
                running.append((bottom, column, cells[column]))
            following = next(waiting, None)
        yield line, cells


def _cell(value: object) -> str:
    """Return a cell as text: a whole number without decimals, a day as ISO writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)
