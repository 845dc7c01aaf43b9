"""Share cards: what messengers and networks draw beside the address of a public page."""

from __future__ import annotations

import io
import threading
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

import hiwar.common
from hiwar.common.multilingual import direction
from hiwar.common.share_cards import HEIGHT, WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.publishing.queries.share_cards import Card

EDGE = 72
HEAD, BODY, FOOT = 64, 150, 36
FONTS = Path(hiwar.common.__file__).parent / "static/common/fonts"
# A face is taken if it holds all letters of a text; Naskh first where the text runs to the left.
NASKH, SERIF = "amiri-bold.ttf", "hiwar-serif-latin-600.woff2"
NASKH_SMALL, SERIF_SMALL = "amiri-regular.ttf", "hiwar-serif-latin-400.woff2"
TITLE_SIZES, TITLE_LINES = (68, 58, 50), (3, 4, 4)
SMALL, SMALL_LINES, LEADING = 34, 2, 1.4
PAPER, INK, MUTED, PRIMARY = "#faf9f6", "#17211c", "#5b665f", "#0b5c4a"
# What a line of a paragraph begins with, so that its figures keep the side they have in the whole.
MARKS = {"L": "\u200e", "R": "\u200f", "AL": "\u061c"}
_one_at_a_time = threading.Lock()


@lru_cache(maxsize=64)
def share_card(card: Card) -> bytes:
    """Return a card of 1200 by 630 pixels as PNG.

    A long title is set smaller twice and then cut at a word. What no typeface of the house can
    write is left out.
    """
    with _one_at_a_time:
        return _drawn(card)


def _drawn(card: Card) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    pen = _Pen(draw, card.language)
    draw.rectangle((0, 0, WIDTH, 14), fill=PRIMARY)
    pen.mark(HEAD + 4)
    pen.write(card.site, SMALL, PRIMARY, HEAD, indent=76, lines=1)
    top = BODY
    if card.section:
        top = pen.write(card.section, 30, PRIMARY, top, lines=1) + 12
    for size, most in zip(TITLE_SIZES, TITLE_LINES, strict=True):
        lines, is_whole = pen.broken(card.title, size, most, is_bold=True)
        if is_whole:
            break
    top = pen.lines(lines, size, INK, top, is_bold=True) + 20
    room = int((HEIGHT - FOOT - top) / (SMALL * LEADING))
    pen.write(card.text, SMALL, MUTED, top, lines=max(0, min(SMALL_LINES, room)))
    out = io.BytesIO()
    picture.quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


class _Pen:
    """Writes lines from the reading start of a picture."""

    def __init__(self, draw: ImageDraw.ImageDraw, language: str) -> None:
        self.draw, self.language, self.way = draw, language, direction(language)

    def write(
        self, text: str, size: int, fill: str, top: int, *, lines: int, indent: int = 0
    ) -> int:
        """Write a text of so many lines at most; return where what follows may begin."""
        broken, _is_whole = self.broken(text, size, lines, indent=indent)
        return self.lines(broken, size, fill, top, indent=indent)

    def broken(
        self, text: str, size: int, most: int, *, is_bold: bool = False, indent: int = 0
    ) -> tuple[list[str], bool]:
        """Return a text in lines, each with the mark that it begins with, and if it is whole."""
        face = self.face(text, size, is_bold=is_bold)
        if face is None or not text or not most:
            return [], not text
        lines = list(broken_lines(text, face, WIDTH - 2 * EDGE - indent, self.way))
        if len(lines) <= most:
            return lines, True
        last = lines[most - 1]
        while last and face.getlength(f"{last}…", self.way) > WIDTH - 2 * EDGE - indent:
            last = last.rpartition(" ")[0]
        return [*lines[: most - 1], f"{last or lines[most - 1]}…"], False

    def lines(
        self, lines: list[str], size: int, fill: str, top: int,
        *, is_bold: bool = False, indent: int = 0,
    ) -> int:  # fmt: skip
        """Write lines under one another; return where what follows may begin."""
        face = self.face("".join(lines), size, is_bold=is_bold)
        if face is None:
            return top
        start, anchor = EDGE + indent, "la"
        if self.way == "rtl":
            start, anchor = WIDTH - start, "ra"
        for line in lines:
            self.draw.text(
                (start, top), line, fill=fill, font=face, anchor=anchor, direction=self.way,
                language=self.language,
            )  # fmt: skip
            top += round(size * LEADING)
        return top

    def face(self, text: str, size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont | None:
        """Return a typeface that holds the letters of a text, or None."""
        faces = (NASKH, SERIF) if is_bold else (NASKH_SMALL, SERIF_SMALL)
        wanted = {ord(sign) for sign in text if unicodedata.category(sign) not in {"Cf", "Zs"}}
        for name in faces if self.way == "rtl" else faces[::-1]:
            if wanted <= letters_of(name):
                return typeface(name, size)
        return None

    def mark(self, top: int) -> None:
        """Draw the mark of the house: two rhombi that share a third."""
        start, unit = (WIDTH - EDGE - 56 if self.way == "rtl" else EDGE), 2

        def rhombus(points: list[tuple[int, int]], *, is_full: bool = False) -> None:
            placed = [(start + unit * (x - 2), top + unit * (y - 7)) for x, y in points]
            fill = PRIMARY if is_full else None
            self.draw.polygon(placed, outline=PRIMARY, width=4, fill=fill)

        rhombus([(11, 7), (20, 16), (11, 25), (2, 16)])
        rhombus([(21, 7), (30, 16), (21, 25), (12, 16)])
        rhombus([(16, 12), (20, 16), (16, 20), (12, 16)], is_full=True)


def broken_lines(text: str, face: ImageFont.FreeTypeFont, width: int, way: str) -> Iterator[str]:
    """Yield the lines of a paragraph, as wide as ``width`` pixels at most, a word at least.

    The signs of a line are ordered as they are in the whole paragraph: it begins with a mark of
    the last letter before it, which is what the figures at its start hang on.
    """
    line, start, strong = "", "", ""
    for word in text.split():
        longer = f"{line} {word}" if line else start + word
        if line and face.getlength(longer, way) > width:
            yield line
            start = MARKS.get(strong, "")
            line = start + word
        else:
            line = longer
        strong = _last_strong(word) or strong
    if line:
        yield line


def _last_strong(word: str) -> str:
    return next(
        (kind for kind in map(unicodedata.bidirectional, reversed(word)) if kind in MARKS), ""
    )


@cache
def letters_of(name: str) -> frozenset[int]:
    """Return the code points that a typeface of the house can write."""
    with TTFont(FONTS / name, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=32)
def typeface(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a typeface of the house in a size of pixels, shaped by HarfBuzz."""
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.RAQM)
