"""Tables of text, from CSV in its usual variants or from Parquet, with line numbers."""

from __future__ import annotations

import csv
import io
import math
import re
import shlex
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import source as sources
from hiwar.analysis.reading.answers import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.source import Source
    from hiwar.analysis.tables import Sheet

    Roles = Mapping[str, tuple[str, ...]]

_LONGEST_CELL = 1 << 24
_MOST_REPAIRED = 200
# Somebody's own file on somebody's own machine: more than a desk takes from others.
_LIMITS = {
    "size": 200 << 20, "unpacked": 2 << 30, "rows": 1_000_000, "columns": 5_000,
    "cells": 30_000_000, "characters": 500_000_000, "merged": 20_000,
}  # fmt: skip
_TOLD = re.compile(rb'"?sep=([,;\t|])"?', re.IGNORECASE)


class Table:
    """A header and the lines below it; what is wrong with the form is noted in `problems`."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self.name = source.name
        self._problems = problems
        if source.is_parquet:
            self._records = _parquet(source)
        elif source.is_spreadsheet:
            self._records = _spreadsheet(source)
        else:
            self._records = _csv(source, problems)
        self.line, self.header = next(self._records, (1, []))
        self.header = [cell.strip() for cell in self.header]
        if not any(self.header):
            raise refuse("no_header", self.name, 1)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of each complete line with its fields."""
        width = len(self.header)
        for line, fields in self._records:
            if len(fields) != width:
                # Spreadsheets write separators alone for lines that were emptied.
                if any(map(str.strip, fields)):
                    column = min(len(fields), width) + 1
                    self._add("ragged_row", line, column, found=len(fields), expected=width)
            elif width > 1 and [field.strip() for field in fields] == self.header:
                self._add("repeated_header", line, 1)
            elif any(fields):
                yield line, fields

    def columns(
        self,
        wanted: Roles,
        required: frozenset[str],
        ignored: frozenset[str] = frozenset(),
    ) -> dict[str, int]:
        """Find the column of each role by its names; note missing, double and dropped ones."""
        layout = lay_out(self.header, wanted, ignored)
        for i in layout.twice:
            self._add("duplicate_column", self.line, i + 1, name=self.header[i])
        for role in sorted(required - layout.at.keys()):
            self._add("missing_column", self.line, None, name=role)
        for i in layout.dropped:
            self._problems.drop(self.name, self.header[i])
        return layout.at

    def _add(self, kind: str, line: int, column: int | None, **details: str | int) -> None:
        self._problems.add(kind, self.name, line, column, **details)


@dataclass(frozen=True)
class Layout:
    """Which column has which role, which stand there twice, and which are read by nobody."""

    at: dict[str, int]
    twice: tuple[int, ...]
    dropped: tuple[int, ...]


def lay_out(header: Sequence[str], wanted: Roles, ignored: frozenset[str] = frozenset()) -> Layout:
    """Give each role the column whose title stands first among its names."""
    at: dict[str, int] = {}
    rank: dict[str, int] = {}
    twice: list[int] = []
    dropped: list[int] = []
    outranked: list[int] = []
    for i, title in enumerate(header):
        name = fold(title)
        role = next((role for role, names in wanted.items() if name in names), None)
        if role is None:
            if name not in ignored:
                dropped.append(i)
            continue
        place = wanted[role].index(name)
        if role in at and rank[role] == place:
            twice.append(i)
        elif role in at and rank[role] < place:
            outranked.append(i)
        else:
            if role in at:
                outranked.append(at[role])
            at[role], rank[role] = i, place
    dropped += [i for i in outranked if fold(header[i]) not in ignored]
    return Layout(at, tuple(twice), tuple(sorted(dropped)))


def fold(title: str) -> str:
    """Return a column title as it is compared: any case and carrier of hamza, with hyphens."""
    return folded(title.strip("\ufeff")).replace(" ", "-")


def named(*titles: str) -> tuple[str, ...]:
    """Return the names of a role as they are compared, the best first."""
    return tuple(dict.fromkeys(fold(title) for title in titles))


def separator(first_line: str) -> str:
    """Return the separator that the header line uses most: comma, semicolon or tab."""
    return max(",;\t", key=first_line.count)


def told_separator(line: bytes) -> str | None:
    """Return the separator that a spreadsheet program wrote into a line of its own: sep=;."""
    match = _TOLD.fullmatch(line.strip(b"\r\n"))
    return match[1].decode() if match else None


def _csv(source: Source, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    content = sources.text(source)
    head = content[: 1 << 20].splitlines()
    titles = [line for line in head if line.strip()]
    declared = told_separator(titles[0]) if titles else None
    title = titles[1 if declared else 0] if len(titles) > bool(declared) else b""
    mark = declared or separator(title.decode("utf-8", "ignore"))
    csv.field_size_limit(_LONGEST_CELL)
    skip = declared is not None
    at, above = 0, 0
    while True:
        # A wrapper around the bytes needs a quarter of the memory of a StringIO.
        lines = io.TextIOWrapper(io.BytesIO(content[at:] if at else content), "utf-8", newline="")
        reader = csv.reader(lines, delimiter=mark, strict=True)
        before = 0
        try:
            for fields in reader:
                if fields and not skip:
                    yield above + before + 1, fields
                skip = skip and not fields
                before = reader.line_num
        except csv.Error:
            at, above = _offset(content, at, before), above + before
            fixed = _repaired(content, at, mark)
            if fixed is None or problems.repaired > _MOST_REPAIRED:
                raise refuse("malformed", source.name, above + 1, 1) from None
            problems.repaired += 1
            content = fixed
        else:
            return


def _offset(content: bytes, at: int, lines: int) -> int:
    """Return where the text goes on below a number of lines."""
    for _ in range(lines):
        at = content.find(b"\n", at) + 1
    return at


def _repaired(content: bytes, at: int, mark: str) -> bytes | None:
    """Double the quotation marks inside a field of one line; None where that does not mend it.

    A mark between two characters that are no separators can neither open nor close a field.
    """
    end = content.find(b"\n", at)
    line = content[at : end if end >= 0 else len(content)]
    inner = re.compile(rb'(?<=[^"%b])"(?=[^"\r%b])' % ((re.escape(mark.encode()),) * 2))
    fixed = inner.sub(b'""', line)
    if fixed == line:
        return None
    try:
        next(csv.reader([fixed.decode()], delimiter=mark, strict=True))
    except csv.Error:
        return None
    return content[:at] + fixed + content[at + len(line) :]


def _spreadsheet(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of the sheet that is read; short lines are filled up."""
    rows = _sheets(source.path, source.name, source.fingerprint.sha256)[sheet_of(source)[0]]
    width = len(rows[0][1])
    for line, cells in rows:
        yield line, [*cells, *[""] * (width - len(cells))]


def sheet_of(source: Source) -> tuple[str, int]:
    """Return the name of the sheet that is read of a workbook, and how many have content.

    Raises
    ------
    BadInput
        If there are several and none is named, or none has the name.
    """
    sheets = _sheets(source.path, source.name, source.fingerprint.sha256)
    if source.sheet in sheets:
        return source.sheet, len(sheets)
    if len(sheets) == 1 and not source.sheet:
        return next(iter(sheets)), 1
    names = ", ".join(sheets)
    if source.sheet:
        raise refuse("sheet_unknown", source.name, name=source.sheet, names=names)
    first = shlex.quote(next(iter(sheets)))
    raise refuse("several_sheets", source.name, count=len(sheets), names=names, sheet=first)


@lru_cache(maxsize=2)
def _sheets(path: Path, name: str, _sha256: str) -> dict[str, list[tuple[int, list[str]]]]:
    """Read a workbook once, although its header is looked at before its lines."""
    from hiwar.analysis.tables import Limits, TableError, read_workbook

    try:
        book = read_workbook(path.read_bytes(), Limits(**_LIMITS))
    except TableError as error:
        kind = {"password": "sheet_locked", "too_large": "sheet_too_large", "empty": "empty_sheet"}
        raise refuse(kind.get(error.code, "corrupt_sheet"), name) from None
    return {sheet.name: _trimmed(sheet) for sheet in book.filled}


def _trimmed(sheet: Sheet) -> list[tuple[int, list[str]]]:
    """Return the lines of a sheet without empty cells beyond its header."""
    rows = [(line, list(cells)) for line, cells in sheet.rows]
    while rows[0][1] and not rows[0][1][-1].strip():
        rows[0][1].pop()
    width = len(rows[0][1])
    for _, cells in rows:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
    return rows


def _parquet(source: Source) -> Iterator[tuple[int, list[str]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(source.path, use_threads=False)
        columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    except (pa.ArrowException, OSError) as error:
        raise refuse("corrupt_parquet", source.name, reason=type(error).__name__) from None
    yield 1, list(table.column_names)
    for line, fields in enumerate(zip(*columns, strict=True), start=2):
        yield line, list(fields)


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)
