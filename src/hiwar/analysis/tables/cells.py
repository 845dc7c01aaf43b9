"""Cells as clean text, within the limits of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hiwar.analysis.tables.workbook import Sheet, TableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hiwar.analysis.tables.workbook import Limits

# Letters that no XML file, and so no spreadsheet, may hold: control characters, halves of pairs
# and noncharacters. Word's line break (U+000B) and a page break stand for a blank.
_BREAKS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x1C, 0x1D, 0x1E, 0x1F), " ")
_NONE: dict[int, str | None] = dict.fromkeys(
    (*range(9), *range(14, 28), *range(127, 133), *range(134, 160), *range(0xFDD0, 0xFDF0),
     *(plane << 16 | end for plane in range(17) for end in (0xFFFE, 0xFFFF)))
)  # fmt: skip
CONTROL: dict[int, str | None] = {**_NONE, **_BREAKS}
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|"
    "[" + "".join(chr(p << 16 | e) for p in range(1, 17) for e in (0xFFFE, 0xFFFF)) + "]"
)
_HALVES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    r"""Return a text without control characters, halves of pairs and noncharacters.

    Tabs and ends of lines stay; other breaks become a blank.

    >>> clean("first\x0bsecond\x07")
    'first second'
    """
    if not _UNWANTED.search(text):
        return text
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text.translate(CONTROL))


class Gatherer:
    """Takes the lines of a file one by one and keeps what has content, within the limits.

    The counts of cells and characters run over all sheets of a file. Raises ``TableError``.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._cells = self._characters = 0

    def sheet(
        self,
        lines: Iterable[tuple[int, Sequence[str]]],
        *,
        name: str = "",
        joined: tuple[tuple[int, int, int], ...] = (),
    ) -> Sheet:
        """Return a sheet of the lines; those without content are counted and left out."""
        limits = self.limits
        rows: list[tuple[int, tuple[str, ...]]] = []
        blank = shortened = 0
        since_last = 0
        for line, raw in lines:
            cells = list(raw)
            text = "".join(cells)
            if _UNWANTED.search(text):
                cells = [clean(cell) for cell in cells]
            while cells and not cells[-1].strip():
                cells.pop()
            if not cells:
                since_last += 1
                continue
            blank, since_last = blank + (since_last if rows else 0), 0
            if len(rows) >= limits.rows:
                raise TableError("too_large", what="rows", line=line)
            if len(cells) > limits.columns:
                raise TableError("too_large", what="columns", line=line)
            if len(text) > limits.cell:
                shortened += sum(len(cell) > limits.cell for cell in cells)
                cells = [cell[: limits.cell] for cell in cells]
            self._count(cells, line)
            rows.append((line, tuple(cells)))
        return Sheet(name, tuple(rows), joined, blank, shortened)

    def _count(self, cells: Sequence[str], line: int) -> None:
        self._cells += len(cells)
        self._characters += sum(map(len, cells))
        if self._cells > self.limits.cells:
            raise TableError("too_large", what="cells", line=line)
        if self._characters > self.limits.characters:
            raise TableError("too_large", what="characters", line=line)
