"""What the words of an answer mean, from a table of words that is data."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

MISSING = 2
MEANINGS = {"agree": 1, "pass": 0, "disagree": -1, "missing": MISSING}
_MARKS = re.compile(r"[\s_.,;:!?'\"’‘`´،؛؟\-–—()*/\\]+")


def folded(text: str) -> str:
    """Return a text as words are compared: no case, accents, marks, carriers or punctuation."""
    text = text.strip()
    if not text.isascii():
        # Loaded where it is needed: it costs more than reading a small file.
        from hiwar.engine.names.folding import fold_arabic, fold_latin

        text = fold_latin(fold_arabic(text))
    return _MARKS.sub(" ", text.casefold()).strip()


@cache
def known_answers() -> dict[str, int]:
    """Return 1, 0, -1 or `MISSING` for each known word, folded."""
    table = json.loads(Path(__file__).with_name("answers.json").read_text("utf-8"))
    return {
        folded(word): MEANINGS[meaning]
        for meaning, languages in table.items()
        for words in languages.values()
        for word in words
    }


def answer(cell: str) -> int | None:
    """Return what an answer in words means; None for a word that is not known."""
    return known_answers().get(folded(cell))
