"""What stands around the body of a law: title, preamble with its formula, table of contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.engine.law.lexicon import Lexicon
    from hiwar.engine.law.marks import Line


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before the body.

    Attributes
    ----------
    preface, preamble : str
        Their texts, lines separated by a line feed.
    spans : tuple of (str, int, int)
        Role, start and end of each stretch.
    rest : tuple of int
        Where the text goes on that belongs to neither.
    """

    preface: str
    preamble: str
    spans: tuple[tuple[str, int, int], ...]
    rest: tuple[int, int]


def framed(
    text: str, lines: Sequence[Line], listed: tuple[int, int], before: int, words: Lexicon,
    *, has_body: bool,
) -> Frame:  # fmt: skip
    """Part what stands before the first heading.

    Parameters
    ----------
    text : str
        The source.
    lines : sequence of Line
        Its lines.
    listed : tuple of int
        First line of a table of contents, and the one behind it.
    before : int
        Place of the first heading.
    words : Lexicon
        Of the jurisdiction.
    has_body : bool
        Whether there is a heading at all; without one, what follows the enactment is the rest.

    Returns
    -------
    Frame
        Preface and preamble.
    """
    opening = enacted = -1
    for at, line in enumerate(lines):
        if line.start >= before:
            break
        if listed[0] <= at < listed[1]:
            continue
        if opening < 0 and (place := _opening(line, words)) >= 0:
            opening = place
        if match := words.enactment.search(line.folded):
            enacted = min(line.end, before)
            if opening < 0:
                # A formula that is all of the preamble; words before it on the line are the title.
                opening = line.start + line.folded.place(match.start())
                opening = line.start if not text[line.start : opening].strip() else opening
    if not has_body and enacted < 0:
        opening, before = -1, _first(lines)
    elif not has_body:
        before = enacted
    middle = opening if opening >= 0 else before
    spans: list[tuple[str, int, int]] = []
    kept = {"preface": "", "preamble": ""}
    for role, start, end in (("preface", 0, middle), ("preamble", middle, before)):
        parts = _around(lines, listed, start, end)
        spans += [(kind or role, first, last) for kind, first, last in parts]
        kept[role] = "\n".join(
            line.strip()
            for kind, first, last in parts
            if not kind
            for line in text[first:last].splitlines()
            if line.strip()
        )
    return Frame(kept["preface"], kept["preamble"], tuple(spans), (before, len(text)))


def _opening(line: Line, words: Lexicon) -> int:
    """Return where on a line the preamble opens; -1 where it does not."""
    bare = line.folded.lstrip(" #*")
    if bare.startswith(words.opening):
        return line.start
    if len(line.folded) < 160:
        return -1
    places = [at for word in words.opening if (at := line.folded.find(f" {word} ")) >= 0]
    return line.start + line.folded.place(min(places)) if places else -1


def _first(lines: Sequence[Line]) -> int:
    """Return where the first line ends that has letters, if others follow: it is the title."""
    full = [line for line in lines if not line.is_blank]
    return full[0].end if len(full) > 1 and len(full[0].folded.split()) <= 14 else 0


def _around(
    lines: Sequence[Line], listed: tuple[int, int], start: int, end: int
) -> list[tuple[str, int, int]]:
    """Cut a stretch around the table of contents."""
    if listed[1] <= listed[0]:
        return [("", start, end)]
    first, last = lines[listed[0]].start, lines[listed[1] - 1].end
    parts = [("", start, min(end, first)), ("contents", max(start, first), min(end, last)),
             ("", max(start, last), end)]  # fmt: skip
    return [part for part in parts if part[2] > part[1]]
