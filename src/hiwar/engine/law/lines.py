"""From the order in which a line is drawn to the order in which it is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Classes of units: A Arabic, L Latin, N figure, and the sign itself for what joins or brackets.
_RUN = re.compile(
    r"L+(?:[ .,&'/-]+L+|N+)*(?: ?[()]N+[()])?"  # Latin words, and a year in brackets behind them
    r"|N+(?:[/.,:]N+)*%?"
)
_RANGE = re.compile(r"N+(?:[/.,:]N+)*(?:-N+)+")
_FIRST_RANGE = re.compile(r"^([\s()]*)(\d{1,4})([-–])(\d{1,4})(?![\d/-])")
_MARKER = re.compile(r"\s*(?:\d{1,3}|[^\W\d_])\s?[()]")
_OPEN = {"(": ")", "«": "»", "[": "]"}
_CLOSE = {closing: opening for opening, closing in _OPEN.items()}


def _class(unit: str) -> str:
    letter = unit[0]
    if letter.isdecimal():
        return "N"
    if letter.isalpha():
        return "L" if letter < "\u0590" else "A"
    return {"٪": "%", "٫": ".", "٬": ",", "–": "-", "[": "(", "]": ")"}.get(letter, letter)


def logical_order(units: Sequence[str]) -> str:
    """Return a line of right-to-left text in reading order.

    Parameters
    ----------
    units : sequence of str
        Glyphs from left to right as they are drawn, with the letters each stands for; blanks
        between them where there are gaps.

    Returns
    -------
    str
        Units from the right, each as it is; figures with what joins them, and Latin words with a
        number in brackets, from the left. A hyphen joins figures only in a line that has no
        Arabic letter: beside Arabic a range is drawn from the right. With a range the line begins
        with, programs differ; the lower figure is read first.

    Examples
    --------
    >>> logical_order([*"(7-3) ةدام"])
    'مادة (3-7)'
    """
    classes = "".join(_class(unit)[:1] for unit in units)
    pattern = _RUN
    if "A" not in classes:
        if "L" in classes and "N" not in classes:
            return "".join(units)
        pattern = re.compile(f"{_RANGE.pattern}|{_RUN.pattern}")
    parts: list[str] = []
    at = 0
    for match in pattern.finditer(classes):
        parts += [_mirrored(unit) for unit in units[at : match.start()]]
        parts.append("".join(units[match.start() : match.end()]))
        at = match.end()
    parts += [_mirrored(unit) for unit in units[at:]]
    return _FIRST_RANGE.sub(_ascending, "".join(reversed(parts)))


def _ascending(match: re.Match[str]) -> str:
    """Return a range with which a line begins: some draw it from the left, some from the right."""
    first, second = int(match[2]), int(match[4])
    if first <= second:
        return match[0]
    return f"{match[1]}{match[4]}{match[3]}{match[2]}"


def _mirrored(unit: str) -> str:
    """Return a bracket as it is read: what is drawn as closing on the left opens nothing there."""
    return _OPEN.get(unit) or _CLOSE.get(unit) or unit


def repaired(lines: Sequence[str]) -> list[str]:
    """Set brackets and quotation marks right by balance.

    Parameters
    ----------
    lines : sequence of str
        In order; a pair may begin on one line and end on the next.

    Returns
    -------
    list of str
        The same lines; the first bracket of a pair opens, the second closes, whichever the file
        has. A bracket right behind the number of an item stays a closing one.

    Examples
    --------
    >>> repaired(["مادة )1(", "أ( نص )2("])
    ['مادة (1)', 'أ) نص (2)']
    """
    state = dict.fromkeys(_OPEN, False)
    result = []
    for line in lines:
        letters = list(line)
        marker = _MARKER.match(line)
        lone = -1
        if marker and not state["("] and sum(letter in "()" for letter in letters) % 2:
            lone = marker.end() - 1
            letters[lone] = ")"
        for at, letter in enumerate(letters):
            opening = letter if letter in _OPEN else _CLOSE.get(letter, "")
            if not opening or at == lone:
                continue
            letters[at] = _OPEN[opening] if state[opening] else opening
            state[opening] = not state[opening]
        # A bracket that was never closed must not turn those of the next lines round.
        if state["("] and sum(letter in "()" for letter in letters) % 2 and len(letters) < 30:
            state["("] = False
        result.append("".join(letters))
    return result
