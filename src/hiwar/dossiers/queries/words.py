"""The words of the room that are data: roles, kinds of barriers, groups, kinds of localities."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from hiwar.common.multilingual import MultilingualText

ROOM = Path(__file__).parents[1]


@cache
def words(name: str) -> dict[str, MultilingualText]:
    """Return a list of words by code, in the order of the file."""
    entries = json.loads((ROOM / "words.json").read_text("utf-8"))
    return {one["code"]: MultilingualText(one["name"]) for one in entries[name]}


def word(name: str, code: str) -> str:
    """Return one word in the reader's language; an unknown code stands for itself."""
    return str(words(name).get(code, code))


def choices(name: str, first: str | None = None) -> list[tuple[str, str]]:
    """Return a list of words as a form offers it, led by a word for none if one is given."""
    offered = [(code, str(text)) for code, text in words(name).items()]
    return offered if first is None else [("", first), *offered]
