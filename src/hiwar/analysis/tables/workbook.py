"""What a file of tables holds once it is read, within which limits, and why it may be refused."""

from __future__ import annotations

from dataclasses import dataclass


class TableError(Exception):
    """A file cannot be read, or goes beyond a limit.

    Attributes
    ----------
    code : str
        `empty`, `too_large`, `unreadable`, `malformed`, `password` or `other_kind`.
    line : int
        Where it is wrong, counted from 1; 0 where that says nothing.
    what : str
        Which limit (`bytes`, `unpacked`, `rows`, `columns`, `cells`, `characters`, `merged`,
        `far`, `sheets`, `cards`, `lines`) or which kind of file it is.
    """

    def __init__(self, code: str, *, line: int = 0, what: str = "") -> None:
        self.code, self.line, self.what = code, line, what
        super().__init__(" ".join(filter(None, [code, what, str(line or "")])))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken: sizes in bytes, lengths in characters.

    `size` is the file as it comes, `unpacked` what a spreadsheet unpacks to; `rows` counts rows
    with content in one sheet, `cells` cells of a whole file. A longer `cell` is cut, a longer
    `heading` is never compared with known words.
    """

    size: int = 20 << 20
    unpacked: int = 200 << 20
    rows: int = 20_000
    columns: int = 200
    cells: int = 2_000_000
    characters: int = 48_000_000
    cell: int = 2_000
    heading: int = 80
    merged: int = 20_000
    sheets: int = 60


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a text became letters.

    `confidence` runs from 0 to 1; 1 means that the file itself says so. `others` are encodings
    that fit as well, the likelier first.
    """

    name: str
    confidence: float = 1.0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands in the file.

    Attributes
    ----------
    name : str
        Empty for a text file, which has one sheet.
    rows : tuple of (int, tuple of str)
        Rows with content: the line as an editor or spreadsheet program counts it, and its cells.
        Cells that were joined downwards have their text in every row that they cover.
    joined : tuple of (int, int, int)
        Cells joined across: line, first and last column from 0.
    blank : int
        Lines without content between the others.
    shortened : int
        Cells that were longer than the limit and have been cut.
    is_hidden : bool
        Whether the program that wrote it hides it; rows of hidden sheets are not read.
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    joined: tuple[tuple[int, int, int], ...] = ()
    blank: int = 0
    shortened: int = 0
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of a file in their order, hidden ones without their rows.

    `kind` is `text`, `xlsx` (and what is packed like it) or `xls`; `encoding` and `delimiter` are
    those of a text file.
    """

    kind: str
    sheets: tuple[Sheet, ...]
    encoding: Encoding | None = None
    delimiter: str = ""

    @property
    def filled(self) -> tuple[Sheet, ...]:
        """The sheets that are shown and have content."""
        return tuple(sheet for sheet in self.sheets if sheet.rows)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Names of the sheets that were not read because they are hidden."""
        return tuple(sheet.name for sheet in self.sheets if sheet.is_hidden)
