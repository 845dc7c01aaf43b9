"""Spreadsheets made for tests: honest ones, and ones with parts that no program writes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROWS = (("الاسم", "رقم الجوال"), ("رنا عوكل", "0599000001"))


def xlsx(**sheets: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook with these sheets; one whose name begins with `hidden` is hidden."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in (sheets or {"list": ROWS}).items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with its first sheet rewritten."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            data = source.read(part)
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            target.writestr(part.filename, change(data) if is_sheet else data)
    return out.getvalue()


def below(addition: bytes) -> bytes:
    """Return a workbook with something more at the end of its rows."""
    return with_part(xlsx(), lambda data: data.replace(b"</sheetData>", addition + b"</sheetData>"))


def merge_bomb() -> bytes:
    areas = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return with_part(xlsx(), lambda data: data.replace(b"</sheetData>", areas))


def row_bomb() -> bytes:
    return below(b"<row><c><v>1</v></c></row>" * 800_000)


def far_cell() -> bytes:
    return below(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def with_entity(declaration: bytes) -> bytes:
    cell = b"<row><c t='inlineStr'><is><t>&e;</t></is></c></row>"
    return with_part(
        xlsx(),
        lambda data: b"<!DOCTYPE x [" + declaration + b"]>" + data[data.find(b"<worksheet") :]
        .replace(b"</sheetData>", cell + b"</sheetData>"),
    )  # fmt: skip


HOSTILE: dict[str, Callable[[], bytes]] = {
    "joined without end": merge_bomb,
    "20 MB of rows": row_bomb,
    "a far cell": far_cell,
    "an external entity": lambda: with_entity(b'<!ENTITY e SYSTEM "file:///etc/passwd">'),
    "an entity of entities": lambda: with_entity(b'<!ENTITY a "x"><!ENTITY e "&a;&a;">'),
}
SLOW = {
    "words between strokes": (",".join(["a/" * 100] * 10) + "\n") * 3,
    "cells of 1,980 letters": (",".join([("ab/cd " * 330)[:1980]] * 40) + "\n") * 21,
}


def endless_card() -> bytes:
    return b"BEGIN:VCARD\nVERSION:3.0\nFN:x\nNOTE:a\n" + b" \n" * 2_000_000 + b"END:VCARD\n"
