"""Text as the database compares it: one row of plain word stems, made alike for text and query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hiwar.engine.names.folding import MARKS, fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Iterator

# Raise it when what `fold` returns changes, and run `hiwar reindex`.
FOLD_VERSION = 2
_LONGEST = 60

# A word in the original: letters and digits of any script with the marks that stand on them.
_WORD = re.compile(rf"[\w{MARKS}]+")
_MARK = re.compile(f"[{MARKS}]")
_PARTS = re.compile(r"[^\W_]+")
_ARABIC = re.compile(r"[\u0621-\u064a]")

_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
# Words that begin with و as a letter of their own.
_OWN_WAW = (
    "وزار", "وزير", "وزرا", "ولاي", "وثيق", "وثاي", "وسيل", "وساي", "وحد", "وطن", "وظيف", "وظاي",
    "واجب", "واقع", "وفد", "وفود", "وقف", "وقاي", "وكال", "وكيل", "وصول", "وضع", "وعد", "وقت",
)  # fmt: skip
_SHORTEST_AND = 6
_VOWEL = re.compile("[aeiouy]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text with the stems it is found by.

    ``start`` and ``end`` are its place in the text.
    """

    start: int
    end: int
    stems: tuple[str, ...]


def fold(text: str) -> str:
    """Return the stems of a text between single blanks, in its order."""
    return " ".join(stem for word in words(text) for stem in word.stems)


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text with their places."""
    for match in _WORD.finditer(text):
        if stems := _stems(match.group()):
            yield Word(match.start(), match.end(), stems)


def query_stems(text: str) -> list[str]:
    """Return the stems that a document must hold, each once; at most twelve."""
    return list(dict.fromkeys(fold(text[:500]).split()))[:12]


@lru_cache(maxsize=32768)
def _stems(word: str) -> tuple[str, ...]:
    plain = fold_latin(fold_arabic(word))
    bare = _MARK.sub("", fold_arabic(plain))
    stems = (_stem(part[:_LONGEST]) for part in _PARTS.findall(bare))
    return tuple(stem for joined in stems for stem in joined)


def _stem(word: str) -> tuple[str, ...]:
    if _ARABIC.search(word):
        if word.startswith("عبدال") and len(word) > 6:
            return "عبد", _arabic(word[3:])
        return (_arabic(word),)
    return (_english(word) if word.isascii() else word,)


def _arabic(word: str) -> str:
    """Return the light stem: without "and", article and the commonest endings.

    After the light10 stemmer of Larkey, Ballesteros and Connell (2002), with hamza folded before
    and with "and" taken off words of six letters or more alone, unless it is a letter of the word.
    """
    if len(word) >= _SHORTEST_AND and word[0] == "و" and not word.startswith(("وال", *_OWN_WAW)):
        word = word[1:]
    article = next((a for a in _ARTICLES if word.startswith(a) and len(word) - len(a) > 1), "")
    word = word.removeprefix(article)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 1:
            word = word.removesuffix(ending)
    return word


def _english(word: str) -> str:
    """Return a word without the ending of its plural, of -ing or of -ed, and without a last e."""
    for ending, put in (("sses", "ss"), ("ies", "y"), ("s", "")):
        if word.endswith(ending) and len(word) > 3 and not word.endswith(("ss", "us", "is")):
            word = word.removesuffix(ending) + put
            break
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if word.endswith(ending) and len(rest) > 2 and _VOWEL.search(rest):
            word = rest
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
