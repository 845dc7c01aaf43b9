"""Headings: which line holds them, what stands above, and what the columns seem to mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from hiwar.engine.names import digits_as_ascii, fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from hiwar.analysis.tables.workbook import Sheet

    Words = Mapping[str, Sequence[str]]
    Rows = Sequence[tuple[int, tuple[str, ...]]]

# Headings are looked for in the first lines with content.
HEAD = 15
ALIKE = 0.84
LONGEST = 80
_MOST_PARTS = 6
_MOST_COMPARISONS = 20_000
_MARKS = re.compile(r"[/|()\-–\n]")
_TOTALS = frozenset(
    ["المجموع", "مجموع", "الاجمالي", "اجمالي", "المجموع الكلي", "الاجمالي الكلي", "المجموع العام",
     "total", "totals", "sum", "subtotal", "grand total", "sum total", "total general", "somme",
     "gesamt", "summe", "toplam"]
)  # fmt: skip
_TOTALS_BEGIN = frozenset(word[0] for word in _TOTALS) | frozenset("أإآ")
# What a program writes beside a value: of what kind it is.
_NO_VALUES = frozenset(["type", "label", "نوع", "libelle"])
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[-+]?[\d.,٫٬\s%]*")


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and the rows below them.

    Attributes
    ----------
    header : tuple of str
        As many as the table has columns; where the sheet has no headings, all are empty.
    rows : tuple of (int, tuple of str)
        The line of each row, and as many cells as there are headings.
    line : int
        The line of the headings, 0 where there are none.
    titles : tuple of str
        What stands above the headings.
    ragged : tuple of int
        Lines with more cells than headings; the cells beyond are not taken.
    totals : tuple of int
        Lines that add up the others; they are not among the rows.
    repeated : tuple of int
        Lines that say the headings again; they are not among the rows.
    blank : int
        Lines without content between the rows.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    line: int = 0
    titles: tuple[str, ...] = ()
    ragged: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    blank: int = 0


class Headings:
    """What columns may be called: lists of words by what they stand for.

    ``several`` names what more than one column may stand for, such as telephones; the second and
    later ones only where their words are known, never by likeness.

    Comparing is bounded: a cell of more than 80 letters is no heading, and after some thousand
    comparisons only words that are the same count.
    """

    def __init__(self, words: Words, several: Collection[str] = ()) -> None:
        self._several = frozenset(several)
        self._exact: dict[str, list[tuple[float, str]]] = {}
        self._fuzzy: dict[int, list[tuple[str, str]]] = {}
        for field, names in words.items():
            for folded in dict.fromkeys(map(fold, names)):
                # The longer word says more: "Name (Arabic)" is an Arabic name.
                self._exact.setdefault(folded, []).append((1.0 + len(folded) / 1000, field))
                if len(folded) > 3:
                    self._fuzzy.setdefault(len(folded), []).append((folded, field))
        self._left = _MOST_COMPARISONS

    def proposals(self, header: Sequence[str]) -> dict[int, str]:
        """Return what each column seems to stand for, by its place from 0; others are left out."""
        taken: set[str] = set()
        chosen: dict[int, str] = {}
        scored = [
            (worth, at, field)
            for at, title in enumerate(header)
            for field, worth in self._scores(title).items()
        ]
        for score, at, field in sorted(
            scored, key=lambda proposal: (-proposal[0], proposal[1], proposal[2])
        ):
            is_free = field not in taken or (field in self._several and score >= 1)
            if at not in chosen and is_free:
                chosen[at] = field
                taken.add(field)
        return chosen

    @property
    def comparisons(self) -> int:
        """How many words were compared letter by letter so far."""
        return _MOST_COMPARISONS - self._left

    def line_of(self, rows: Rows) -> int | None:
        """Return which of the first rows holds the headings: the one with most known words.

        None where no row holds one.
        """
        known = [
            len(self.proposals([cell for cell in cells if cell.strip()]))
            for _line, cells in rows[:HEAD]
        ]
        return known.index(max(known)) if any(known) else None

    def _scores(self, title: str) -> dict[str, float]:
        if not title.strip() or len(title) > LONGEST:
            return {}
        pieces = _MARKS.split(title)
        if any(fold(piece) in _NO_VALUES for piece in pieces[1:]):
            return {}
        parts = [fold(title)]
        if 1 < len(pieces) <= _MOST_PARTS:
            parts += [fold(piece) for piece in pieces]
        # "Phone 2" and "جوال 1" are a telephone, whichever.
        parts += [fold(_DIGITS.sub(" ", part)) for part in parts if _DIGITS.search(part)]
        best: dict[str, float] = {}
        for part in filter(None, parts):
            for score, field in (*self._exact.get(part, ()), *self._alike(part)):
                best[field] = max(best.get(field, 0.0), score)
        return best

    def _alike(self, part: str) -> Iterator[tuple[float, str]]:
        length = len(part)
        for other in range(int(length * ALIKE / 2), int(length * 2 / ALIKE) + 1):
            if 2 * min(length, other) < ALIKE * (length + other):
                continue
            for word, field in self._fuzzy.get(other, ()):
                if self._left <= 0 or word == part:
                    continue
                self._left -= 1
                same = SequenceMatcher(None, part, word)
                if same.quick_ratio() >= ALIKE and (ratio := same.ratio()) >= ALIKE:
                    yield ratio + len(word) / 1000, field


def table_of(sheet: Sheet, headings: Headings, line: int | None = None) -> Table:
    """Return a sheet as headings and rows.

    Parameters
    ----------
    sheet : Sheet
        With content.
    headings : Headings
        What columns may be called.
    line : int, optional
        Which line holds the headings, 0 for none; without it they are looked for.
    """
    rows = sheet.rows
    at = _place(rows, headings, line)
    if at is None:
        width = max(len(cells) for _line, cells in rows)
        return _table(sheet, ("",) * width, rows, 0, ())
    header, used = _header(sheet, at)
    titles = tuple(" ".join(" ".join(cells).split())[:200] for _line, cells in rows[:at])
    return _table(sheet, header, rows[at + used :], rows[at][0], titles)


def key_of(header: Sequence[str]) -> str:
    """Return the key by which what these headings mean is remembered."""
    return sha256("\n".join(fold(title) for title in header).encode()).hexdigest()


@lru_cache(4096)
def fold(text: str) -> str:
    """Return a heading as it is compared: any case, script marks and signs around it left out."""
    plain = fold_latin(fold_arabic(text[: LONGEST * 4]))
    for mark in "_*:":
        plain = plain.replace(mark, " ")
    return " ".join(plain.split()).casefold()


def _place(rows: Rows, headings: Headings, line: int | None) -> int | None:
    if line is not None:
        return next((at for at, (number, _cells) in enumerate(rows) if number == line), None)
    if (known := headings.line_of(rows)) is not None:
        return known
    filled = [sum(bool(cell.strip()) for cell in cells) for _line, cells in rows[:HEAD]]
    at = next(at for at, count in enumerate(filled) if count >= max(filled) / 2)
    # A heading is no number, no address and no date; a line that has one is a row like the others.
    return None if any(map(_is_value, rows[at][1])) else at


def _is_value(cell: str) -> bool:
    plain = digits_as_ascii(cell.strip())
    return "@" in plain or sum(map(str.isdigit, plain)) >= max(3, len(plain) // 2)


def _header(sheet: Sheet, at: int) -> tuple[tuple[str, ...], int]:
    """Return the headings and how many lines they fill from there.

    A heading joined over several columns has more headings below it: both are put together.
    """
    header = _cells(sheet, at)
    above = _cells(sheet, at - 1) if at else []
    if sum(map(bool, above)) > 1 and (joined := _joined(sheet, at - 1)):
        header += [""] * (len(above) - len(header))
        for column, text in joined.items():
            if column < len(header) and header[column] != text:
                header[column] = " / ".join(filter(None, [text, header[column]]))
        for column, text in enumerate(above):
            header[column] = header[column] or text
        return tuple(header), 1
    joined = _joined(sheet, at)
    below = _cells(sheet, at + 1) if joined and at + 1 < len(sheet.rows) else []
    new = {
        column: text
        for column, text in enumerate(below)
        if text and text != (header[column] if column < len(header) else "")
    }
    if not new or not new.keys() <= joined.keys():
        return tuple(header), 1
    header += [""] * (max(new) + 1 - len(header))
    for column, text in new.items():
        header[column] = f"{joined[column]} / {text}"
    return tuple(header), 2


def _cells(sheet: Sheet, at: int) -> list[str]:
    return [" ".join(cell.strip("\ufeff").split()) for cell in sheet.rows[at][1]]


def _joined(sheet: Sheet, at: int) -> dict[int, str]:
    """Return the text over each column that a cell of this row is joined across."""
    line, cells = sheet.rows[at]
    return {
        column: " ".join(cells[start].split())
        for top, start, end in sheet.joined
        if top == line and start < len(cells)
        for column in range(start, min(end, len(cells) + 50) + 1)
    }


def _table(
    sheet: Sheet, header: tuple[str, ...], rows: Rows, line: int, titles: tuple[str, ...]
) -> Table:
    width = len(header)
    kept: list[tuple[int, tuple[str, ...]]] = []
    ragged, totals, repeated = [], [], []
    said = [title for title in header if title]
    for number, cells in rows:
        if _is_total(cells):
            totals.append(number)
        elif len(said) > 1 and cells[0].strip() == header[0] and _filled(cells) == said:
            repeated.append(number)
        else:
            if len(cells) > width:
                ragged.append(number)
            kept.append((number, (*cells[:width], *[""] * (width - len(cells)))))
    return Table(
        header, tuple(kept), line, titles, tuple(ragged), tuple(totals), tuple(repeated),
        sheet.blank,
    )  # fmt: skip


def _is_total(cells: Sequence[str]) -> bool:
    first = next(cell.strip() for cell in cells if cell.strip())
    # What is quick to see comes first: lists of votes have half a million rows.
    if len(first) > LONGEST or first[0].casefold() not in _TOTALS_BEGIN:
        return False
    others = _filled(cells)[1:]
    return (
        all(_NUMBER.fullmatch(digits_as_ascii(cell)) for cell in others)
        and fold(first.rstrip(":：")) in _TOTALS
    )


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells if cell.strip()]
