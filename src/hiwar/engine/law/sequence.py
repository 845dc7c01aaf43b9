"""Which marks are the articles of this law: the best run of numbers through the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.engine.law.marks import Mark
    from hiwar.engine.law.numbers import Number

WEIGHTS = {
    "alone": 3.0, "separated": 2.5, "run_on": 1.5, "glued": 1.2, "in_line": 1.0, "bare": 1.0,
    "misspelt": 1.0, "number_alone": 0.6,
}  # fmt: skip
_FOLLOWS, _GAP, _LARGEST_GAP, _RESTART = 1.0, 0.3, 3.0, 6.0


class _Prefix:
    """The best score among all lower numbers (a Fenwick tree of maxima)."""

    def __init__(self, size: int) -> None:
        self._tree: list[tuple[float, int]] = [(float("-inf"), 1)] * (size + 2)

    def add(self, base: int, score: float, index: int) -> None:
        at = base + 1
        while at < len(self._tree):
            self._tree[at] = max(self._tree[at], (score, -index))
            at += at & -at

    def below(self, base: int) -> tuple[float, int]:
        best = (float("-inf"), 1)
        at = base
        while at > 0:
            best = max(best, self._tree[at])
            at -= at & -at
        return best[0], -best[1]


def follows(before: Number, after: Number) -> bool:
    """Return whether a number comes right after another.

    Parameters
    ----------
    before, after : Number
        Of two provisions.

    Returns
    -------
    bool
        True for 14 and 15, 14 and 14 bis, 14 bis and 15.
    """
    return after.base == before.base + 1 or (after.base == before.base and after > before)


def best_run(marks: Sequence[Mark], quoted: frozenset[int] = frozenset()) -> list[int]:
    """Choose the marks that number the articles.

    Parameters
    ----------
    marks : sequence of Mark
        Candidates in order of place.
    quoted : frozenset of int
        Indices of marks that follow words such as «النص الآتي:»; they weigh little.

    Returns
    -------
    list of int
        Indices of the best run, in order.

    Notes
    -----
    A run goes up; its worth is the sum of the weights of its marks, 1 for every number that comes
    right after the one before, less 0.3 for each number left out (3 at most), less 6 where it
    begins again at 1. The best run is found by dynamic programming in O(n log n).
    """
    if not marks:
        return []
    largest = max(mark.number.base for mark in marks)
    prefix = _Prefix(largest + 1)
    by_base: dict[int, list[tuple[float, int]]] = {}
    scores: list[float] = []
    before: list[int] = []
    best_ever = (0.0, -1)
    for index, mark in enumerate(marks):
        number = mark.number
        options = [(0.0 if number.base <= 1 else -min(_GAP * (number.base - 1), _LARGEST_GAP), -1)]
        score, at = prefix.below(number.base)
        if at >= 0:
            gap = number.base - marks[at].number.base - 1
            options.append((score - min(_GAP * max(gap, 0), _LARGEST_GAP), at))
        for base in (number.base - 1, number.base):
            for score, at in by_base.get(base, ()):
                if follows(marks[at].number, number):
                    options.append((score + _FOLLOWS, at))
        if number.base == 1 and best_ever[1] >= 0:
            options.append((best_ever[0] - _RESTART, best_ever[1]))
        score, at = max(options, key=lambda option: (option[0], -option[1]))
        score += 0.2 if index in quoted else WEIGHTS[mark.form]
        scores.append(score)
        before.append(at)
        prefix.add(number.base, score, index)
        kept = [*by_base.get(number.base, ()), (score, index)]
        by_base[number.base] = sorted(kept, reverse=True)[:4]
        if score > best_ever[0]:
            best_ever = (score, index)
    run = []
    at = best_ever[1]
    while at >= 0:
        run.append(at)
        at = before[at]
    return run[::-1]
