"""The text of a printed page out of glyphs and their boxes: lines, columns, heads, notes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from hiwar.engine.law.lines import logical_order, repaired

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPACE = 0.14  # of the size of the type
_EDGE = 0.1  # of the height of the page: where running heads stand
_SMALL = 0.88  # of the usual size: notes
_SAME_LINE = 0.4  # of the size: how far base lines may differ
_STRIP = 3.0  # points on either side that are empty between two columns
_ARABIC = re.compile("[\u0621-\u064a\u0671-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_STOP_WORDS = frozenset(
    ["من", "في", "على", "إلى", "الى", "عن", "أو", "او", "أن", "ان", "هذا", "هذه", "التي", "الذي",
     "ما", "لا", "كل", "أي", "مع", "بعد", "قبل", "وفقا", "أحكام", "المادة", "مادة", "يجوز", "ذلك",
     "بين", "به"]
)  # fmt: skip
_FIGURES = re.compile(r"[\d٠-٩]+")
_NOTE = re.compile(r"\s*[(\[]?[\d٠-٩*]{1,3}[)\]]?\s")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph as it is drawn: one unit, whatever number of letters it stands for.

    Attributes
    ----------
    text : str
        The letters that the file says it stands for.
    left, right, bottom, top : float
        Its box in points, from the lower left corner of the page; ``bottom`` is the base line.
    size : float
        Of the type, in points.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page as a file has it.

    Attributes
    ----------
    width, height : float
        In points.
    glyphs : tuple of Glyph
        In any order.
    has_ink : bool
        Whether anything is drawn on it, text or picture.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    has_ink: bool = True


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page.

    Attributes
    ----------
    text : str
        In reading order.
    left, right, bottom, top : float
        Its box, in points.
    size : float
        Of most of its type.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it was read.

    Attributes
    ----------
    lines, heads, notes : tuple of PrintedLine
        The text; running heads and page numbers, set aside; notes at the foot.
    fault : str
        Why its text is not to be trusted: `no_text`, `unmapped` letters, `strange` letters,
        `few_arabic` letters, `implausible` words; empty for a sound page.
    """

    lines: tuple[PrintedLine, ...]
    heads: tuple[PrintedLine, ...]
    notes: tuple[PrintedLine, ...]
    fault: str


def read_pages(pages: Sequence[PrintedPage], *, direction: str = "rtl") -> tuple[ReadPage, ...]:
    """Build the lines of a document from its glyphs.

    Parameters
    ----------
    pages : sequence of PrintedPage
        In order.
    direction : str
        Of the text: `rtl` or `ltr`; a line with no Arabic letter is read as it stands.

    Returns
    -------
    tuple of ReadPage
        One for each page. A page with a fault is to be typed or read from its picture.

    Notes
    -----
    A line of Arabic is read from the right by glyphs, so that a ligature stays whole; figures and
    Latin words keep their order (`lines.logical_order`); brackets are set right by balance in the
    paragraph. Two columns are parted where a strip in the middle third of the page is empty.
    """
    built = [_lines(page, direction) for page in pages]
    heads = _heads(pages, built)
    read = []
    for at, (page, lines) in enumerate(zip(pages, built, strict=True)):
        rest = [line for line in lines if (at, line) not in heads]
        usual = median(line.size for line in rest) if rest else 0
        body, notes = _noted(rest, usual)
        texts = repaired([line.text for line in body])
        body = [replace(line, text=text) for line, text in zip(body, texts, strict=True)]
        noted = repaired([line.text for line in notes])
        notes = [replace(line, text=text) for line, text in zip(notes, noted, strict=True)]
        read.append(
            ReadPage(
                tuple(body), tuple(line for line in lines if (at, line) in heads), tuple(notes),
                _fault(page, body, direction),
            )
        )  # fmt: skip
    return tuple(read)


def text_of_pages(pages: Sequence[ReadPage], *, direction: str = "rtl") -> str:
    """Return the text of all pages, lines that belong together joined.

    Parameters
    ----------
    pages : sequence of ReadPage
        As read.
    direction : str
        `rtl` or `ltr`.

    Returns
    -------
    str
        A line that fills its column and ends no sentence is joined with the next.
    """
    joined: list[str] = []
    is_open = False
    for page in pages:
        lines = page.lines
        for at, line in enumerate(lines):
            if is_open and joined:
                joined[-1] += " " + line.text
            else:
                joined.append(line.text)
            is_open = _is_full(lines, at, direction) and not line.text.endswith(
                (".", ":", "؛", ";")
            )
    return "\n".join(joined) + "\n" if joined else ""


def _is_full(lines: Sequence[PrintedLine], at: int, direction: str) -> bool:
    """Return whether a line ends because the first word of the next had no room."""
    line = lines[at]
    if at + 1 == len(lines):
        return False
    following = lines[at + 1]
    near = [
        other for other in lines
        if other.left < line.right and line.left < other.right
        and abs(other.size - line.size) < 0.2 * line.size
    ]  # fmt: skip
    if following not in near or abs(following.size - line.size) > 0.1 * line.size:
        # The next column: only how full the line is can tell.
        word = 0.12 * (max(other.right for other in near) - min(other.left for other in near))
    else:
        first = following.text.split(" ")[0]
        word = (following.right - following.left) * (len(first) + 1) / (len(following.text) + 1)
    if direction == "rtl":
        room = line.left - min(other.left for other in near)
    else:
        room = max(other.right for other in near) - line.right
    return room < word + 0.5 * line.size and len(near) > 1


def _kept(page: PrintedPage) -> list[Glyph]:
    """Return the glyphs that count; marks follow the letter whose box they overlap."""
    base: list[Glyph] = []
    marks: list[Glyph] = []
    for glyph in page.glyphs:
        text = glyph.text.translate(_NO_WIDTH)
        if not text:
            continue
        if text.isspace():
            if glyph.right - glyph.left > 0.01 * glyph.size:
                base.append(replace(glyph, text=" "))
            continue
        if all(unicodedata.combining(letter) for letter in text):
            marks.append(replace(glyph, text=text))
            continue
        base.append(replace(glyph, text=_letters(text)))
    for mark in marks:
        best, overlap = -1, 0.0
        for at, glyph in enumerate(base):
            if abs(glyph.bottom - mark.bottom) > 1.5 * glyph.size or glyph.text == " ":
                continue
            shared = min(glyph.right, mark.right) - max(glyph.left, mark.left)
            middle = (mark.left + mark.right) / 2
            inside = glyph.left <= middle <= glyph.right
            if shared + inside > overlap:
                best, overlap = at, shared + inside
        if best >= 0:
            base[best] = replace(base[best], text=base[best].text + mark.text)
    return base


_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\ufeff\u0640"))


def _letters(text: str) -> str:
    """Return the plain letters of a unit; a ligature that was stored backwards is set right."""
    plain = unicodedata.normalize("NFKC", text)
    if len(plain) == 2 and plain[0] in "اأإآ" and plain[1] == "ل":
        plain = plain[::-1]
    return plain


def _lines(page: PrintedPage, direction: str) -> list[PrintedLine]:
    """Return the lines of a page in reading order."""
    glyphs = _kept(page)
    gutter = _gutter(page, glyphs)
    if gutter is None:
        return [line for row in _rows(glyphs) if (line := _line(row, direction)).text]
    across = [g.bottom for g in glyphs if g.text != " " and g.left < gutter < g.right]
    groups: dict[str, list[Glyph]] = {"across": [], "left": [], "right": []}
    for glyph in glyphs:
        if any(abs(glyph.bottom - base) < _SAME_LINE * glyph.size for base in across):
            groups["across"].append(glyph)
        else:
            groups["left" if (glyph.left + glyph.right) / 2 < gutter else "right"].append(glyph)
    built = {
        side: [line for row in _rows(some) if (line := _line(row, direction)).text]
        for side, some in groups.items()
    }
    order = ("right", "left") if direction == "rtl" else ("left", "right")
    lines: list[PrintedLine] = []
    for crossing in (*built["across"], None):
        # A line across both columns ends what stands above it.
        edge = crossing.bottom if crossing else float("-inf")
        for side in order:
            lines += [line for line in built[side] if line.bottom > edge]
            built[side] = [line for line in built[side] if line.bottom <= edge]
        if crossing:
            lines.append(crossing)
    return lines


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return glyphs by their base line, from the top."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (-glyph.bottom, glyph.left)):
        size = max(glyph.size, rows[-1][0].size) if rows else glyph.size
        if rows and abs(rows[-1][0].bottom - glyph.bottom) < _SAME_LINE * size:
            rows[-1].append(glyph)
        elif glyph.text != " ":
            rows.append([glyph])
    return rows


def _gutter(page: PrintedPage, glyphs: Sequence[Glyph]) -> float | None:
    """Return the middle of a strip of the middle third that nearly every line leaves empty."""
    seen = [glyph for glyph in glyphs if glyph.text != " "]
    lines = len({round(glyph.bottom) for glyph in seen})
    if lines < 8:
        return None
    best: tuple[int, float] | None = None
    for step in range(34, 67):
        x = page.width * step / 100
        crossed = sum(g.left < x + _STRIP and g.right > x - _STRIP for g in seen)
        left = sum(glyph.right < x for glyph in seen)
        if (
            crossed <= 0.2 * lines
            and 0.2 * len(seen) <= left <= 0.8 * len(seen)
            and (best is None or crossed < best[0])
        ):
            best = crossed, x
    return best[1] if best else None


def _line(glyphs: Sequence[Glyph], direction: str) -> PrintedLine:
    """Return the glyphs of a line as text, blanks where there are gaps."""
    ordered = sorted(glyphs, key=lambda glyph: (glyph.left + glyph.right) / 2)
    units: list[str] = []
    before: Glyph | None = None
    for glyph in ordered:
        if glyph.text == " ":
            continue
        if before is not None and glyph.left - before.right >= _SPACE * glyph.size:
            units.append(" ")
        units.append(glyph.text)
        before = glyph
    is_rtl = direction == "rtl" and any(_ARABIC.search(unit) for unit in units)
    text = logical_order(units) if is_rtl or direction == "rtl" else "".join(units)
    seen = [glyph for glyph in ordered if glyph.text != " "] or ordered
    return PrintedLine(
        text.strip(), min(g.left for g in seen), max(g.right for g in seen),
        min(g.bottom for g in seen), max(g.top for g in seen), median(g.size for g in seen),
    )  # fmt: skip


def _heads(
    pages: Sequence[PrintedPage], built: Sequence[Sequence[PrintedLine]]
) -> set[tuple[int, PrintedLine]]:
    """Return what stands at the edge of at least half the pages, figures apart."""
    edges = [
        (_FIGURES.sub("#", line.text), at, line)
        for at, (page, lines) in enumerate(zip(pages, built, strict=True))
        for line in lines
        if line.bottom > page.height * (1 - _EDGE) or line.top < page.height * _EDGE
    ]
    on = Counter(key for key, _page in {(key, at) for key, at, _line in edges})
    few = {key for key, count in on.items() if count >= max(2, len(pages) / 2)}
    return {(at, line) for key, at, line in edges if key in few or not key.strip("#-–—/() ")}


def _noted(
    lines: Sequence[PrintedLine], usual: float
) -> tuple[list[PrintedLine], list[PrintedLine]]:
    """Part notes from text: smaller lines at the foot, the first of which begins with its mark."""
    at = len(lines)
    while at > 0 and lines[at - 1].size < _SMALL * usual:
        at -= 1
    while at < len(lines) and not _NOTE.match(lines[at].text):
        at += 1
    return list(lines[:at]), list(lines[at:])


def _fault(page: PrintedPage, lines: Sequence[PrintedLine], direction: str) -> str:
    """Return why the text of a page is not to be trusted."""
    raw = "".join(glyph.text for glyph in page.glyphs)
    text = " ".join(line.text for line in lines)
    letters = [letter for letter in raw if not letter.isspace()]
    if not letters:
        return "no_text" if page.has_ink else ""
    if "(cid:" in raw:
        return "unmapped"
    strange = sum(
        letter == "\ufffd" or unicodedata.category(letter) in {"Co", "Cn", "Cc"}
        for letter in letters
    )
    if strange > 0.05 * len(letters):
        return "strange"
    if direction != "rtl":
        return ""
    words = text.split()
    if len(words) >= 20 and len(_ARABIC.findall(text)) < 0.3 * len(letters):
        return "few_arabic"
    stops = sum(word.lstrip("و") in _STOP_WORDS or word in _STOP_WORDS for word in words)
    return "implausible" if len(words) >= 40 and stops < 0.04 * len(words) else ""
