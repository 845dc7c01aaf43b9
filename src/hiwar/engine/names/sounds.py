"""Words of both scripts as sounds, so that they can be compared with one another.

A sound is one letter of a private alphabet: consonants that a reader of either script tells
apart, ``A``, ``W`` and ``Y`` for long vowels (which both scripts write), ``a e i o u`` for vowels
that only the Latin script writes, ``c`` for ayn, ``^`` for an alef at the beginning, ``@`` for a
ta marbuta or h at the end and ``-`` for the article inside a compound.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hiwar.engine.names import lexicon
from hiwar.engine.names.words import words

_ARABIC = {
    "ا": "A", "ب": "b", "ت": "t", "ث": "V", "ج": "j", "ح": "H", "خ": "x", "د": "d", "ذ": "Q",
    "ر": "r", "ز": "z", "س": "s", "ش": "S", "ص": "s", "ض": "D", "ط": "t", "ظ": "Z", "ع": "c",
    "غ": "G", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "W",
    "ي": "Y",
}  # fmt: skip
_DIGRAPHS = {
    "tch": "C", "sch": "S", "kh": "x", "gh": "G", "sh": "S", "ch": "C", "th": "V", "dh": "Q",
    "dj": "j", "ph": "f", "ou": "W", "oo": "W", "ee": "Y", "aa": "A", "ii": "Y", "uu": "W",
    "ck": "k", "ie": "Y", "q": "q", "x": "ks", "v": "w", "p": "b", "w": "W", "y": "Y", "c": "k",
    "h": "h", "j": "j", "g": "g",
}  # fmt: skip
_LATIN = re.compile("|".join(sorted(_DIGRAPHS, key=len, reverse=True)) + "|.")
# Digits that stand for letters in Arabic written on a telephone.
_TYPED = str.maketrans({"2": "", "3": "c", "5": "x", "6": "t", "7": "H", "9": "q"})

# Letters that one sound of the other script may stand for, as keys have them.
_KEYS = {
    "b": "b", "t": "t", "V": "ts", "j": "j", "H": "h", "x": "kh", "d": "d", "Q": "dz", "r": "r",
    "z": "z", "s": "s", "S": "x", "D": "dz", "Z": "dz", "G": "gj", "f": "f", "q": "kgj", "k": "k",
    "l": "l", "m": "m", "n": "n", "h": "h", "g": "gjk", "C": "xk", "w": "f",
}  # fmt: skip
_WEAK = frozenset("AWYaeiouc^@-")
_MOST_KEYS = 8


@lru_cache(maxsize=65536)
def sounds(word: str) -> str:
    """Return a word, in either script, as a row of sounds.

    Parameters
    ----------
    word : str
        One word as `words` gives it.

    Returns
    -------
    str
        One letter of the private alphabet for each sound; doubled consonants count once.

    Examples
    --------
    >>> sounds("قواسمي"), sounds("qawasmeh")
    ('qWAsmY', 'qaWasme@')
    """
    if word.isascii():
        return _latin(word)
    return _arabic(word)


def _arabic(word: str) -> str:
    body = word
    mark = 0
    if lexicon.ARTICLE in word[2:-2] and (
        word.startswith(lexicon.SERVANT) or word.endswith(tuple(lexicon.JOINED_AFTER))
    ):
        mark = word.index(lexicon.ARTICLE, 2)
        rest = word[mark + 2 :]
        body = word[:mark] + "-" + ("الله" if rest == "له" else rest)
    row = "".join(_ARABIC.get(letter, letter) for letter in body)
    row = re.sub("-AllH?h?$", "-lh", row)
    if row.startswith("A"):
        row = "^" + row[1:]
    if row.endswith("h") and len(row) > 1:
        row = row[:-1] + "@"
    return re.sub(r"([^AWYaeiou])\1", r"\1", row)


def _latin(word: str) -> str:
    typed = word.translate(_TYPED) if not word.isdecimal() else word
    row = "".join(_DIGRAPHS.get(part, part) for part in _LATIN.findall(typed))
    row = re.sub(r"([^AWYaeiou])\1", r"\1", row)
    if row.endswith("h") and len(row) > 2:
        row = row[:-1] + "@"
    return row


def skeleton(text: str) -> str:
    """Return the consonants of a name, the same for both scripts where spelling permits.

    Parameters
    ----------
    text : str
        A name or a word.

    Returns
    -------
    str
        Lower-case Latin letters, words between single blanks. For finding and grouping only: names
        of different people share it.

    Examples
    --------
    >>> skeleton("القواسمي"), skeleton("Kawasmeh")
    ('ksm', 'ksm')
    """
    return " ".join(skeletons(word)[0] for word in words(text))


@lru_cache(maxsize=65536)
def skeletons(word: str) -> tuple[str, ...]:
    """Return the skeletons that a word may have in the other script, the likeliest first.

    Parameters
    ----------
    word : str
        One word as `words` gives it.

    Returns
    -------
    tuple of str
        At most eight. A word without consonants gives its vowels.

    Examples
    --------
    >>> skeletons("جهاد"), skeletons("gihad")
    (('jhd',), ('ghd', 'jhd', 'khd'))
    """
    row = sounds(word)
    found = [""]
    for sound in row:
        if sound in _WEAK:
            continue
        letters = _KEYS.get(sound, sound)[: max(1, _MOST_KEYS // len(found))]
        found = [start + letter for letter in letters for start in found]
    if found == [""]:
        return (re.sub(r"(.)\1+", r"\1", row.translate(_SOFT)) or row,)
    return tuple(dict.fromkeys(found))


_SOFT = str.maketrans({"A": "a", "^": "a", "@": "a", "e": "a", "W": "w", "u": "w", "o": "w",
                       "Y": "y", "i": "y", "c": "a", "-": ""})  # fmt: skip
