"""Text as readers see it: without signs that hide, turn it round or break what stands beside it."""

from __future__ import annotations

import unicodedata

# Joiners belong to words and emoji, the two marks to mixed lines; no other hidden sign is kept.
_KEPT = frozenset("\u200c\u200d\u200e\u200f")
# Signs that are drawn though they count as formats: around Arabic and Syriac numbers and verses.
_DRAWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
_HIDDEN = frozenset(["Cc", "Cf", "Co", "Cs"])
# Letters and symbols by name that are drawn as nothing.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# What a word processor or another system writes where a line ends.
_LINES = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_NONCHARACTERS = range(0xFDD0, 0xFDF0)


def visible_text(text: str) -> str:
    r"""Return a text without invisible signs and overrides of direction; white space stays.

    Marks of Arabic, Hebrew, Indic and Thai letters stay, and so does what a newer alphabet has.

    Parameters
    ----------
    text : str
        What somebody wrote.

    Returns
    -------
    str
        Empty when nothing of it can be seen.

    Examples
    --------
    >>> visible_text("Vote for \u202eeerga I\u202c now"), visible_text("\u200b\u200c")
    ('Vote for eerga I now', '')
    """
    if text.isprintable() and _BLANK.isdisjoint(text):
        return text if text.isascii() or not _is_blank(text) else ""
    text = text.translate(_LINES)
    signs = "".join(sign for sign in text if sign in "\t\n\r" or _is_shown(sign))
    return "" if _is_blank(signs) else signs


def _is_shown(sign: str) -> bool:
    if sign in _KEPT or sign in _DRAWN:
        return True
    code = ord(sign)
    if code in _NONCHARACTERS or code & 0xFFFE == 0xFFFE:
        return False
    return sign not in _BLANK and unicodedata.category(sign) not in _HIDDEN


def _is_blank(text: str) -> bool:
    return all(
        sign in _KEPT or unicodedata.category(sign)[0] in "ZM" or not _is_shown(sign)
        for sign in text
    )
