"""Numbers of provisions: figures, ordinal words, letters, Roman figures, what was added later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_UNITS = {
    1: "اول اولي اولا حادي حاديه واحد واحده", 2: "ثاني ثانيه ثانيا اثنين اثنان اثنتين اثنتان",
    3: "ثالث ثالثه ثالثا ثلاثه", 4: "رابع رابعه رابعا اربعه", 5: "خامس خامسه خامسا خمسه",
    6: "سادس سادسه سادسا سته", 7: "سابع سابعه سابعا سبعه", 8: "ثامن ثامنه ثامنا ثمانيه",
    9: "تاسع تاسعه تاسعا تسعه",
}  # fmt: skip
_TENS = {
    10: "عاشر عاشره عاشرا عشر عشره", 20: "عشرون عشرين", 30: "ثلاثون ثلاثين", 40: "اربعون اربعين",
    50: "خمسون خمسين", 60: "ستون ستين", 70: "سبعون سبعين", 80: "ثمانون ثمانين",
    90: "تسعون تسعين",
}  # fmt: skip
_HUNDREDS = {
    100: "مايه ميه ماءه", 200: "مايتين مايتان ميتين ميتان", 300: "ثلاثمايه ثلاثميه",
    400: "اربعمايه اربعميه", 500: "خمسمايه خمسميه", 600: "ستمايه ستميه",
    700: "سبعمايه سبعميه", 800: "ثمانمايه ثمانميه ثمانيمايه", 900: "تسعمايه تسعميه",
    1000: "الف",
}  # fmt: skip
_VALUES = {
    word: (rank, value)
    for rank, table in enumerate((_UNITS, _TENS, _HUNDREDS))
    for value, words in table.items()
    for word in words.split()
}
_FACTORS = {"ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثمان": 8, "تسع": 9}
_AFTER = frozenset(["بعد"])
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[ ]*")
_ROMAN = re.compile(
    r"(?=[ivxlcdm])(m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))\b"
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
# The two orders in which Arabic counts by letters, folded; the Latin letter of the same rank is
# what both languages share.
ABJAD = "ابجدهوزحطيكلمنسعفصقرشتثخذضظغ"
ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_LATIN_RANKS = "abcdefghijklmnopqrstuvwxyz"
LATIN_BIS = {"bis": 1, "ter": 2, "quater": 3, "quinquies": 4, "sexies": 5, "septies": 6}


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """The number of a provision, without language: it sorts as a law is read.

    Attributes
    ----------
    base : int
        The number itself, from 0.
    bis : int
        0 for an original provision, 1 for one added after it («مكرر», *bis*), 2 for *ter*.
    further : int
        A number behind it, such as the 2 of «14 مكرر (2)».
    letter : str
        A Latin letter behind it, such as that of *14A* or «14 (أ)».
    """

    base: int
    bis: int = 0
    further: int = 0
    letter: str = ""

    def __str__(self) -> str:
        """Return the number as it stands in an address."""
        added = "" if not self.bis else "bis" if self.bis == 1 else f"bis{self.bis}"
        further = f"-{self.further}" if self.further else ""
        return f"{self.base}{added}{further}{self.letter}"


@lru_cache(maxsize=4096)
def _value(word: str) -> tuple[int, int] | None:
    """Return rank and value of a folded Arabic number word, with or without article and «و»."""
    for stem in (word, word[1:] if word[:1] == "و" else word):
        # Extraction from PDF turns lam and alef round.
        for bare in (stem, stem[2:] if stem[:2] == "ال" else stem,
                     "ا" + stem[3:] if stem[:3] == "اال" else stem):  # fmt: skip
            if bare in _VALUES:
                return _VALUES[bare]
    return None


def arabic_number(folded: str, start: int = 0) -> tuple[int, int] | None:
    """Read an Arabic number in words.

    Parameters
    ----------
    folded : str
        A text as `fold` leaves it.
    start : int
        Where the number begins.

    Returns
    -------
    tuple of int or None
        The value and the place where the words end; None where no number stands there.

    Examples
    --------
    >>> from hiwar.engine.law.folding import fold
    >>> arabic_number(fold("الخامسة والأربعون بعد المائتين"))
    (245, 30)
    """
    total = 0
    seen: set[int] = set()
    end = at = start
    factor = 0
    while word := _WORD.match(folded, at):
        text = word[0]
        if text in _AFTER:
            if not total:
                break
        else:
            bare = text.removeprefix("ال")
            value = _value(text)
            if bare in _FACTORS:
                factor = _FACTORS[bare]
            elif value is None or value[0] in seen:
                break
            else:
                rank, worth = value
                if rank == 2 and factor:
                    worth, factor = worth * factor, 0
                seen.add(rank)
                total, end = total + worth, word.end()
        space = _GAP.match(folded, word.end())
        at = space.end() if space else word.end()
    return (total, end) if total else None


def roman_number(folded: str, start: int = 0) -> tuple[int, int] | None:
    """Read a Roman figure in lower case.

    Parameters
    ----------
    folded : str
        A text as `fold` leaves it.
    start : int
        Where the figure begins.

    Returns
    -------
    tuple of int or None
        The value and the place where the figure ends.

    Examples
    --------
    >>> roman_number("xiv")
    (14, 3)
    """
    match = _ROMAN.match(folded, start)
    if not match or not match[0]:
        return None
    values = [_ROMAN_VALUES[letter] for letter in match[0]]
    total = sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
    return total, match.end()


def letter_rank(letter: str, order: str = ABJAD) -> int:
    """Return the rank of a letter that counts, from 1; 0 where it counts nothing.

    Parameters
    ----------
    letter : str
        One folded letter, Arabic or Latin.
    order : str
        `ABJAD` or `ALPHABET`.

    Returns
    -------
    int
        Rank from 1, or 0.
    """
    if len(letter) != 1:
        return 0
    return _LATIN_RANKS.find(letter) + 1 or order.find(letter) + 1


def rank_letter(rank: int) -> str:
    """Return the Latin letters that stand for a rank in an address.

    Parameters
    ----------
    rank : int
        From 1.

    Returns
    -------
    str
        «a» for 1, «z» for 26, «aa» for 27.
    """
    letters = ""
    while rank > 0:
        rank, rest = divmod(rank - 1, 26)
        letters = _LATIN_RANKS[rest] + letters
    return letters
