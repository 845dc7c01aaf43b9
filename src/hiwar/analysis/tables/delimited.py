"""Text with a separator: commas, semicolons, tabs, bars, and what spreadsheet programs add."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from hiwar.analysis.tables.cells import CONTROL
from hiwar.analysis.tables.encodings import decode
from hiwar.analysis.tables.workbook import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.analysis.tables.workbook import Encoding

DELIMITERS = (",", ";", "\t", "|", "،")
_SAID = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE = 1 << 16
_SAMPLE_LINES = 40
_LONGEST_FIELD = 1 << 20
_BINARY = frozenset(map(chr, CONTROL)) & frozenset(map(chr, range(32)))


def read_lines(content: bytes) -> tuple[Encoding, str, Iterator[tuple[int, list[str]]]]:
    """Return how a text was read, its separator, and its lines with their numbers from 1.

    Raises ``TableError`` at once or while the lines are read.
    """
    text, encoding = decode(content)
    if _is_binary(text[:_SAMPLE]):
        raise TableError("unreadable", what="binary")
    above = 0
    if said := _SAID.match(text):
        text, above = text[said.end() :], 1
    delimiter = said[1] if said else _delimiter(text[:_SAMPLE])
    return encoding, delimiter, _lines(text, delimiter, above)


def read_records(text: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """Yield the rows of a file of the house itself, by its headings; nothing is guessed."""
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)


def _is_binary(sample: str) -> bool:
    strange = sum(letter in _BINARY for letter in sample)
    return "\0" in sample or strange > 4 + len(sample) // 50


def _delimiter(sample: str) -> str:
    """Return the separator by which the most lines have one and the same number of cells.

    Titles above the headings have none; a separator inside text is rarely in every line.
    """
    best, most = ",", (0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        widths: Counter[int] = Counter()
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            for _at, cells in zip(range(_SAMPLE_LINES), reader, strict=False):
                if len(cells) > 1:
                    widths[len(cells)] += 1
        except csv.Error:
            pass
        widest = max(((count, width) for width, count in widths.items()), default=(0, 0))
        # Lists without fixed width still tell by how many of their lines are divided.
        widest = max(widest, (sum(widths.values()) // 2, max(widths, default=0)))
        if widest > most:
            best, most = delimiter, widest
    return best


def _lines(text: str, delimiter: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines; quotation marks that do not close end in an error that names their line."""
    csv.field_size_limit(_LONGEST_FIELD)
    is_strict = _is_well_formed(text, delimiter, above)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=is_strict)
    before = 0
    try:
        for cells in reader:
            yield above + before + 1, cells
            before = reader.line_num
    except csv.Error:
        raise TableError("malformed", line=above + before + 1) from None


def _is_well_formed(text: str, delimiter: str, above: int) -> bool:
    """Return whether quotation marks stand as they should.

    Letters behind a closing mark are forgiven; a mark that never closes swallows every line below
    it and is not. Raises ``TableError``.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for _cells in reader:
            before = reader.line_num
    except csv.Error as error:
        if "end of data" in str(error):
            raise TableError("malformed", line=above + before + 1, what="quote") from None
        if "field limit" in str(error) or "field larger" in str(error):
            raise TableError("too_large", line=above + before + 1, what="characters") from None
        return False
    return True
