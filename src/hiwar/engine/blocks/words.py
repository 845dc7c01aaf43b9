"""The words of a block: taken apart, put together again, and the marks that cite evidence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE = "\n"
_WORD = re.compile(r"\n|[^\s]+")
_DIACRITICS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200b-\u200f\u2066-\u2069]")
_EDGES = re.compile(r"^\W+|\W+$")
_MARK = re.compile(r"\[\[([0-9]{1,4})([%#]?)\]\]")

# A change of one of these turns a sentence round, so that it is never joined without a person.
_NEGATIONS = """
لا لن لم ليس ليست ليسوا لسنا غير دون بدون بلا ما كلا إلا سوى عدا
no not never none neither nor without cannot except unless
ne pas non sans jamais aucun aucune ni sauf
"""
_NUMBERS = """
صفر واحد واحدة اثنان اثنين اثنتان ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثمان
تسعة تسع عشرة عشر مئة مائة ألف مليون مليار نصف ثلث ثلثا ثلثي ربع أغلبية غالبية معظم أكثر
أقل كل جميع بعض
zero one two three four five six seven eight nine ten hundred thousand million billion half
third thirds quarter majority minority most more fewer less least all some both
un une deux trois quatre cinq six sept huit neuf dix cent mille moitié tiers quart
"""
_WEIGHTY = frozenset(_NEGATIONS.split()) | frozenset(_NUMBERS.split())
_SIGNS = frozenset("%٪‰§$€£₪+−")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text that cites evidence.

    Attributes
    ----------
    number : int
        The number of the citation in its paper, from 1.
    form : str
        ``""`` for the mark of a note alone, ``"%"`` for a percentage, ``"#"`` for the count.
    start, end : int
        Where the mark stands, in characters.
    """

    number: int
    form: str
    start: int
    end: int


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order; the end of a line is a word of its own."""
    return _WORD.findall(text.replace("\r\n", "\n").strip())


def plain_text(words: Sequence[str]) -> str:
    """Return words as a text: one space between two, none round the end of a line."""
    return re.sub(r" ?\n ?", "\n", " ".join(words))


def marks_of(text: str) -> list[Mark]:
    """Return the marks ``[[4]]``, ``[[4%]]`` and ``[[4#]]`` of a text, in order."""
    return [
        Mark(int(match[1]), match[2], match.start(), match.end()) for match in _MARK.finditer(text)
    ]


def cited(text: str) -> list[int]:
    """Return the numbers of the citations of a text, in order, each once."""
    return list(dict.fromkeys(mark.number for mark in marks_of(text)))


def is_weighty(word: str) -> bool:
    """Return whether a change of the word may turn the sentence round: number, mark, negation."""
    if any(unicodedata.category(letter).startswith("N") for letter in word):
        return True
    if _SIGNS & set(word) or "[[" in word or "n't" in word or "n’t" in word:
        return True
    bare = _EDGES.sub("", _DIACRITICS.sub("", word)).lower()
    cores = {bare, bare.removeprefix("و"), bare.removeprefix("ف"), bare.removeprefix("ب")}
    cores |= {core.removeprefix("ال") for core in cores}
    return bool(cores & _WEIGHTY)


def changed_words(before: str, after: str) -> list[tuple[str, str]]:
    """Return the words of both texts with what became of them.

    Parameters
    ----------
    before, after : str

    Returns
    -------
    list of (str, str)
        ``"="``, ``"-"`` or ``"+"`` with the words it holds for, joined as a text, in reading order.
    """
    old, new = words_of(before), words_of(after)
    pieces: list[tuple[str, str]] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for tag, start, end, new_start, new_end in steps:
        if tag == "equal":
            pieces.append(("=", plain_text(old[start:end])))
            continue
        if end > start:
            pieces.append(("-", plain_text(old[start:end])))
        if new_end > new_start:
            pieces.append(("+", plain_text(new[new_start:new_end])))
    return pieces
