"""Paragraphs and points: lines that begin with a number or a letter, and how they nest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.law.numbers import ABJAD, ALPHABET, Number, letter_rank, rank_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.engine.law.marks import Line

_MARKER = re.compile(
    r"[\s*•]*(?:[()]\s?(?P<in>\d{1,3}|[^\W\d_]|[ivx]{1,5})\s?[()]\s*[-.:]?"
    r"|(?P<out>\d{1,3}|[^\W\d_])\s?(?:[-./:](?!\d)|[()](?!\s?\d+\s?[()]))"
    r"|(?P<only>\d{1,3})(?=\s*$))\s*"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """The number of a paragraph or point where a line begins.

    Attributes
    ----------
    ranks : tuple of int
        Its rank as a figure, or by either order of Arabic letters.
    is_letter : bool
        A letter rather than a figure.
    start, end, rest : int
        Where it stands in the text, and where its own text begins.
    line : int
        Which of the lines given.
    """

    ranks: tuple[int, ...]
    is_letter: bool
    start: int
    end: int
    rest: int
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """A marker that was accepted, with its depth.

    Attributes
    ----------
    marker : Marker
        Where it stands.
    depth : int
        0 for what stands directly in the article.
    number : Number
        Its rank.
    part : str
        What stands in its address: a figure or a Latin letter.
    """

    marker: Marker
    depth: int
    number: Number
    part: str


@dataclass(slots=True)
class _Level:
    is_letter: bool
    rank: int
    order: int


def markers_of(lines: Sequence[Line], first: int = 0) -> list[Marker]:
    """Return the markers with which lines begin.

    Parameters
    ----------
    lines : sequence of Line
        Of one article.
    first : int
        Place in the text before which nothing is looked at: the end of the heading.

    Returns
    -------
    list of Marker
        In order.
    """
    markers = []
    for index, line in enumerate(lines):
        folded = line.folded
        if line.start < first:
            continue
        match = _MARKER.match(folded)
        if not match:
            continue
        written = match["in"] or match["out"] or match["only"]
        place = folded.place
        group = "in" if match["in"] else "out" if match["out"] else "only"
        start = match.start(group) - (group == "in")
        if written.isdecimal():
            ranks: tuple[int, ...] = (int(written),)
        else:
            ranks = (letter_rank(written, ABJAD), letter_rank(written, ALPHABET))
            if not any(ranks):
                continue
        markers.append(
            Marker(ranks, not written.isdecimal(), line.start + place(max(start, 0)),
                   line.start + place(len(folded[: match.end()].rstrip())),
                   line.start + place(match.end()), index)
        )  # fmt: skip
    return markers


def items_of(markers: Sequence[Marker]) -> list[Item]:
    """Choose the markers that count, and nest them.

    Parameters
    ----------
    markers : sequence of Marker
        Of one article, in order.

    Returns
    -------
    list of Item
        A list begins at 1 and has a second item somewhere behind it; an item that follows the
        last of an open list ends every list inside it. Anything else stays text.
    """
    items: list[Item] = []
    levels: list[_Level] = []
    for index, marker in enumerate(markers):
        depth = _continued(levels, marker)
        if depth < 0:
            if marker.ranks[0] != 1 or not _has_second(markers, index):
                continue
            levels.append(_Level(marker.is_letter, 1, -1))
            depth = len(levels) - 1
        else:
            del levels[depth + 1 :]
            level = levels[depth]
            if marker.is_letter and level.order < 0:
                level.order = 0 if marker.ranks[0] == level.rank + 1 else 1
            level.rank += 1
        rank = levels[depth].rank
        part = rank_letter(rank) if marker.is_letter else str(rank)
        items.append(Item(marker, depth, Number(rank), part))
    return items


def _continued(levels: Sequence[_Level], marker: Marker) -> int:
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        if level.is_letter != marker.is_letter:
            continue
        ranks = marker.ranks if level.order < 0 else (marker.ranks[max(level.order, 0)],)
        if len(marker.ranks) == 1:
            ranks = marker.ranks
        if level.rank + 1 in ranks:
            return depth
    return -1


def _has_second(markers: Sequence[Marker], index: int) -> bool:
    is_letter = markers[index].is_letter
    for marker in markers[index + 1 : index + 200]:
        if marker.is_letter == is_letter:
            if 2 in marker.ranks:
                return True
            if 1 in marker.ranks[:1]:
                return False
    return False


_TERM = re.compile(r"(?:^|(?<=[.؛;\n]))\s*([^\n:.؛;،,]{2,60}?)\s*:(?!//)\s*")


def definitions(text: str) -> list[tuple[str, str]]:
    """Read the definitions of an article, one a line or all in one line.

    Parameters
    ----------
    text : str
        The text of the article.

    Returns
    -------
    list of tuple of str
        Terms with their meanings, in order; what stands before the first is left out when it ends
        in a colon («يكون للكلمات ... المعاني الآتية:»).

    Examples
    --------
    >>> definitions("الوزارة: وزارة العمل. الوزير: وزير العمل.")
    [('الوزارة', 'وزارة العمل.'), ('الوزير', 'وزير العمل.')]
    """
    matches = [match for match in _TERM.finditer(text) if len(match[1].split()) <= 7]
    pairs = []
    for match, following in zip(matches, [*matches, None][1:], strict=True):
        meaning = text[match.end() : following.start() if following else len(text)].strip()
        if meaning:
            pairs.append((match[1].strip(' -–\t"«»“”'), meaning))
    return pairs
