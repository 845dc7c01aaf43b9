"""How a jurisdiction writes its law: heading words, formulas, words after which a number refers."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypedDict

from hiwar.engine.law.folding import fold

JURISDICTIONS = ("ar", "ps", "jo", "eg", "lb", "sa", "maghreb", "en", "fr")


class _Level(TypedDict):
    kind: str
    words: list[str]


class _Table(TypedDict, total=False):
    name: str
    language: str
    direction: str
    contents: list[str]
    opening: list[str]
    enactment: list[str]
    conclusion: list[str]
    references: list[str]
    added: list[str]
    levels: list[_Level]
    numbers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one jurisdiction, folded.

    Attributes
    ----------
    code, name, language, direction : str
        ``language`` is a BCP 47 code, ``direction`` is `rtl` or `ltr`.
    kinds : dict of str to str
        The kind of each heading word: `book`, `title`, `part`, `chapter`, `division`, `section`,
        `subsection`, `article`, `annex`.
    ranks : dict of str to int
        How high a kind stands; 0 is the highest.
    heading : re.Pattern
        A heading word where a line begins.
    article : re.Pattern
        A word for an article anywhere in a line.
    opening, conclusion, contents : tuple of str
        What begins the preamble, the conclusion, a table of contents.
    enactment : re.Pattern
        The formula that ends the preamble.
    references : frozenset of str
        Words which, right after a number, make it a reference.
    added : tuple of str
        Words for what was added later.
    numbers : dict of str to int
        Number words of a language whose numbers are not composed.
    """

    code: str
    name: str
    language: str
    direction: str
    kinds: dict[str, str]
    ranks: dict[str, int]
    heading: re.Pattern[str]
    article: re.Pattern[str]
    opening: tuple[str, ...]
    conclusion: tuple[str, ...]
    contents: tuple[str, ...]
    enactment: re.Pattern[str]
    references: frozenset[str]
    added: tuple[str, ...]
    numbers: dict[str, int]


def _swapped(word: str) -> list[str]:
    """Return a word and what extraction from PDF makes of its ligatures («املادة», «األول»)."""
    ways = [word]
    if word.startswith("الم"):
        ways.append("امل" + word[3:])
    if word.startswith("الا"):
        ways.append("اال" + word[3:])
    return ways


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def lexicon_of_language(language: str) -> Lexicon:
    """Return the lexicon of a language where no country is known; English for others."""
    return lexicon(language if language in {"ar", "fr"} else "en")


@cache
def lexicon(code: str) -> Lexicon:
    """Return the lexicon of a jurisdiction.

    Parameters
    ----------
    code : str
        One of `JURISDICTIONS`.

    Returns
    -------
    Lexicon
        Read once from the table beside the code.

    Raises
    ------
    ValueError
        Where there is no such jurisdiction.
    """
    if code not in JURISDICTIONS:
        msg = f"no lexicon {code!r}: one of {', '.join(JURISDICTIONS)}"
        raise ValueError(msg)
    source = files("hiwar.engine.law").joinpath("lexicons").joinpath(f"{code}.toml")
    table: _Table = tomllib.loads(source.read_text("utf-8"))  # type: ignore[assignment]
    kinds = {
        way: level["kind"]
        for level in table["levels"]
        for word in level["words"]
        for way in _swapped(str(fold(word)))
    }
    articles = [word for word, kind in kinds.items() if kind == "article"]
    begin = r"[#*>\s•\"«]*(?:\d{1,3}\s+)?"
    ranks = list(dict.fromkeys(level["kind"] for level in table["levels"]))
    return Lexicon(
        code=code,
        name=table["name"],
        language=table["language"],
        direction=table["direction"],
        kinds=kinds,
        ranks={kind: rank for rank, kind in enumerate(ranks)},
        heading=re.compile(f"({begin})({_any_of(list(kinds))})(?![^\\W\\d_])"),
        article=re.compile(f"({_any_of(articles)})(?![^\\W\\d_])"),
        opening=_folded(table["opening"]),
        conclusion=_folded(table["conclusion"]),
        contents=_folded(table["contents"]),
        enactment=re.compile("|".join(table["enactment"])),
        references=frozenset(_folded(table["references"])),
        added=_folded(table["added"]),
        numbers={str(fold(word)): value for word, value in table.get("numbers", {}).items()},
    )


def _folded(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(fold(word)) for word in words))
