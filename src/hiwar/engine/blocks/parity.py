"""Whether the languages of a block say the same: what is hard is refused, what is soft is told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.blocks.words import cited, marks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# How long a text is beside its English: 327 pairs of Arabic and English had the ratio 0.82.
DENSITY = {"ar": 0.82, "fr": 1.12}
SHORTEST, LONGEST = 0.61, 1.59  # 0.5 to 1.3 from English to Arabic
SHORT_TEXT = 40
_NUMBER = re.compile(r"[0-9]+(?:[.,٫٬][0-9]+)*")
_FOLDED = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
TABLE, LIST = "table", "list"


@dataclass(frozen=True, slots=True)
class Difference:
    """What one language of a block has otherwise than the language it was written in.

    Attributes
    ----------
    language : str
    what : str
        Hard: ``missing``, ``citations``, ``rows``, ``columns``, ``cells``, ``items``. Soft:
        ``digits``, ``length``.
    is_hard : bool
        Whether it stops freezing.
    """

    language: str
    what: str
    is_hard: bool


def differences(
    kind: str, texts: Mapping[str, str], source: str, languages: Sequence[str]
) -> list[Difference]:
    """Compare the languages of one block with the language it was written in.

    Parameters
    ----------
    kind : str
        The kind of block; tables are compared cell by cell, lists line by line.
    texts : mapping of language to text
    source : str
        The language in which it was written.
    languages : sequence of str
        The languages that are owed.

    Returns
    -------
    list of Difference
        In the order of the languages, hard before soft; empty where they are equal. A block that is
        empty in every language has none.
    """
    if not any(text.strip() for text in texts.values()):
        return []
    original = texts.get(source, "").strip()
    if not original:
        return [Difference(source, "missing", is_hard=True)]
    unequal: list[Difference] = []
    for language in languages:
        if language == source:
            continue
        text = texts.get(language, "").strip()
        if not text:
            unequal.append(Difference(language, "missing", is_hard=True))
            continue
        hard = _hard(kind, original, text)
        unequal += [Difference(language, what, is_hard=True) for what in hard]
        soft = _soft(source, original, language, text)
        unequal += [Difference(language, what, is_hard=False) for what in soft]
    return unequal


def rows_of(text: str) -> list[list[str]]:
    """Return a table as rows of cells: a line is a row, ``|`` stands between two cells."""
    lines = (line.strip().strip("|") for line in text.splitlines() if line.strip())
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def items_of(text: str) -> list[str]:
    """Return the items of a list: one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def digits_of(text: str) -> Counter[str]:
    """Count the numbers of a text, whichever digits they are written in; marks are left out."""
    for mark in reversed(marks_of(text)):
        text = text[: mark.start] + " " + text[mark.end :]
    return Counter(
        re.sub("[,٬]", "", number).replace("٫", ".")
        for number in _NUMBER.findall(text.translate(_FOLDED))
    )


def _hard(kind: str, original: str, text: str) -> list[str]:
    unequal = []
    if sorted(cited(original)) != sorted(cited(text)):
        unequal.append("citations")
    if kind == TABLE:
        unequal += _tables(rows_of(original), rows_of(text))
    if kind == LIST and len(items_of(original)) != len(items_of(text)):
        unequal.append("items")
    return unequal


def _tables(first: list[list[str]], second: list[list[str]]) -> list[str]:
    if len(first) != len(second):
        return ["rows"]
    pairs = list(zip(first, second, strict=True))
    if any(len(one_row) != len(other_row) for one_row, other_row in pairs):
        return ["columns"]
    cells = [pair for rows in pairs for pair in zip(*rows, strict=True)]
    return ["cells"] if any(digits_of(cell) != digits_of(other) for cell, other in cells) else []


def _soft(source: str, original: str, language: str, text: str) -> list[str]:
    unequal = []
    if digits_of(original) != digits_of(text):
        unequal.append("digits")
    if len(original) >= SHORT_TEXT:
        ratio = len(text) / DENSITY.get(language, 1) / (len(original) / DENSITY.get(source, 1))
        if not SHORTEST <= ratio <= LONGEST:
            unequal.append("length")
    return unequal
