"""What columns and cells of lists are called, and how a cell becomes what a record holds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hiwar.common.multilingual import installation_languages
from hiwar.common.scripts import language_of_text
from hiwar.common.tables import fold
from hiwar.common.vocabularies.lists import words_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS = Path(__file__).parents[1] / "import_columns.json"
# What a language is called where it is none of those that a form offers.
OTHER = "und"


def heading_words(part: str) -> Mapping[str, Sequence[str]]:
    """Return what the columns of a list may be called: ``sources`` or ``media``."""
    words: Mapping[str, Sequence[str]] = words_in(COLUMNS)[part]
    # References come with the names of their fields as headings.
    return {name: [name, *called] for name, called in words.items()}


@cache
def _codes(field: str) -> Mapping[str, str]:
    return {
        fold(word): code
        for code, words in words_in(COLUMNS)["values"][field].items() for word in (code, *words)
    }  # fmt: skip


def code_of(field: str, cell: str) -> str:
    """Return the code of a cell by any of its words; empty where it is not known."""
    return _codes(field).get(fold(cell), "")


def language_of(cell: str, text: str) -> str:
    """Return the language that a cell names, ``ar-PS`` too; without one that of the text."""
    if not cell.strip():
        return language_of_text(text)
    base = re.split(r"[-_]", cell.strip())[0].lower()
    code = code_of("language", cell) or code_of("language", base) or base
    return code if code in {*installation_languages(), "fr"} else OTHER


def cells_by_name(cells: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return what a row says, by what its columns stand for."""
    columns = ((name, int(at)) for at, name in mapping.items() if name)
    return {name: cells[at].strip() for name, at in columns if at < len(cells)}
