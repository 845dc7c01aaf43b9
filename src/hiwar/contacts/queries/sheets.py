"""What the columns of a list of people may be called, and what they seem to stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hiwar.common.scripts import NAME_IN, headings_in_languages
from hiwar.common.tables import Limits
from hiwar.common.vocabularies.lists import words_in
from hiwar.contacts.queries.vocabularies import FOLDER
from hiwar.places.queries.vocabularies import place_headings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Words = Mapping[str, Sequence[str]]

LIMITS = Limits()
# What several columns, and several lines of a cell, may hold of one person.
SEVERAL = frozenset(["name", "phone", "email"])


def fields() -> list[str]:
    """Return what a column can stand for."""
    return list(heading_words())


def heading_words() -> Words:
    """Return by what names the columns of people are known."""
    words = {
        name: cast("list[str]", listed)
        for name, listed in columns().items()
        if isinstance(listed, list) and name != "yes"
    }
    names = {
        column: [*words.get(column, ()), *headings]
        for column, headings in headings_in_languages("name", NAME_IN).items()
    }
    others = {name: listed for name, listed in words.items() if not name.startswith("name_")}
    return {**names, **others, "place": [*words["place"], *place_headings()]}


def columns() -> Mapping[str, object]:
    """Return the heading words as they lie in ``import_columns.json``."""
    return cast("Mapping[str, object]", words_in(FOLDER / "import_columns.json"))
