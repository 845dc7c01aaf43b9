"""What a list of references holds once it is read, and what all its formats share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hiwar.analysis.references.names import name_of

# What a reference says, by name: the kinds of CSL, then text. Several authors have "; " between.
FIELDS = (
    "kind", "title", "language", "authors", "container", "publisher", "publisher_place", "issued",
    "volume", "issue", "pages", "number", "doi", "isbn", "url", "note",
)  # fmt: skip
BETWEEN = "; "
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DATE = re.compile(r"(?<!\d)(\d{4})(?:[/.-](\d{1,2})(?:[/.-](\d{1,2}))?)?(?!\d)")
# A year of the Hijra is no year of the common calendar, and no arithmetic makes it one for sure.
_HIJRI = re.compile(r"\d\s*(?:هـ|ه|AH)(?![\w])")
_NAMES = re.compile(r"\s*[;؛\n]\s*")
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)\b[^>]*>", re.IGNORECASE)
_BLANK = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: the line on which it begins, and what it says.

    ``values`` has text by a name of ``FIELDS``, and by its own name whatever has none of these.
    """

    line: int
    values: dict[str, str] = field(default_factory=dict)


class Gathered:
    """What is gathered of one reference; nothing that was said before is written over."""

    def __init__(self, line: int) -> None:
        self.line, self.values = line, dict[str, str]()

    def say(self, name: str, text: str, otherwise: str = "") -> None:
        """Note what a reference says of something; a second thing of the same is kept beside."""
        text = flat(text)
        if not text or self.values.get(name) == text:
            return
        if name in self.values:
            name = otherwise or name
            text = f"{self.values[name]}{BETWEEN}{text}" if name in self.values else text
        self.values[name] = text

    def reference(self) -> Reference:
        """Return the reference as far as it was told."""
        return Reference(self.line, self.values)


def flat(text: str) -> str:
    """Return a text without markup, its blanks single."""
    lines = (_BLANK.sub(" ", line).strip() for line in _MARKUP.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def year_or_day(text: str) -> str:
    """Return a year, a month or a day as 2027-03-31; empty where the text is none of them.

    Arabic and Persian digits are folded. A year of the Hijra is not converted.
    """
    folded = text.translate(_DIGITS)
    match = _DATE.search(folded)
    if match is None or _HIJRI.search(folded):
        return ""
    year, month, day = match.groups()
    if not (month and 1 <= int(month) <= 12):
        return year
    return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day and 1 <= int(day) <= 31 else "")


def names_in(text: str) -> list[dict[str, str]]:
    """Return the names of a cell, parted by semicolons or lines."""
    return [name_of(name) for name in _NAMES.split(text) if name.strip(" ,،")]
