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
    "tch": "C", "sch": "$", "kh": "x", "gh": "G", "sh": "$", "ch": "C", "th": "P", "dh": "Q",
    "dj": "j", "ph": "f", "ou": "W", "oo": "W", "ee": "Y", "aa": "A", "ii": "Y", "uu": "W",
    "ck": "k", "ie": "Y", "q": "q", "x": "ks", "v": "w", "p": "b", "w": "W", "y": "Y", "c": "k",
    "h": "h", "j": "j", "g": "g",
}  # fmt: skip
_LATIN = re.compile("|".join(sorted(_DIGRAPHS, key=len, reverse=True)) + "|.")
# The vowel that the commonest pattern of names has and does not write: Naasir, Faatima.
_IMPLIED = re.compile(r"^([^AWY]A[^AWY])([^AWY]h?)$")
_SILENT = {"عمرو": "عمر", "طه": "طاها"}
# Digits that stand for letters in Arabic written on a telephone.
_TYPED = str.maketrans({"2": "", "3": "c", "5": "x", "6": "t", "7": "H", "9": "q"})

# Letters that one sound of the other script may stand for, as keys have them; others are as they
# are.
_KEYS: dict[str, tuple[str, ...]] = {
    "V": ("t", "s"), "P": ("t", "s", "d", "z", "th"), "H": ("h",), "x": ("k", "h"),
    "Q": ("d", "z", "dh"), "S": ("x",), "$": ("x", "sh"), "D": ("d", "z"), "Z": ("d", "z"),
    "G": ("g", "j"), "q": ("k", "g", "j"), "g": ("g", "j", "k"), "C": ("x", "k"), "w": ("f",),
}  # fmt: skip
# A Latin word that may begin with the article; names that never do were read before.
_ATTACHED = re.compile(r"[ae]l[a-z]{4,}$")
_WEAK = frozenset("AWYaeiouc^@-")
_MOST_KEYS = 12


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
    body = _SILENT.get(word, word)
    if lexicon.ARTICLE in word[2:-2] and (
        lexicon.SERVANT + lexicon.ARTICLE in word or word.endswith(tuple(lexicon.JOINED_AFTER))
    ):
        mark = word.index(lexicon.ARTICLE, 2)
        rest = word[mark + 2 :]
        body = word[:mark] + "-" + ("الله" if rest == "له" else rest)
    row = "".join(_ARABIC.get(letter, letter) for letter in body)
    row = _IMPLIED.sub(r"\1i\2", re.sub("-AllH?h?$", "-lh", row))
    if row.startswith("A"):
        row = "^" + row[1:]
    if row.endswith("h") and len(row) > 1:
        row = row[:-1] + "@"
    return re.sub(r"([^AWYaeiou])\1", r"\1", row)


def _latin(word: str) -> str:
    if word.startswith("abd") and len(word) > 5:
        return "abd" + _latin(word[3:])
    typed = word.translate(_TYPED) if not word.isdecimal() else word
    row = "".join(_DIGRAPHS.get(part, part) for part in _LATIN.findall(typed))
    row = re.sub(r"([^AWYaeiou])\1", r"\1", row)
    if row.endswith("h") and len(row) > 2:
        row = row[:-1] + "@"
    return row


def may_hold_article(word: str) -> bool:
    """Return whether a Latin word may begin with the article written as part of it.

    Parameters
    ----------
    word : str
        One word as `words` gives it.

    Returns
    -------
    bool
        True for al or el before four letters or more: Alalami, but also Alaaddin.

    Examples
    --------
    >>> may_hold_article("alomari"), may_hold_article("omari")
    (True, False)
    """
    return word.isascii() and _ATTACHED.match(word) is not None


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
        At most a dozen and a few. A word without consonants gives its vowels.

    Examples
    --------
    >>> skeletons("جهاد"), skeletons("gihad")
    (('jhd',), ('ghd', 'jhd', 'khd'))
    """
    row = sounds(word)
    row = row[:-1] if row.endswith("H") and len(row) > 2 else row
    spellings = [""]
    for sound in row:
        if sound not in _WEAK:
            letters = _KEYS.get(sound, (sound,))[: max(1, _MOST_KEYS // len(spellings))]
            spellings = [start + letter for letter in letters for start in spellings]
    if may_hold_article(word):
        spellings += [form[1:] for form in spellings if len(form) > 2]
    if word.endswith("اه") and len(word) > 3:
        spellings += [form + "t" for form in spellings[:2]]
    if spellings == [""]:
        return (re.sub(r"(.)\1+", r"\1", row.translate(_SOFT)) or row,)
    return tuple(dict.fromkeys(spellings))


_SOFT = str.maketrans({"A": "a", "^": "a", "@": "a", "e": "a", "W": "w", "u": "w", "o": "w",
                       "Y": "y", "i": "y", "c": "a", "-": ""})  # fmt: skip
