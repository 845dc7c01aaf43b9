"""Two texts word by word: what stayed, went, came, and what is only spelt otherwise."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from hiwar.engine.law.folding import DROPPED, word_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TOKEN = re.compile(
    rf"\d+(?:[.,/٫٬]\d+)*[{DROPPED}]*|(?:[^\W\d_]|[{DROPPED}])+|\n|[^\S\n]+|.", re.DOTALL
)
_SMALL = 20_000
_NEAR = 2  # unchanged words between two changes that are read as one
_SHORT = 3  # letters of such a word
_WHOLE = 0.6  # share of a paragraph from which it is shown as replaced

Kind = Literal["equal", "delete", "insert", "spelling"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words.

    Attributes
    ----------
    kind : str
        `equal`, `delete`, `insert`, or `spelling`: the same words, written otherwise.
    old, new : str
        The words in each text; one is empty where they were inserted or deleted.
    """

    kind: Kind
    old: str
    new: str


def tokens(text: str) -> list[str]:
    """Cut a text into words with their marks, figures, single signs and blanks.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        They cover the text.

    Examples
    --------
    >>> tokens("المادة 5(2)، 1,500")
    ['المادة', ' ', '5', '(', '2', ')', '،', ' ', '1,500']
    """
    return _TOKEN.findall(text)


def matching(old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int, int]]:
    """Find what two sequences have in common, in order.

    Parameters
    ----------
    old, new : sequence of int
        Codes; the same code is the same thing.

    Returns
    -------
    list of tuple of int
        Blocks (place in old, place in new, length), ascending in both.

    Notes
    -----
    Common ends are taken first, then what stands once in either sequence (the longest ascending
    run of such anchors), then the same between two anchors. Where a stretch is short, the longest
    common blocks decide (Ratcliff and Obershelp).
    """
    pairs: list[tuple[int, int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        start, end, first, last = waiting.pop()
        length = 0
        while (
            start + length < end
            and first + length < last
            and (old[start + length] == new[first + length])
        ):
            length += 1
        if length:
            pairs.append((start, first, length))
            start, first = start + length, first + length
        length = 0
        while (
            end - length > start
            and last - length > first
            and (old[end - length - 1] == new[last - length - 1])
        ):
            length += 1
        if length:
            end, last = end - length, last - length
            pairs.append((end, last, length))
        if start == end or first == last:
            continue
        anchors = _anchors(old, new, (start, end, first, last))
        if not anchors:
            if (end - start) * (last - first) <= _SMALL * 50:
                matcher = SequenceMatcher(None, old[start:end], new[first:last], autojunk=False)
                pairs += [
                    (start + block.a, first + block.b, block.size)
                    for block in matcher.get_matching_blocks()
                    if block.size
                ]
            continue
        edges = [(start - 1, first - 1), *anchors, (end, last)]
        for (a, b), (c, d) in pairwise(edges):
            waiting.append((a + 1, c, b + 1, d))
        pairs += [(a, b, 1) for a, b in anchors]
    return sorted(pairs)


def _anchors(
    old: Sequence[int], new: Sequence[int], window: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Return what stands once in either stretch, as its longest ascending run."""
    start, end, first, last = window
    if (end - start) * (last - first) <= _SMALL:
        return []
    places: dict[int, int] = {}
    for at in range(start, end):
        places[old[at]] = -1 if old[at] in places else at
    counted: dict[int, int] = {}
    for at in range(first, last):
        counted[new[at]] = -1 if new[at] in counted else at
    common = sorted(
        (at, counted[code]) for code, at in places.items() if at >= 0 and counted.get(code, -1) >= 0
    )
    return [common[index] for index in ascending([place for _at, place in common])]


def ascending(values: Sequence[int]) -> list[int]:
    """Return the longest ascending run of a sequence.

    Parameters
    ----------
    values : sequence of int
        Without repetition.

    Returns
    -------
    list of int
        Places of its members.

    Examples
    --------
    >>> ascending([3, 1, 2, 5, 4])
    [1, 2, 4]
    """
    tails: list[int] = []
    ends: list[int] = []
    before = [-1] * len(values)
    for index, value in enumerate(values):
        at = bisect_left(tails, value)
        before[index] = ends[at - 1] if at else -1
        if at == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[at], ends[at] = value, index
    run = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(index)
        index = before[index]
    return run[::-1]


def compare_words(old: str, new: str) -> tuple[Edit, ...]:
    """Compare two texts word by word.

    Parameters
    ----------
    old, new : str
        Any texts, such as a paragraph in two versions.

    Returns
    -------
    tuple of Edit
        In reading order. The ``old`` of all gives the old text to the letter, the ``new`` of all
        the new one; no word is cut. Two changes with at most two short words between are one
        change; a paragraph of which more than 0.6 changed is shown as replaced.

    Examples
    --------
    >>> edits = compare_words("خلال ستين يوماً", "خلال 30 يوما")
    >>> [(edit.kind, edit.old, edit.new) for edit in edits]
    [('equal', 'خلال ', 'خلال '), ('delete', 'ستين', ''), ('insert', '', '30'),
     ('equal', ' ', ' '), ('spelling', 'يوماً', 'يوما')]
    """
    if old == new:
        return (Edit("equal", old, new),) if old else ()
    before, after = tokens(old), tokens(new)
    codes: dict[str, int] = {}
    coded = [
        [codes.setdefault(_key(word), len(codes)) for word in side] for side in (before, after)
    ]
    blocks = matching(coded[0], coded[1])
    runs: list[Edit] = []
    at = place = 0
    for start, first, length in [*blocks, (len(before), len(after), 0)]:
        _changed(runs, "".join(before[at:start]), "".join(after[place:first]))
        if length:
            _kept(runs, before[start : start + length], after[first : first + length])
        at, place = start + length, first + length
    if old and new and _is_replaced(runs, sum(map(_is_lettered, before + after))):
        return Edit("delete", old, ""), Edit("insert", "", new)
    return tuple(_coarse(runs))


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    return "\n" if word == "\n" else " " if word.isspace() else word_key(word)


def _changed(runs: list[Edit], old: str, new: str) -> None:
    if old:
        runs.append(Edit("delete", old, ""))
    if new:
        runs.append(Edit("insert", "", new))


def _kept(runs: list[Edit], old: list[str], new: list[str]) -> None:
    """Add words that stand in both texts, those that are spelt otherwise as runs of their own."""
    if old == new:
        _run(runs, "equal", "".join(old), "".join(new))
        return
    for before, after in zip(old, new, strict=True):
        _run(runs, "equal" if before == after else "spelling", before, after)


def _run(runs: list[Edit], kind: Kind, old: str, new: str) -> None:
    if runs and runs[-1].kind == kind:
        runs[-1] = Edit(kind, runs[-1].old + old, runs[-1].new + new)
    else:
        runs.append(Edit(kind, old, new))


def _is_replaced(runs: Sequence[Edit], words: int) -> bool:
    """Return whether so much of two texts changed that one is shown to replace the other."""
    changed = sum(
        len(tokens_with_letters(run.old + run.new))
        for run in runs
        if run.kind in {"delete", "insert"}
    )
    return bool(words) and changed > _WHOLE * words


def _is_lettered(token: str) -> bool:
    return token[0].isalnum()


def _coarse(runs: Sequence[Edit]) -> Iterable[Edit]:
    """Join changes that are read as one."""
    gone = came = ""
    held: Edit | None = None  # unchanged words that may be inside a change
    for run in runs:
        if run.kind in {"delete", "insert"}:
            if held is not None:
                gone, came, held = gone + held.old, came + held.new, None
            gone, came = gone + run.old, came + run.new
            continue
        if held is not None:
            yield from _flushed(gone, came)
            yield held
            gone = came = ""
            held = None
        if (gone or came) and _is_small(run):
            held = run
            continue
        yield from _flushed(gone, came)
        gone = came = ""
        yield run
    yield from _flushed(gone, came)
    if held is not None:
        yield held


def _flushed(gone: str, came: str) -> Iterable[Edit]:
    if gone:
        yield Edit("delete", gone, "")
    if came:
        yield Edit("insert", "", came)


def _is_small(run: Edit) -> bool:
    """Return whether a run is too short to be read between two changes."""
    if run.kind != "equal" or "\n" in run.old:
        return False
    words = tokens_with_letters(run.old)
    return len(words) <= _NEAR and all(len(word) <= _SHORT for word in words)


def tokens_with_letters(text: str) -> list[str]:
    """Return the words and figures of a text, without signs and blanks.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        In order.
    """
    return [token for token in tokens(text) if _is_lettered(token)]
