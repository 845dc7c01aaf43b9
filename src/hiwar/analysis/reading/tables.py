"""Tables of text, from CSV in its usual variants or from Parquet, with line numbers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import source as sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.source import Source

_LONGEST_CELL = 1 << 24


class Table:
    """A header and the lines below it; what is wrong with the form is noted in `problems`."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self.name = source.name
        self._problems = problems
        self._records = _parquet(source) if source.is_parquet else _csv(source)
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
        wanted: Mapping[str, frozenset[str]],
        required: frozenset[str],
        ignored: frozenset[str] = frozenset(),
    ) -> dict[str, int]:
        """Find the column of each role by its names; note missing, unknown and double ones."""
        found: dict[str, int] = {}
        for i, title in enumerate(self.header):
            name = fold(title)
            role = next((role for role, names in wanted.items() if name in names), None)
            if role is None:
                if name not in ignored:
                    self._add("unknown_column", self.line, i + 1, name=title)
            elif role in found:
                self._add("duplicate_column", self.line, i + 1, name=title)
            else:
                found[role] = i
        for role in sorted(required - found.keys()):
            self._add("missing_column", self.line, None, name=role)
        return found

    def _add(self, kind: str, line: int, column: int | None, **details: str | int) -> None:
        self._problems.add(kind, self.name, line, column, **details)


def fold(title: str) -> str:
    """Return a column title as it is compared: any case, with hyphens."""
    return title.strip().strip("\ufeff").casefold().replace("_", "-").replace(" ", "-")


def separator(first_line: str) -> str:
    """Return the separator that the header line uses most: comma, semicolon or tab."""
    return max(",;\t", key=first_line.count)


def _csv(source: Source) -> Iterator[tuple[int, list[str]]]:
    content = sources.text(source)
    first = content[: 1 << 20].splitlines()
    title = next((line for line in first if line.strip()), b"").decode("utf-8", "ignore")
    csv.field_size_limit(_LONGEST_CELL)
    # A wrapper around the bytes needs a quarter of the memory of a StringIO.
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")
    reader = csv.reader(lines, delimiter=separator(title), strict=True)
    before = 0
    try:
        for fields in reader:
            if fields:
                yield before + 1, fields
            before = reader.line_num
    except csv.Error:
        raise refuse("malformed", source.name, before + 1, 1) from None


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
    if value is None or value != value:  # noqa: PLR0124 - not a number is the one unequal to itself
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)
