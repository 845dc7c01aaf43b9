"""From headings to a law: titles, texts, paragraphs, addresses, and where each letter went."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hiwar.engine.law.frame import framed
from hiwar.engine.law.lists import items_of, markers_of
from hiwar.engine.law.structure import ADDRESS, Law, Provision, Reading, Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.engine.law.lexicon import Lexicon
    from hiwar.engine.law.lists import Item
    from hiwar.engine.law.marks import Line, Mark
    from hiwar.engine.law.structure import Doubt

_LIST = re.compile(r"\s*(?:[()]\s?\w{1,3}\s?[()]|\w{1,3}\s?[-.)])")
_STYLE = 0.6


@dataclass(frozen=True, slots=True)
class Heading:
    """A mark that was accepted.

    Attributes
    ----------
    mark : Mark
        Where it stands.
    confidence : float
        From 0 to 1.
    reasons : tuple of str
        Codes.
    again : tuple of Mark
        The same heading given once more right below.
    above : int
        Place where a title on the line above begins; -1 without one.
    """

    mark: Mark
    confidence: float
    reasons: tuple[str, ...]
    again: tuple[Mark, ...] = ()
    above: int = -1


@dataclass(frozen=True, slots=True)
class _Region:
    """A heading with the places of its parts."""

    heading: Heading
    start: int
    end: int
    titles: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...]
    first: int  # where its own text begins


class _Assembler:
    def __init__(self, text: str, lines: Sequence[Line], words: Lexicon) -> None:
        self.text = text
        self.lines = lines
        self.words = words
        self.segments: list[Segment] = []
        self.taken: set[str] = set()
        self.repeated: Counter[str] = Counter()

    def written(self, start: int, end: int) -> str:
        return self.text[start:end].strip().strip("#*").strip()

    def address(self, wanted: str, parent: str = "") -> str:
        """Return an address that nothing else has."""
        eid = wanted
        if eid in self.taken and parent:
            eid = f"{parent}__{wanted}"
        plain = eid
        while eid in self.taken:
            self.repeated[plain] += 1
            eid = f"{plain}_{self.repeated[plain] + 1}"
        self.taken.add(eid)
        return eid

    def note(self, role: str, start: int, end: int, eid: str = "") -> None:
        if end > start:
            self.segments.append(Segment(role, start, end, eid))

    def provision(self, region: _Region, parent: str) -> Provision:
        """Build the provision of a region, without what later regions add to it."""
        mark = region.heading.mark
        part = f"{ADDRESS[mark.kind]}_{mark.number}"
        if mark.kind != "article" and parent:
            part = f"{parent}__{part}"
        eid = self.address(part, parent)
        self.note("label", region.start, region.first, eid)
        for start, end in region.titles:
            self.note("heading", start, end, eid)
        own = [line for line in region.lines if not line.is_blank]
        text, children = self._items(own, region, eid)
        return Provision(
            kind=mark.kind, eid=eid, number=mark.number,
            label=self.written(mark.start, mark.end),
            heading=" ".join(filter(None, (self.written(*span) for span in region.titles))),
            text=text, children=children, start=region.start, end=region.end,
            confidence=region.heading.confidence, reasons=region.heading.reasons,
        )  # fmt: skip

    def _items(
        self, lines: list[Line], region: _Region, eid: str
    ) -> tuple[str, tuple[Provision, ...]]:
        """Return the text before the first item, and the items as provisions."""
        items = items_of(markers_of(lines)) if region.heading.mark.kind == "article" else []
        first = items[0].marker.line if items else len(lines)
        head = [self._line(line, eid) for line in lines[:first]]
        return "\n".join(filter(None, head)), self._nested(lines, items, 0, eid)

    def _line(self, line: Line, eid: str, start: int = -1) -> str:
        start = max(start, line.start)
        self.note("text", start, line.end, eid)
        return self.text[start : line.end].strip()

    def _nested(
        self, lines: list[Line], items: list[Item], depth: int, parent: str
    ) -> tuple[Provision, ...]:
        provisions = []
        at = 0
        while at < len(items):
            item = items[at]
            end = at + 1
            while end < len(items) and items[end].depth > depth:
                end += 1
            inner = items[at + 1 : end]
            last = inner[0].marker.line if inner else self._end(lines, items, end)
            kind = "point" if item.marker.is_letter or depth else "paragraph"
            eid = self.address(f"{parent}__{ADDRESS[kind]}_{item.part}")
            marker = item.marker
            self.note("label", lines[marker.line].start, marker.rest, eid)
            texts = [self._line(lines[marker.line], eid, marker.rest)]
            texts += [self._line(line, eid) for line in lines[marker.line + 1 : last]]
            # What is inside is noted before the next, so that segments stay in order.
            following = items[end].marker.line if end < len(items) else len(lines)
            provisions.append(Provision(
                kind=kind, eid=eid, number=item.number,
                label=self.text[marker.start : marker.end].strip(),
                text="\n".join(filter(None, texts)),
                children=self._nested(lines[:following], inner, depth + 1, eid),
                start=marker.start, end=lines[following - 1].end, confidence=0.9,
                reasons=("list",),
            ))  # fmt: skip
            at = end
        return tuple(provisions)

    @staticmethod
    def _end(lines: list[Line], items: list[Item], end: int) -> int:
        return items[end].marker.line if end < len(items) else len(lines)


def assemble(
    text: str,
    lines: Sequence[Line],
    headings: Sequence[Heading],
    listed: tuple[int, int],
    *,
    doubts: Sequence[Doubt],
    words: Lexicon,
) -> Reading:
    """Build the reading of a text from the headings that were accepted.

    Parameters
    ----------
    text : str
        The source.
    lines : sequence of Line
        Its lines.
    headings : sequence of Heading
        In order of place.
    listed : tuple of int
        First line of a table of contents, and the one behind it.
    doubts : sequence of Doubt
        What was left as text.
    words : Lexicon
        Of the jurisdiction.

    Returns
    -------
    Reading
        Its segments cover the source.
    """
    maker = _Assembler(text, lines, words)
    headings = _with_titles_above(lines, headings)
    starts = [_start(lines, heading) for heading in headings]
    before = starts[0] if starts else len(text)
    frame = framed(text, lines, listed, before, words, has_body=bool(headings))
    for role, start, end in frame.spans:
        maker.note(role, start, end)
    regions, conclusion = _regions(text, lines, headings, starts, words)
    body = _body(maker, regions)
    if not headings and frame.rest[1] > frame.rest[0]:
        maker.note("text", *frame.rest, "hcontainer_1")
        unit = Provision("unit", "hcontainer_1", text=_stripped(text[slice(*frame.rest)]),
                         start=frame.rest[0], end=frame.rest[1], confidence=0.0,
                         reasons=("no_heading",))  # fmt: skip
        body = (unit,) if unit.text else ()
    if conclusion:
        maker.note("conclusion", *conclusion)
    law = Law(
        words.language, words.direction, frame.preface, frame.preamble, body,
        _stripped(text[slice(*conclusion)]) if conclusion else "",
    )  # fmt: skip
    return Reading(text, law, _covering(maker.segments, len(text)), tuple(doubts))


def _stripped(text: str) -> str:
    """Return the lines of a stretch without the blanks around them."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _covering(segments: list[Segment], length: int) -> tuple[Segment, ...]:
    """Close the gaps: blanks and signs between two segments belong to the one before."""
    segments = sorted(segments, key=lambda segment: (segment.start, segment.end))
    closed: list[Segment] = []
    at = 0
    for segment in segments:
        if segment.end <= at:
            continue
        start = at if not closed else max(segment.start, at)
        if closed and start > at:
            closed[-1] = replace(closed[-1], end=start)
        closed.append(replace(segment, start=start))
        at = segment.end
    if closed and at < length:
        closed[-1] = replace(closed[-1], end=length)
    elif not closed and length:
        closed = [Segment("preface", 0, length)]
    return tuple(closed)


def _start(lines: Sequence[Line], heading: Heading) -> int:
    mark = heading.mark
    if heading.above >= 0:
        return heading.above
    return mark.start if mark.form in {"glued", "in_line"} else lines[mark.line].start


def is_short(line: Line, most: int = 9) -> bool:
    """Return whether a line may be a title: short, without the end of a sentence.

    Parameters
    ----------
    line : Line
        A line.
    most : int
        Words at most.

    Returns
    -------
    bool
        False for a blank line and for an item of a list.
    """
    text = line.folded.strip(" #*\r\n\t")
    return bool(
        text
        and len(text.split()) <= most
        and text[-1] not in '.؛،,;:"»)'
        and not _LIST.match(text)
        and any(letter.isalpha() for letter in text)
    )


def _with_titles_above(lines: Sequence[Line], headings: Sequence[Heading]) -> list[Heading]:
    """Find titles on the line above the heading, where most articles of the law have one."""
    taken = {heading.mark.line for heading in headings}
    articles = [heading for heading in headings if heading.mark.kind == "article"]
    titled: dict[int, int] = {}
    checked = 0
    for at, heading in enumerate(headings):
        if heading.mark.kind != "article" or at == 0 or heading.mark.form != "alone":
            continue
        above = heading.mark.line - 1
        while above >= 0 and lines[above].is_blank:
            above -= 1
        follows_container = headings[at - 1].mark.kind != "article"
        checked += not follows_container
        if above < 0 or above in taken or not is_short(lines[above]):
            continue
        further = above - 1
        while further >= 0 and lines[further].is_blank:
            further -= 1
        if further in taken:
            continue  # it is all there is of the article before
        titled[heading.mark.start] = lines[above].start
    if not articles or checked < 3 or len(titled) < _STYLE * checked:
        return list(headings)
    return [
        replace(heading, above=titled.get(heading.mark.start, heading.above))
        for heading in headings
    ]


def _regions(
    text: str, lines: Sequence[Line], headings: Sequence[Heading], starts: list[int],
    words: Lexicon,
) -> tuple[list[_Region], tuple[int, int] | None]:  # fmt: skip
    """Cut the body at its headings; the conclusion is what the last article ends with."""
    ends = [*starts[1:], len(text)]
    below = _titles_below(lines, headings, starts, ends)
    last = max((at for at, heading in enumerate(headings) if heading.mark.kind == "article"),
               default=-1)  # fmt: skip
    regions: list[_Region] = []
    conclusion: tuple[int, int] | None = None
    for at, heading in enumerate(headings):
        pieces = _pieces(lines, _after(lines, heading), ends[at])
        if at == last:
            for index, piece in enumerate(pieces):
                if index and piece.folded.lstrip(" #*").startswith(words.conclusion):
                    conclusion = (piece.start, ends[at])
                    pieces = pieces[:index]
                    break
        end = conclusion[0] if conclusion and at == last else ends[at]
        regions.append(_region(heading, starts[at], end, pieces, below))
    return regions, conclusion


def _after(lines: Sequence[Line], heading: Heading) -> int:
    """Return where what is not the label begins."""
    return heading.mark.rest if heading.mark.form != "alone" else lines[heading.mark.line].end


def _pieces(lines: Sequence[Line], start: int, end: int) -> list[Line]:
    """Return the lines between two places; the first and the last may be parts of lines."""
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        if lines[middle].end <= start:
            low = middle + 1
        else:
            high = middle
    pieces = []
    for line in lines[low:]:
        if line.start >= end:
            break
        if line.start >= start and line.end <= end:
            pieces.append(line)
        else:
            first, last = max(line.start, start), min(line.end, end)
            part = line.folded.part(first - line.start, last - line.start)
            pieces.append(type(line)(first, last, part))
    return pieces


def _titles_below(
    lines: Sequence[Line], headings: Sequence[Heading], starts: list[int], ends: list[int]
) -> frozenset[int]:
    """Return the articles (by place) whose first line is their title, where most have one."""
    alone = titled = 0
    with_title = []
    for at, heading in enumerate(headings):
        if heading.mark.kind != "article" or heading.mark.form != "alone" or heading.again:
            continue
        rest = [
            piece
            for piece in _pieces(lines, lines[heading.mark.line].end, ends[at])
            if not piece.is_blank
        ]
        alone += 1
        if len(rest) > 1 and is_short(rest[0]):
            titled += 1
            with_title.append(starts[at])
    return frozenset(with_title if alone and titled >= _STYLE * alone else ())


def _region(
    heading: Heading, start: int, end: int, pieces: list[Line], below: frozenset[int]
) -> _Region:
    mark = heading.mark
    titles: list[tuple[int, int]] = []
    first = pieces[0].start if pieces else end
    if heading.above >= 0 and mark.kind == "article":
        titles.append((heading.above, mark.start))
    full = [piece for piece in pieces if not piece.is_blank]
    if mark.kind != "article":
        while full and (full[0].start < mark.rest + 1 or is_short(full[0], 16)):
            if len(full) > 2 and full[0].start >= mark.rest + 1:
                break
            titles.append((full[0].start, full[0].end))
            full = full[1:]
    elif heading.again:
        last = heading.again[-1]
        starts = [mark.start for mark in heading.again]
        titles += [
            (piece.start, piece.end) for piece in full
            if piece.end <= last.start
            and bisect_left(starts, piece.start) == bisect_left(starts, piece.end)
        ]  # fmt: skip
        full = [piece for piece in _pieces(full, last.rest, end) if not piece.is_blank]
        if last.form != "alone" and full and _is_title_on_line(full):
            titles.append((full[0].start, full[0].end))
            full = full[1:]
    elif full and (
        start in below or (mark.form in {"separated", "bare"} and _is_title_on_line(full))
    ):
        titles.append((full[0].start, full[0].end))
        full = full[1:]
    return _Region(heading, start, end, tuple(titles), tuple(full), first)


def _is_title_on_line(full: Sequence[Line]) -> bool:
    text = full[0].folded.strip(" #*\r\n")
    return len(full) > 1 and len(text.split()) <= 14 and text[-1:] not in ".؛،,;"


def _body(maker: _Assembler, regions: Sequence[_Region]) -> tuple[Provision, ...]:
    """Nest the regions by the rank of their kinds."""
    ranks = maker.words.ranks
    root: list[Provision] = []
    open_: list[tuple[Provision, list[Provision]]] = []

    def close(rank: int) -> None:
        while open_ and ranks[open_[-1][0].kind] >= rank:
            provision, children = open_.pop()
            whole = replace(provision, children=(*provision.children, *children),
                            end=children[-1].end if children else provision.end)  # fmt: skip
            (open_[-1][1] if open_ else root).append(whole)

    for region in regions:
        kind = region.heading.mark.kind
        if kind == "annex":
            close(-1)
        elif kind != "article":
            while (
                open_ and open_[-1][0].kind != "annex" and ranks[open_[-1][0].kind] >= ranks[kind]
            ):
                close(ranks[open_[-1][0].kind])
        parent = open_[-1][0].eid if open_ else ""
        provision = maker.provision(region, parent)
        if kind == "article":
            (open_[-1][1] if open_ else root).append(provision)
        else:
            open_.append((provision, []))
    close(-1)
    return tuple(root)
