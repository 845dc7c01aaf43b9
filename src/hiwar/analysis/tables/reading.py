"""The one way in: bytes of a file to its sheets, by what is in it and not by its name."""

from __future__ import annotations

from hiwar.analysis.tables.cells import Gatherer
from hiwar.analysis.tables.delimited import read_lines
from hiwar.analysis.tables.spreadsheets import read_sheets
from hiwar.analysis.tables.workbook import Limits, TableError, Workbook

_PACKED = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER = (
    (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"{\\rtf", "word"),
    (b"GIF8", "picture"), (b"\x1f\x8b", "packed"), (b"Rar!", "packed"), (b"7z\xbc\xaf", "packed"),
)  # fmt: skip
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<?xml")


def read_workbook(content: bytes, limits: Limits | None = None) -> Workbook:
    """Read a file of tables.

    Parameters
    ----------
    content : bytes
        The whole file, whatever it is called.
    limits : Limits, optional
        How much is taken.

    Returns
    -------
    Workbook
        With at least one sheet that has content.

    Raises
    ------
    TableError
        If the file is empty, damaged, protected, of another kind or beyond a limit.
    """
    limits = limits or Limits()
    if len(content) > limits.size:
        raise TableError("too_large", what="bytes")
    if not content.strip(b" \t\r\n\xef\xbb\xbf\0"):
        raise TableError("empty")
    gatherer = Gatherer(limits)
    if content.startswith(_PACKED):
        book = Workbook("xlsx", read_sheets(content, gatherer))
    elif content.startswith(_COMPOUND):
        # A protected spreadsheet lies in the same box as one of before 2007.
        if _ENCRYPTED in content:
            raise TableError("password")
        book = Workbook("xls", read_sheets(content, gatherer))
    else:
        _refuse_other_kinds(content)
        encoding, delimiter, lines = read_lines(content)
        book = Workbook("text", (gatherer.sheet(lines),), encoding, delimiter)
    if not book.filled:
        raise TableError("empty", what="hidden" if book.hidden else "")
    return book


def _refuse_other_kinds(content: bytes) -> None:
    for mark, kind in _OTHER:
        if content.startswith(mark):
            raise TableError("other_kind", what=kind)
    if content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        raise TableError("other_kind", what="html")
