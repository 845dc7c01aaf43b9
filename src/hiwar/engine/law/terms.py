"""What a law says of itself: the terms that it defines, where it uses them, and its references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.law.folding import word_key
from hiwar.engine.law.lists import definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.engine.law.structure import Law, Provision

_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u0652\u0670]+[^\W_]*)*")
_HEADINGS = frozenset(
    word_key(word)
    for word in ("تعريفات", "التعريفات", "تعاريف", "التعاريف", "definitions", "définitions")
)
# «'Fund' means …; 'insured person' means …»
_QUOTED = re.compile(r"['\"‘“«]([^'\"’”»]{2,60})['\"’”»]\s+(?:means|désigne|يعني|تعني)\s+([^;؛]+)")
# What stands before a word in Arabic and is written together with it.
_BEFORE = "وفبلك"
_LONG_ENOUGH = 3
_CITED = re.compile(
    r"(?<!\w)(?:[وفبلك]?(?:ال|ل)?(?:مادة|مادتين|مادتان|مواد)|articles?)\s*\(?\s*(\d{1,4})\s*\)?"
    r"(?:\s*\(?\s*(مكرراً|مكررا|مكرر|bis)\s*\)?)?",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    r"\s*(?P<joint>,|،|و|أو|and|or|et|ou|-|–|إلى|to|à)\s*"
    r"\(?\s*(?P<number>\d{1,4})(?!\d)\s*\)?",
)
_RANGES = frozenset(["-", "–", "إلى", "to", "à"])
_MOST_IN_A_RANGE = 100
# «من قانون …», "of Law No. …": another text. «من هذا القانون», "of this Law": this one.
_ELSEWHERE = re.compile(
    r"\s*(?:\(?\d+\)?\s*)*(?:من\s+(?!هذا|هذه)|of\s+(?!this)|(?:de\s+la|de\s+l|du)\b(?!\s+présent))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DefinedTerm:
    """A term that a law defines, and where else it stands.

    Attributes
    ----------
    term, meaning : str
        As they are printed.
    eid : str
        The article that defines it.
    uses : tuple of str
        Addresses of the other articles that have it, in their order.
    """

    term: str
    meaning: str
    eid: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """That an article names another one of the same law.

    Attributes
    ----------
    source, target : str
        Addresses of the two articles.
    words : str
        How it is named.
    """

    source: str
    target: str
    words: str


def defined_terms(law: Law) -> tuple[DefinedTerm, ...]:
    """Read the terms that a law defines, and find them in its articles.

    Only articles whose heading says that they define are read, and only what a colon or quotation
    marks set off as a term: of «يقصد بالصندوق صندوق العاملين» nobody can tell where it ends.

    Parameters
    ----------
    law : Law
        A text with its structure.

    Returns
    -------
    tuple of DefinedTerm
        In the order of definition; a term that is defined twice stands once.
    """
    articles = list(law.articles())
    texts = {article.eid: _keys(_whole(article)) for article in articles}
    terms: dict[str, DefinedTerm] = {}
    for article in articles:
        title = _WORD.findall(article.heading or article.text.partition("\n")[0])
        if not any(word_key(word) in _HEADINGS for word in title[:2]):
            continue
        text = article.full_text()
        pairs = [(match[1], match[2].strip()) for match in _QUOTED.finditer(text)]
        for term, meaning in pairs or definitions(text):
            key = [word_key(word) for word in _WORD.findall(term)]
            if not key or " ".join(key) in terms:
                continue
            uses = tuple(
                other.eid for other in articles
                if other.eid != article.eid and _has(texts[other.eid], key)
            )  # fmt: skip
            terms[" ".join(key)] = DefinedTerm(term, meaning, article.eid, uses)
    return tuple(terms.values())


def references(law: Law) -> tuple[Reference, ...]:
    """Find where articles of a law name other articles of it by number.

    What names another text («من قانون …», "of Law No. …") is left out, and so is a number that no
    article has. Numbers in words are not read.

    Parameters
    ----------
    law : Law
        A text with its structure.

    Returns
    -------
    tuple of Reference
        In the order of the text; two articles are joined once.
    """
    by_number: dict[tuple[int, int], str] = {}
    articles = list(law.articles())
    for article in articles:
        if article.number is not None and "__" not in article.eid:
            by_number.setdefault((article.number.base, article.number.bis), article.eid)
    joined: dict[tuple[str, str], Reference] = {}
    for article in articles:
        for number, words in _cited(article.full_text()):
            target = by_number.get(number)
            if target is not None and target != article.eid:
                pair = (article.eid, target)
                joined.setdefault(pair, Reference(*pair, words))
    return tuple(joined.values())


def _cited(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _CITED.finditer(text):
        numbers = [(int(match[1]), int(bool(match[2])))]
        end = match.end()
        while further := _FURTHER.match(text, end):
            number, end = int(further["number"]), further.end()
            if further["joint"] in _RANGES:
                last = numbers[-1][0]
                if last < number <= last + _MOST_IN_A_RANGE:
                    numbers += [(each, 0) for each in range(last + 1, number + 1)]
            else:
                numbers.append((number, 0))
        if _ELSEWHERE.match(text, end):
            continue
        words = text[match.start() : end].strip()
        yield from ((number, words) for number in numbers)


def _whole(article: Provision) -> str:
    return f"{article.heading}\n{article.full_text()}"


def _keys(text: str) -> list[frozenset[str]]:
    """Return for each word the forms in which it may be meant, less what is written before it."""
    return [frozenset(_forms(word_key(word))) for word in _WORD.findall(text)]


def _forms(key: str) -> Iterator[str]:
    yield key
    if len(key) > _LONG_ENOUGH and key[0] in _BEFORE:
        yield key[1:]
        if key.startswith("لل"):
            yield f"ا{key[1:]}"
        if len(key) > _LONG_ENOUGH + 1 and key[0] == "و" and key[1] in _BEFORE:
            yield key[2:]


def _has(text: list[frozenset[str]], term: list[str]) -> bool:
    size = len(term)
    return any(
        term[0] in text[at] and all(term[more] in text[at + more] for more in range(1, size))
        for at in range(len(text) - size + 1)
    )
