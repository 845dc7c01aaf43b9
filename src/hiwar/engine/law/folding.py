"""Letters as they are compared, each with its place in the text as it was written."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache

# One letter for one letter, so that places stay what they are.
_PLAIN = {
    "أإآٱٲٳ": "ا", "ىیئېے": "ي", "ؤ": "و", "ةۀہە": "ه", "ک": "ك",
    "﴾[{（": "(", "﴿]}）": ")", "–—−‐‑‒―": "-", "“”„″": '"', "‘’": "'",
    "\u00a0\u2007\u202f\u2009\t": " ",
    "éèêëÉÈÊË": "e", "àâäÀÂÄ": "a", "îïÎÏ": "i", "ôöÔÖ": "o", "ùûüÙÛÜ": "u", "çÇ": "c",
}  # fmt: skip
_TABLE: dict[int, str] = {
    ord(letter): plain for letters, plain in _PLAIN.items() for letter in letters
}
_TABLE |= {
    code: str(unicodedata.decimal(chr(code)))
    for first in (0x0660, 0x06F0)
    for code in range(first, first + 10)
}
# Kashida, marks, signs of direction and width, joiners: they stand for no letter of their own.
DROPPED = (
    "\u0640\u0670\u00ad\ufeff\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0300-\u036f"
)
_SPECIAL = re.compile(f"[{DROPPED}İ\ufb00-\ufdff\ufe70-\ufefc]")
_WIDE = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
_DROPPED = re.compile(f"[{DROPPED}]")


# What needs a look at each letter: forms of several letters, a kashida that may be a dash.
_UNUSUAL = re.compile(
    "[İ\ufb00-\ufdff\ufe70-\ufefc]|(?<![^\\W\\d_\u0640])\u0640|\u0640(?![^\\W\\d_\u0640])"
)
_DROPPED_LETTERS = frozenset(chr(code) for code in range(0x3000) if _DROPPED.match(chr(code))) | {
    "\ufeff"
}
KASHIDA = "\u0640"


def _is_dash(text: str, at: int) -> bool:
    """Return whether a kashida stretches no letter."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not (before.isalpha() or before == KASHIDA or after.isalpha() or after == KASHIDA) or (
        before.isspace() and after.isspace()
    )


class Folded(str):
    """A folded text that knows where each of its letters stood.

    Attributes
    ----------
    places : tuple of int or None
        For each letter its place in the text as written, then the length of that text; None where
        both texts have the same length.
    """

    places: tuple[int, ...] | None

    def place(self, at: int) -> int:
        """Return the place in the written text of a letter of the folded text."""
        return at if self.places is None else self.places[at]

    def part(self, start: int, end: int) -> Folded:
        """Return the folded text of a part, between two places of the written text."""
        if self.places is None:
            part = Folded(self[start:end])
            part.places = None
            return part
        first = bisect_left(self.places, start, 0, len(self))
        last = bisect_left(self.places, end, 0, len(self))
        part = Folded(self[first:last])
        part.places = (*(place - start for place in self.places[first:last]), end - start)
        return part


def fold(text: str) -> Folded:
    """Fold a text to the letters that law is recognised by.

    Parameters
    ----------
    text : str
        A line or a text of any language.

    Returns
    -------
    Folded
        Lower case; carriers of hamza, alef maqsura and ta marbuta as their plain letter; decimal
        digits of Arabic scripts as 0 to 9; presentation forms as their letters; brackets, dashes
        and quotation marks of one form each; without kashida, marks and signs of direction.

    Examples
    --------
    >>> str(fold("المـــادة (٥)")), fold("المـــادة (٥)").place(4)
    ('الماده (5)', 7)
    """
    if not _SPECIAL.search(text):
        folded = Folded(text.translate(_TABLE).lower())
        if len(folded) == len(text):
            folded.places = None
            return folded
    if not _UNUSUAL.search(text):
        kept = [at for at, letter in enumerate(text) if letter not in _DROPPED_LETTERS]
        folded = Folded("".join([text[at] for at in kept]).translate(_TABLE).lower())
        if len(folded) == len(kept):
            folded.places = (*kept, len(text))
            return folded
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        if letter == KASHIDA and _is_dash(text, at):
            letter = "-"  # noqa: PLW2901 - typed for want of a dash, as in «1 ـ»
        if _DROPPED.match(letter):
            continue
        wide = unicodedata.normalize("NFKC", letter) if _WIDE.match(letter) else letter
        for plain in _DROPPED.sub("", wide).translate(_TABLE).lower():
            letters.append(plain)
            places.append(at)
    folded = Folded("".join(letters))
    folded.places = (*places, len(text))
    return folded


@lru_cache(maxsize=1 << 16)
def word_key(word: str) -> str:
    """Return the form in which two words are the same word, however they are spelt.

    Parameters
    ----------
    word : str
        A word, a sign or blanks.

    Returns
    -------
    str
        The folded word; a word that is nothing but dropped signs is itself.

    Examples
    --------
    >>> word_key("إلى") == word_key("الي")
    True
    """
    return str(fold(unicodedata.normalize("NFKC", word))) or word
