"""A name as words that can be compared: compounds joined, articles and titles put aside."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hiwar.engine.names import lexicon
from hiwar.engine.names.folding import MARKS, fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Collection

_APOSTROPHES = re.compile(r"[’'‘`ʿʾʼ´ˈ′]")
_Parts = tuple[tuple[str, ...], tuple[str, ...]]
_LATIN_PARTS: _Parts = (("abd", "abu", "um"), ("din", "allah"))
_ARABIC_PARTS: _Parts = (
    (lexicon.SERVANT + lexicon.ARTICLE, "ابو", "ام", "ذوال"),
    tuple(sorted(lexicon.JOINED_AFTER)),
)
_KUNYA_ARTICLE = re.compile(r"^(ابو|ام)ال(?=\w{3})")
# What is longer is no name; nobody may make a comparison last.
_LONGEST_TEXT, _LONGEST_WORD, _MOST_WORDS = 500, 40, 20
_BREAKS = re.compile(rf"(?:_|[^\w{MARKS}])+")


def normal_name(text: str, *, honorifics: Collection[str] = (), ordered: bool = True) -> str:
    """Return the one form that spellings of a name in the same script share.

    Parameters
    ----------
    text : str
        A name as somebody wrote it; ``Family, Given`` is turned round.
    honorifics : collection of str
        Titles to leave out, as an installation lists them; they may hold several words.
    ordered : bool
        False sorts the words, for comparisons in which their order says nothing.

    Returns
    -------
    str
        Folded words between single blanks. عبد, أبو and أم are joined with what follows, الله and
        الدين with what precedes; the article before a family name, بن and بنت are left out.

    Notes
    -----
    Two different people may have the same normal name. Arabic and Latin spellings are brought
    together by `similarity` and `keys`, not here.

    Examples
    --------
    >>> normal_name("عبد الله أبو شمّالة") == normal_name("عبدالله ابوشماله")
    True
    >>> normal_name("Dr. Nur al-Din EL-MASRI", honorifics=["Dr"])
    'nurdin masri'
    """
    word_list = words(text, honorifics)
    return " ".join(word_list if ordered else sorted(word_list))


def words(text: str, honorifics: Collection[str] = ()) -> tuple[str, ...]:
    """Return the words of a name, each in the form `normal_name` gives it.

    Parameters
    ----------
    text : str
        A name as somebody wrote it.
    honorifics : collection of str
        Titles to leave out.

    Returns
    -------
    tuple of str
        In the order of the name.

    Examples
    --------
    >>> words("القواسمي، عبد الرحمن")
    ('عبدالرحمن', 'قواسمي')
    """
    if honorifics:
        return _words(text, frozenset(honorifics))
    return _words(text, frozenset())


@lru_cache(maxsize=65536)
def _words(text: str, honorifics: frozenset[str]) -> tuple[str, ...]:
    parts = _split(_turned(text))
    parts = _untitled(parts, _titles(honorifics)) if honorifics else parts
    return tuple(_article_free(word) for word in _joined(parts))


def _turned(text: str) -> str:
    """Put the given name first where a comma says that the family name came first."""
    head, comma, rest = re.sub(r"[،؍]", ",", text).partition(",")
    return f"{rest} {head}" if comma and rest.strip() and "," not in rest else f"{head} {rest}"


def _split(text: str) -> list[str]:
    plain = fold_latin(fold_arabic(_APOSTROPHES.sub("", text[:_LONGEST_TEXT])))
    pieces = _BREAKS.sub(" ", fold_arabic(plain)).split()
    return [word[:_LONGEST_WORD] for word in pieces[:_MOST_WORDS]]


@lru_cache(maxsize=64)
def _titles(honorifics: frozenset[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(title for text in honorifics if (title := tuple(_split(text))))


def _untitled(parts: list[str], titles: frozenset[tuple[str, ...]]) -> list[str]:
    """Leave titles out wherever they stand, unless nothing else would remain."""
    longest = max((len(title) for title in titles), default=0)
    kept, at = [], 0
    while at < len(parts):
        size = next((n for n in range(longest, 0, -1) if tuple(parts[at : at + n]) in titles), 0)
        if size:
            at += size
        else:
            kept.append(parts[at])
            at += 1
    return kept or parts


def _joined(parts: list[str]) -> list[str]:
    """Join what is one name written as several words."""
    out: list[str] = []
    at = 0
    while at < len(parts):
        word, rest = parts[at], parts[at + 1 :]
        taken = 1
        if word in lexicon.BETWEEN and out and rest:
            pass
        elif rest and (head := _opening(word)):
            follower, used = _follower(rest)
            out.append(_whole(head + follower) if not head.isascii() else head + follower)
            taken += used
        elif out and _closing(word, out[-1]):
            out[-1] += _closing(word, out[-1])
        elif out and word in lexicon.LATIN_ARTICLES and rest and _closing(rest[0], out[-1]):
            out[-1] += _closing(rest[0], out[-1])
            taken += 1
        elif rest and _is_article(word, rest[0]):
            out.append(rest[0] if word.isascii() else word + rest[0])
            taken += 1
        else:
            out.append(_whole(word))
        at += taken
    return out


def _opening(word: str) -> str:
    """Return the form of a word that belongs to the next one, or nothing."""
    if word in lexicon.JOINED_BEFORE:
        return lexicon.KUNYA.get(word, word)
    if word in lexicon.LATIN_FATHER:
        return "abu"
    if word in lexicon.LATIN_MOTHER:
        return "um"
    return "abd" if lexicon.SERVANT_ALONE.match(word) else ""


def _follower(rest: list[str]) -> tuple[str, int]:
    """Return what an opening word is joined with, and how many words that takes."""
    if len(rest) > 1 and _is_article(rest[0], rest[1]):
        return (rest[1] if rest[0].isascii() else rest[0] + rest[1]), 2
    return (_article_free(rest[0]) if rest[0].isascii() else rest[0]), 1


def _closing(word: str, before: str) -> str:
    """Return the form of a word that belongs to the one before it, or nothing."""
    if word in lexicon.JOINED_AFTER:
        return word
    if not before.isascii() or len(before) < 2:
        return ""
    if lexicon.FAITH_ALONE.match(word):
        return "din"
    return "allah" if re.match(r"[aeiou]?l{1,2}[aeo]h?$", word) and len(word) > 3 else ""


def _is_article(word: str, follower: str) -> bool:
    if word == lexicon.ARTICLE:
        return True
    if word in lexicon.LATIN_ARTICLES:
        return follower.isascii()
    sun = lexicon.ASSIMILATED.match(word)
    if sun is None or len(word) > 3 or word[0] not in "aeu":
        return False
    return follower.startswith(sun["sun"])


def _whole(word: str) -> str:
    """Bring compounds that were written as one Latin word to the form of joined ones."""
    if not word.isascii():
        return _KUNYA_ARTICLE.sub(r"\1", word)
    if re.match(r"abd[aeiou]{1,2}l{1,2}[aeo]h?$", word):
        return "abdallah"
    if joined := lexicon.SERVANT_JOINED.match(word):
        rest = joined["rest"]
        return "abd" + (rest[1:] if rest[0] == rest[1] else rest)
    joined = lexicon.FAITH_JOINED.match(word)
    return joined["head"] + "din" if joined and len(joined["head"]) > 1 else word


def _article_free(word: str) -> str:
    if word.startswith(lexicon.ARTICLE):
        return word if len(word) < 5 or word in lexicon.NO_ARTICLE else word[2:]
    if word[:2] in {"al", "el"} and len(word) >= 6 and word[2] not in "aeiouy":
        return word if lexicon.LATIN_NO_ARTICLE.match(word) else word[2:]
    return word


def parts(word: str) -> tuple[str, ...]:
    """Return what a compound is made of, as far as somebody may look for it alone.

    Parameters
    ----------
    word : str
        One word as `words` gives it.

    Returns
    -------
    tuple of str
        Empty for a word that is no compound.

    Examples
    --------
    >>> parts("نورالدين"), parts("ابوخليل"), parts("abdrahman"), parts("سمير")
    (('نور', 'دين'), ('خليل',), ('rahman',), ())
    """
    kept: list[str] = []
    heads, tails = _LATIN_PARTS if word.isascii() else _ARABIC_PARTS
    for tail in tails:
        if word.endswith(tail):
            kept += [word.removesuffix(tail), tail.removeprefix(lexicon.ARTICLE)]
    for head in heads:
        if not kept and word.startswith(head):
            kept.append(word.removeprefix(head).removeprefix(lexicon.ARTICLE))
    return tuple(part for part in kept if len(part) > 2)
