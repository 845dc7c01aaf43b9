"""A spreadsheet as it comes: CSV of any usual kind or XLSX, with titles above its headings."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext_lazy as _

from hiwar.common.refusals import Refused
from hiwar.contacts.queries.words import FOLDER
from hiwar.engine.names import fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Words = Mapping[str, Sequence[str]]

LARGEST = 20 << 20
LARGEST_UNPACKED = 200 << 20
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000
# Headings are looked for in the first rows; a small file is read whole, so that cells that were
# joined can be told from empty ones.
HEAD = 15
SMALL = 3 << 20
ALIKE = 0.84


class FileEmpty(Refused):
    """There is nothing in the file."""

    code = "file_empty"
    message = _("The file is empty. Choose a file with a row of headings and rows below it.")


class FileTooLarge(Refused):
    """The file, or what it unpacks to, is beyond the limits."""

    code = "file_too_large"
    message = _("The file is too large. Split it into files of at most 20 MB and 20,000 rows.")


class FileUnreadable(Refused):
    """The file is neither CSV nor a spreadsheet."""

    code = "file_unreadable"
    message = _("This file cannot be read. Save it as CSV (UTF-8) or as XLSX and try again.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headings, and the rows below them as written, with the line of each."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(content: bytes, words: Words | None = None) -> Sheet:
    """Read a file by what is in it, whatever its name; titles above the headings are left out.

    ``words`` says what headings may be called, where not as in lists of people. Raises
    ``FileEmpty``, ``FileTooLarge`` and ``FileUnreadable``.
    """
    if len(content) > LARGEST:
        raise FileTooLarge
    if not content.strip():
        raise FileEmpty
    lines = _spreadsheet(content) if content.startswith(b"PK\x03\x04") else _text(content)
    kept = [(line, cells) for line, cells in _limited(lines) if any(map(str.strip, cells))]
    if not kept:
        raise FileEmpty
    at = _header_at([cells for _line, cells in kept[:HEAD]], words)
    header = [cell.strip().strip("\ufeff") for cell in kept[at][1]]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    rows = [(line, tuple((cells + [""] * width)[:width])) for line, cells in kept[at + 1 :]]
    if not rows:
        raise FileEmpty
    return Sheet(tuple(header), tuple(rows))


def proposed_mapping(header: Sequence[str], words: Words | None = None) -> dict[str, str]:
    """Return what each column seems to stand for, by column number; unknown ones are left out."""
    listed = heading_words() if words is None else words
    taken: set[str] = set()
    found: dict[str, str] = {}
    scored = [
        (score, at, field)
        for at, title in enumerate(header)
        for field, score in _scores(title, listed)
    ]
    for score, at, field in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if score >= ALIKE and str(at) not in found and field not in taken:
            found[str(at)] = field
            taken.add(field)
    return found


def key_of_header(header: Sequence[str]) -> str:
    """Return the key by which a mapping of these headings is remembered."""
    return sha256("\n".join(_folded(one) for one in header).encode()).hexdigest()


def fields() -> list[str]:
    """Return what a column can stand for."""
    return list(heading_words())


def heading_words() -> Words:
    """Return by what names the columns of people are known."""
    return {
        name: cast("list[str]", listed)
        for name, listed in columns().items()
        if isinstance(listed, list) and name != "yes"
    }


@cache
def columns() -> Mapping[str, object]:
    """Return the heading words as they lie in ``import_columns.json``."""
    return cast(
        "Mapping[str, object]", json.loads((FOLDER / "import_columns.json").read_text("utf-8"))
    )


def _limited(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for count, (line, cells) in enumerate(lines):
        if count > MOST_ROWS + HEAD or len(cells) > MOST_COLUMNS:
            raise FileTooLarge
        yield line, cells


def _header_at(first: Sequence[Sequence[str]], words: Words | None) -> int:
    """Return which of the first rows holds the headings: the one with most known words."""
    known = [
        len(proposed_mapping([cell for cell in cells if cell.strip()], words)) for cells in first
    ]
    if max(known):
        return known.index(max(known))
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in first]
    return next((at for at, count in enumerate(filled) if count >= max(filled) / 2), 0)


def _scores(title: str, listed: Words) -> Iterator[tuple[str, float]]:
    parts = [_folded(title)]
    for mark in "/|()-–\n":
        parts += [_folded(part) for part in title.split(mark)] if mark in title else []
    for field, names in listed.items():
        best = 0.0
        for word in names:
            folded = _folded(word)
            for part in filter(None, parts):
                same = 1.0 if part == folded else SequenceMatcher(None, part, folded).ratio()
                if len(folded) > 3 or same == 1.0:
                    # The longer word says more: "Name (Arabic)" is an Arabic name.
                    best = max(best, same + (len(folded) / 1000 if same >= ALIKE else 0))
        yield field, best


def _folded(text: str) -> str:
    plain = fold_latin(fold_arabic(text)).replace("_", " ").replace("*", " ").replace(":", " ")
    return " ".join(plain.split()).casefold()


def _text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    if any(letter < " " and letter not in "\t\r\n" for letter in text):
        raise FileUnreadable
    sample = [line for line in text.splitlines()[:HEAD] if line.strip()]
    delimiter = max(",;\t|", key=lambda mark: sum(line.count(mark) for line in sample))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            yield before + 1, [cell[:LONGEST_CELL] for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise FileUnreadable from error


def _decoded(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decode(content, encoding)
    sample = content[:512]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.2 * max(len(zeros), 1):
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
        is_small = len(content) < SMALL
        book = load_workbook(
            io.BytesIO(content), read_only=not is_small, data_only=True, keep_links=False
        )
        sheet = book.worksheets[0]
        joined = _joined(sheet) if is_small else {}
        widest = min(sheet.max_column or 1, MOST_COLUMNS + 1)
        for line, row in enumerate(sheet.iter_rows(values_only=True, max_col=widest), 1):
            if line > MOST_ROWS + HEAD + 100:
                raise FileTooLarge
            cells = [_cell(value) for value in row]
            yield line, [joined.get((line, at), cell) for at, cell in enumerate(cells)]
    except Refused:
        raise
    except Exception as error:
        # A damaged spreadsheet fails in the reader in many ways; none of them is ours.
        raise FileUnreadable from error


def _joined(sheet: object) -> dict[tuple[int, int], str]:
    """Return the values of cells joined downwards, for every row they cover.

    Cells joined across are titles, and only their first one speaks.
    """
    found: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:  # type: ignore[attr-defined]  # of a sheet read whole
        if area.min_col == area.max_col and area.max_row - area.min_row < MOST_ROWS:
            value = _cell(sheet.cell(area.min_row, area.min_col).value)  # type: ignore[attr-defined]
            for line in range(area.min_row, area.max_row + 1):
                found[line, area.min_col - 1] = value
    return found


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    isoformat = getattr(value, "isoformat", None)
    return (str(isoformat()) if isoformat else str(value))[:LONGEST_CELL]
