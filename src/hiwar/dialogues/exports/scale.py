"""Where the groups stand on a statement: marks on a line from 0 to 100 %, and labels on the map."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The line leaves this part of the drawing at either end to a number, in percent of its width.
EDGE = 12.0
# Marks nearer than this, in percentage points, would hide each other and stand one above another.
CLOSE = 7.0
LIFT = 7
LABEL_LETTERS, LABEL_LINES = 30, 2
LABEL_WIDE, LABEL_HIGH = 270.0, 74.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A group, or everybody (no letter), on the line.

    ``percent`` is its share that agrees; ``x`` its place in percent of the drawing's width, from
    the left; ``y`` moves it up or down by pixels; ``side`` is -1 where its number stands to the
    left of it, 1 to the right and 0 where the number is told beside the line alone.
    """

    letter: str
    agree: int
    seen: int
    percent: int
    x: float
    y: int
    side: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The marks of a statement on their line, from the left."""

    marks: tuple[Mark, ...]

    @property
    def first(self) -> Mark:
        """Return where the line between the marks begins."""
        return self.marks[0]

    @property
    def last(self) -> Mark:
        """Return where the line between the marks ends."""
        return self.marks[-1]

    @property
    def is_told_beside(self) -> bool:
        """Tell whether some marks have no number of their own in the drawing."""
        return any(not mark.side for mark in self.marks)


def place(percent: float, *, is_rtl: bool) -> float:
    """Return where a share stands in the drawing, in percent of its width from the left."""
    along = 100 - percent if is_rtl else percent
    return round(EDGE + along * (100 - 2 * EDGE) / 100, 2)


def scale_of(statement: Mapping[str, Any], *, is_rtl: bool) -> Scale | None:
    """Return the marks of a statement as a page draws it.

    Parameters
    ----------
    statement : mapping
        With ``groups`` (letter and counts, or None where these are hidden) and ``counts``.
    is_rtl : bool
        Whether 0 % stands at the right.

    Returns
    -------
    Scale or None
        None where too few people voted to show anything.
    """
    if not statement["counts"]:
        return None
    groups = [(group["letter"], group["counts"]) for group in statement["groups"]]
    groups = [(letter, counts) for letter, counts in groups if counts and counts["seen"]]
    if not groups:
        groups = [("", statement["counts"])]
    placed = sorted(
        (place(100 * counts["agree"] / counts["seen"], is_rtl=is_rtl), letter, counts)
        for letter, counts in groups
    )
    lifts = _lifts([x for x, *_ in placed])
    last = len(placed) - 1
    marks = tuple(
        Mark(
            letter, counts["agree"], counts["seen"], round(100 * counts["agree"] / counts["seen"]),
            x, lifts[at], 1 if at == last else -1 if at == 0 else 0,
        )
        for at, (x, letter, counts) in enumerate(placed)
    )  # fmt: skip
    return Scale(marks)


def _lifts(places: Sequence[float]) -> list[int]:
    """Return by how much marks move up and down so that those that stand close are seen apart."""
    lifts = [0] * len(places)
    for at, (left, right) in enumerate(pairwise(places)):
        if right - left < CLOSE:
            lifts[at] = lifts[at] or -LIFT
            lifts[at + 1] = -lifts[at]
    return lifts


def axis(*, is_rtl: bool) -> list[tuple[int, float]]:
    """Return the shares named above the lines, with their places."""
    return [(share, place(share, is_rtl=is_rtl)) for share in (0, 50, 100)]


def label_lines(words: str) -> list[str]:
    """Return the beginning of a statement in lines for a drawing, cut at a word."""
    lines: list[str] = []
    rest = words.split()
    while rest and len(lines) < LABEL_LINES:
        line = rest.pop(0)
        while rest and len(line) + 1 + len(rest[0]) <= LABEL_LETTERS:
            line += f" {rest.pop(0)}"
        lines.append(line)
    if rest:
        lines[-1] += "…"
    return lines


def labelled(groups: Sequence[Mapping[str, Any]], height: float) -> list[dict[str, Any]]:
    """Return the groups of a map with the place of their labels: below a badge, or above it.

    A label that would cover another one goes to the other side; one that still would has no words
    in the drawing (``has_words``), for the list beside it has them all.
    """
    taken: list[tuple[float, float]] = []
    placed = []
    for group in groups:
        x, y = group["badge"]
        middle = min(max(x, LABEL_WIDE / 2), 760 - LABEL_WIDE / 2)
        ways = [y + 44, y - 24 - LABEL_HIGH + 20]
        free = [
            top for top in ways
            if 14 <= top <= height - LABEL_HIGH + 20
            and all(abs(middle - a) >= LABEL_WIDE or abs(top - b) >= LABEL_HIGH for a, b in taken)
        ]  # fmt: skip
        top = free[0] if free else ways[0]
        taken.append((middle, top))
        placed.append(
            {**group, "label": (round(middle, 1), round(top, 1)), "has_words": bool(free)}
        )
    return placed


def key_of(key: Sequence[Mapping[str, Any]], *, is_rtl: bool) -> list[dict[str, Any]]:
    """Return the hexagons of a map's key with their places, in the scale of the map."""
    places = [(44 + 235 * at, 92 + 235 * at) for at in range(len(key))]
    return [
        {**step, "x": 760 - x if is_rtl else x, "text_x": 760 - words if is_rtl else words}
        for step, (x, words) in zip(key, places, strict=True)
    ]
