"""What may be the heading of a provision, line by line, before anything is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from hiwar.engine.law.folding import Folded, fold
from hiwar.engine.law.numbers import (
    LATIN_BIS,
    Number,
    arabic_number,
    letter_rank,
    rank_letter,
    roman_number,
)

if TYPE_CHECKING:
    from hiwar.engine.law.lexicon import Lexicon

_BEFORE = re.compile(r"\s*(?:رقم|no\.?)?[\s()\-:./]*")
_FIGURE = re.compile(r"(\d{1,4})(?:er\b)?([a-z]\b)?(?:\s?/\s?([^\W\d_])\b)?")
_BIS = re.compile(r"[\s()\-/]*(مكررا?|مكرره|م\s?كرر)(?![^\W\d_])")
_LATIN_BIS = re.compile(r"[\s()\-]*(" + "|".join(LATIN_BIS) + r")\b")
_FURTHER = re.compile(r"\s?[(/\-]\s?(?:(\d{1,2})|([^\W\d_]))(?:\s?[()]|\b)|\s(\d{1,2})\b")
_NOTHING = re.compile(r"[\s:.\-()*#،_/]*$")
_SEPARATOR = re.compile(r"\s*[:\-./]+\s*")
_LEADER = re.compile(r"(?:\.{3,}|…+|_{3,}|\.( \.){2,})\s*\d{1,4}\s*$|\s{3,}\d{1,4}\s*$")
_WORD = re.compile(r"[^\W\d_]+")
_ALONE = re.compile(r"\s*([^\W\d_]{3,7})\s*[()]\s?(\d{1,3})\s?[()]\s*$")
_BARE = re.compile(r"\s*(\d{1,3})(?!\d|\s?[/()%])\s?([-.:])?\s*(?=[^\W\d_])")
_SINGLE = re.compile(r"(?:ال)?(تمهيدي|وحيده)(?![^\W\d_])")
_JOINED = re.compile(r"[^\W\d_]*$")
_LONGEST_WORD = 100
# A leader and its page stand at the end of a line.
_LONGEST_LEADER = 400
_NO_ARTICLE_WORD = frozenset(
    ["فقره", "الفقره", "بند", "البند", "جدول", "ملحق", "رقم", "شكل", "سوره", "ايه", "قرار", "قانون"]
)
# What may stand attached before a word that is meant inside a sentence.
_PREFIXES = frozenset(
    ["و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وبال", "فبال", "فلل"]
)
SENTENCE_ENDS = ".؛:;!؟?"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that may be a heading.

    Attributes
    ----------
    kind : str
        As in `structure.ADDRESS`.
    number : Number
        As read.
    form : str
        `alone`, `separated`, `run_on`, `glued`, `in_line`, `bare`, `misspelt`, `number_alone`.
    start, end : int
        Where the label stands in the text.
    rest : int
        Where what follows on the line begins.
    line : int
        Which line.
    is_listed : bool
        The line ends as a line of a table of contents does.
    is_reference : bool
        A word follows after which a number refers.
    """

    kind: str
    number: Number
    form: str
    start: int
    end: int
    rest: int
    line: int
    is_listed: bool = False
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that is read.

    Attributes
    ----------
    start, end : int
        Places in the text, with what ends the line.
    folded : Folded
        Its letters; empty for a blank line.
    """

    start: int
    end: int
    folded: Folded

    @property
    def is_blank(self) -> bool:
        """Whether the line has no letter."""
        return not self.folded.strip(" \r\n\v\f*#\u2028\u2029\x1c\x1d\x1e\x85")


def lines_of(text: str) -> list[Line]:
    """Divide a text into lines.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Line
        They cover the text.
    """
    lines = []
    at = 0
    for raw in text.splitlines(keepends=True):
        lines.append(Line(at, at + len(raw), fold(raw)))
        at += len(raw)
    return lines


def read_number(folded: str, at: int, words: Lexicon) -> tuple[Number, int] | None:
    """Read the number of a provision, whichever way its brackets were turned.

    Parameters
    ----------
    folded : str
        A text as `fold` leaves it.
    at : int
        Where it may begin.
    words : Lexicon
        Of the jurisdiction.

    Returns
    -------
    tuple of Number and int, or None
        The number, and where it ends.
    """
    before = _BEFORE.match(folded, at)
    start = before.end() if before else at
    early = _BIS.match(folded, at)
    if early and (number := read_number(folded, early.end(), words)):
        return Number(number[0].base, 1, number[0].further), number[1]
    opened = bool(before and set(before[0]) & set("()"))
    base, end, letter = _base(folded, start, words)
    if end == start:
        return None
    bis = further = 0
    if match := _BIS.match(folded, end) or _LATIN_BIS.match(folded, end):
        bis, end = LATIN_BIS.get(match[1], 1), match.end()
        further, letter, end = _further(folded, end, letter)
    closer = re.compile(r"\s?[()]").match(folded, end)
    if closer and (opened or closer[0].strip() == "("):
        end = closer.end()
    if not bis and (match := _BIS.match(folded, end)):
        bis, end = 1, match.end()
        further, letter, end = _further(folded, end, letter)
    return Number(base, bis, further, letter), end


def _base(folded: str, start: int, words: Lexicon) -> tuple[int, int, str]:
    """Return value, end and letter of a number; the end is the start where there is none."""
    if figure := _FIGURE.match(folded, start):
        letter = figure[2] or ""
        if figure[3]:
            letter = rank_letter(letter_rank(figure[3]))
        return int(figure[1]), figure.end(), letter
    if words.language == "ar":
        single = _SINGLE.match(folded, start)
        if single:
            return (1 if single[1] == "وحيده" else 0), single.end(), ""
        spelled = arabic_number(folded, start)
    else:
        word = _WORD.match(folded, start)
        value = words.numbers.get(word[0]) if word else None
        spelled = (value, word.end()) if word and value else roman_number(folded, start)
    return (*spelled, "") if spelled else (start, start, "")


def _further(folded: str, end: int, letter: str) -> tuple[int, str, int]:
    """Return what stands behind «مكرر»: a number, a letter, and where it ends."""
    if match := _FURTHER.match(folded, end):
        if match[2]:
            rank = letter_rank(match[2])
            return 0, rank_letter(rank), match.end()
        return int(match[1] or match[3]), letter, match.end()
    if spelled := arabic_number(folded, end + 1):
        return spelled[0], letter, spelled[1]
    return 0, letter, end


def marks_of_line(line: Line, index: int, words: Lexicon) -> list[Mark]:
    """Return what may be a heading on a line.

    Parameters
    ----------
    line : Line
        The line.
    index : int
        Its number, from 0.
    words : Lexicon
        Of the jurisdiction.

    Returns
    -------
    list of Mark
        In order of place.
    """
    folded = line.folded
    marks = []
    first = words.heading.match(folded)
    searched = 0
    if first and (mark := _mark(line, index, words, first.span(2), kind=words.kinds[first[2]])):
        if mark.kind != "article" or not first[1].strip('#*> •\t"«'):
            marks.append(mark)
        searched = first.end(2)
    behind = 0
    for match in words.article.finditer(folded, searched):
        container = _container_before(line, index, words, behind, match.start())
        behind = match.end()
        if (mark := _inside(line, index, words, match, container)) is not None:
            marks += [container, mark] if container else [mark]
    if not marks and (alone := _ALONE.match(folded)) and alone[1] not in _NO_ARTICLE_WORD:
        marks.append(_stray(line, index, words, alone))
    return marks


def _mark(
    line: Line, index: int, words: Lexicon, word: tuple[int, int], *, kind: str, form: str = ""
) -> Mark | None:
    """Return the mark of a heading word that stands between two places of a line."""
    folded, (start, end) = line.folded, word
    number = read_number(folded, end, words)
    if number is None:
        return None
    value, after = number
    rest, is_reference = after, False
    if after < len(folded) and folded[after].isalnum() and folded[after - 1].isalnum():
        return None
    listed = _LEADER.search(folded, max(after, len(folded) - _LONGEST_LEADER))
    if _NOTHING.match(folded, after):
        form = form or "alone"
        rest = len(folded)
    else:
        separator = _SEPARATOR.match(folded, after)
        rest = separator.end() if separator else after
        following = _WORD.search(folded, rest)
        is_reference = not separator and (
            folded[after : after + _LONGEST_WORD].lstrip()[:1] in {"،", ",", ";", "؛"}
            or (following is not None and following[0] in words.references)
        )
        form = form or ("separated" if separator else "run_on")
    place = folded.place
    return Mark(
        kind, value, form, line.start + place(start), line.start + place(after),
        line.start + place(rest), index, listed is not None, is_reference,
    )  # fmt: skip


def _container_before(line: Line, index: int, words: Lexicon, first: int, end: int) -> Mark | None:
    """Return a chapter that begins behind a sentence and whose title reaches to an article."""
    folded = line.folded
    start = max(first, end - 120)
    for at in range(end - 1, start - 1, -1):
        if folded[at] in SENTENCE_ENDS:
            match = words.heading.match(folded, at + 1)
            if match and words.kinds[match[2]] not in {"article", "annex"}:
                kind = words.kinds[match[2]]
                return _mark(line, index, words, match.span(2), kind=kind, form="in_line")
            return None
    return None


def _inside(
    line: Line, index: int, words: Lexicon, match: re.Match[str], container: Mark | None
) -> Mark | None:
    """Return an article that begins inside a line: behind a sentence, or glued to a word."""
    folded, start = line.folded, match.start()
    # No word is longer: what is attached is looked for no further back.
    joined = _JOINED.search(folded, max(0, start - _LONGEST_WORD), start)
    attached = joined[0] if joined else ""
    if attached:
        if attached in _PREFIXES or len(attached) < 3 or attached.endswith(("ال", "لل")):
            return None
        form = "glued"
    else:
        before = folded[max(0, start - _LONGEST_WORD) : start].rstrip()
        if container is None and (not before or before[-1] not in SENTENCE_ENDS + "-"):
            return None
        form = "in_line"
    if folded[match.end() : match.end() + 2].strip()[:1] not in {"(", ")", "-"}:
        return None
    return _mark(line, index, words, match.span(), kind="article", form=form)


def _stray(line: Line, index: int, words: Lexicon, alone: re.Match[str]) -> Mark:
    """Return an article whose word was spoilt, or a number that stands alone after some word."""
    likeness = max(
        SequenceMatcher(None, alone[1], word, autojunk=False).ratio()
        for word, kind in words.kinds.items()
        if kind == "article"
    )
    form = "misspelt" if likeness >= 0.6 else "number_alone"
    place = line.folded.place
    return Mark(
        "article", Number(int(alone[2])), form, line.start + place(alone.start(1)), line.end,
        line.end, index,
    )  # fmt: skip


def bare_mark(line: Line, index: int, words: Lexicon) -> Mark | None:
    """Return an article that is written as a number and a title, without a word.

    Parameters
    ----------
    line : Line
        The line.
    index : int
        Its number, from 0.
    words : Lexicon
        Of the jurisdiction.

    Returns
    -------
    Mark or None
        None where the line does not look like one.
    """
    folded = line.folded
    match = _BARE.match(folded)
    if not match or words.heading.match(folded):
        return None
    title = folded[match.end() :].strip().rstrip('"»')
    if title[-1:] in SENTENCE_ENDS + "،," or len(title.split()) > 12:
        return None
    place = folded.place
    return Mark(
        "article", Number(int(match[1])), "bare", line.start + place(match.start(1)),
        line.start + place(match.end(1)), line.start + place(match.end()), index,
    )  # fmt: skip
