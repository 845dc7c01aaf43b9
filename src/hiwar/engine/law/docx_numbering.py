"""Automatic numbers of a DOCX, as the program that wrote it shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_ALPHA = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_HINDI = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PLACE = re.compile(r"%([1-9])")


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int = -1  # the level behind which it begins again; -1 for any higher one


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


def formatted(value: int, form: str) -> str:
    """Return a number in a format of word processors.

    Parameters
    ----------
    value : int
        From 0.
    form : str
        The name of the format in the file.

    Returns
    -------
    str
        Figures where the format is not known; nothing for bullets.

    Examples
    --------
    >>> formatted(3, "arabicAbjad"), formatted(12, "hindiNumbers"), formatted(4, "upperRoman")
    ('ج', '١٢', 'IV')
    """
    if form in {"bullet", "none"}:
        return ""
    if form in {"hindiNumbers", "arabicNumbers"}:
        return str(value).translate(_HINDI) if form == "hindiNumbers" else str(value)
    letters = {"arabicAbjad": _ABJAD, "arabicAlpha": _ALPHA, "lowerLetter": _LATIN,
               "upperLetter": _LATIN.upper()}.get(form)  # fmt: skip
    if letters and value > 0:
        turns, rank = divmod(value - 1, len(letters))
        return letters[rank] * (turns + 1)
    if form in {"lowerRoman", "upperRoman"} and value > 0:
        written, rest = "", value
        for worth, sign in _ROMAN:
            written += sign * (rest // worth)
            rest %= worth
        return written.upper() if form == "upperRoman" else written
    return f"{value:02d}" if form == "decimalZero" else str(value)


class Numbering:
    """The counters of a document; a view of its own counts for itself."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._abstract: dict[str, _List] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._begun: set[str] = set()
        self._styles: dict[str, tuple[str, int]] = {}
        self._based: dict[str, str] = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            for style in styles.iter(f"{W}style"):
                name = style.get(f"{W}styleId", "")
                based = style.find(f"{W}basedOn")
                if based is not None:
                    self._based[name] = based.get(f"{W}val", "")
                properties = style.find(f"{W}pPr/{W}numPr")
                if properties is not None:
                    self._styles[name] = _reference(properties)

    def _read(self, numbering: etree._Element) -> None:
        for abstract in numbering.iter(f"{W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{W}lvl"):
                levels[_whole(level.get(f"{W}ilvl"))] = _Level(
                    _whole(_value(level, "start"), 1), _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText"), _whole(_value(level, "lvlRestart"), -1),
                )  # fmt: skip
                if style := _value(level, "pStyle"):
                    self._styles.setdefault(style, ("", _whole(level.get(f"{W}ilvl"))))
            self._abstract[abstract.get(f"{W}abstractNumId", "")] = _List(levels)
        for number in numbering.iter(f"{W}num"):
            starts = {
                _whole(override.get(f"{W}ilvl")): _whole(_value(override, "startOverride"), 1)
                for override in number.iter(f"{W}lvlOverride")
                if override.find(f"{W}startOverride") is not None
            }
            self._lists[number.get(f"{W}numId", "")] = (_value(number, "abstractNumId"), starts)

    def label(self, properties: etree._Element | None) -> str:
        """Count a paragraph, and return its label.

        Parameters
        ----------
        properties : lxml.etree._Element or None
            The `pPr` of the paragraph.

        Returns
        -------
        str
            As shown; empty for a paragraph without a number.
        """
        number, level = self._of(properties)
        name, starts = self._lists.get(number, ("", {}))
        owner = self._abstract.get(name)
        if owner is None or level not in owner.levels:
            return ""
        counts = owner.counts
        if number not in self._begun:
            self._begun.add(number)
            for at in starts:
                counts.pop(at, None)
        own = owner.levels[level]
        counts[level] = counts[level] + 1 if level in counts else starts.get(level, own.start)
        for deeper in [at for at in counts if at > level]:
            restart = owner.levels[deeper].restart if deeper in owner.levels else -1
            if restart != 0 and (restart < 0 or level < restart):
                del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            there = owner.levels.get(at, _Level())
            return formatted(counts.get(at, there.start), there.form)

        return "" if own.form == "bullet" else _PLACE.sub(shown, own.text).strip()

    def _of(self, properties: etree._Element | None) -> tuple[str, int]:
        if properties is None:
            return "", 0
        own = properties.find(f"{W}numPr")
        style = _value(properties, "pStyle")
        number, level = _reference(own) if own is not None else ("", -1)
        seen: set[str] = set()
        while style and style not in seen and (not number or level < 0):
            seen.add(style)
            from_style = self._styles.get(style, ("", -1))
            number = number or from_style[0]
            level = from_style[1] if level < 0 else level
            style = self._based.get(style, "")
        return number, max(level, 0)


def _reference(properties: etree._Element) -> tuple[str, int]:
    level = _value(properties, "ilvl")
    return _value(properties, "numId"), _whole(level, -1) if level else -1


def _value(element: etree._Element, name: str) -> str:
    child = element.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val", "")


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else otherwise
