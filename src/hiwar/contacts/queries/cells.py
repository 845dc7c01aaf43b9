"""Cells of lists as other programs and people write them: telephones, addresses, birth dates."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hiwar.common.telephones import telephone_key
from hiwar.contacts.queries.sheets import columns
from hiwar.engine.names import digits_as_ascii, fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINES = re.compile(r"\n|:::|;|؛|\s(?:or|ou|أو|او)\s")
_STROKES = re.compile(r"[/|،,\\]")
_BETWEEN_EMAILS = re.compile(r"[;؛,،\n|]|:::")
_IN_BRACKETS = re.compile(r".*<([^<>]+)>\s*")
# A number as a spreadsheet writes one that it takes for a quantity.
_ROUNDED = re.compile(r"\s*(\d)(?:[.,](\d+))?[eE]\+?(\d+)\s*")
# Days since the first of spreadsheets, from 1912 on; in two-digit years the 20th century ends here.
_SPREADSHEET, _SERIAL = date(1899, 12, 30), re.compile(r"(?:[1-3]\d|4[0-7])\d{3}(?:\.\d+)?")
_SHORT_DATE = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d\d")
YOUNGEST = 25
YEARS = range(1990, 2101)


def folded(text: str) -> str:
    """Return a word as words of a file are compared."""
    return " ".join(fold_latin(fold_arabic(text)).casefold().split())


def phones_in(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the telephones of a cell with their keys, and what is none.

    A stroke stands between two telephones or inside of one ("02/2951234"): they are two where
    each of them is a telephone.
    """
    telephones: dict[str, str] = {}
    wrong: list[str] = []
    for line in filter(None, map(str.strip, _LINES.split(text))):
        pieces = [piece for piece in map(str.strip, _STROKES.split(line)) if piece]
        keys = [_phone_key(piece) for piece in pieces]
        if not all(keys):
            pieces, keys = [line], [_phone_key(_STROKES.sub("-", line))]
        for piece, key in zip(pieces, keys, strict=True):
            if key:
                telephones.setdefault(key, piece)
            else:
                wrong.append(piece)
    return [(value, key) for key, value in telephones.items()], wrong


def _phone_key(text: str) -> str:
    """Return the key of a telephone; one that a spreadsheet has rounded is none."""
    number = _ROUNDED.fullmatch(digits_as_ascii(text))
    if number is None:
        return telephone_key(text)
    whole, decimals, exponent = number[1], number[2] or "", int(number[3])
    if len(decimals) + 1 < exponent:
        return ""
    return telephone_key(f"{whole}{decimals}".ljust(exponent + 1, "0"))


def emails_in(text: str) -> tuple[list[str], list[str]]:
    """Return the addresses of a cell, alone or as "Name <address>", and what is none."""
    emails: list[str] = []
    wrong: list[str] = []
    for piece in filter(None, map(str.strip, _BETWEEN_EMAILS.split(text))):
        email = _IN_BRACKETS.sub(r"\1", piece).removeprefix("mailto:").strip(" .")
        if not _is_email(email):
            wrong.append(piece)
        elif email.casefold() not in {known.casefold() for known in emails}:
            emails.append(email)
    return emails, wrong


def year_in(text: str) -> int | None:
    """Return the year of a birth date in any of the forms of lists; None where it says none.

    >>> [year_in(text) for text in ("1987", "15/3/1987", "1987-03-15 00:00:00", "15.3.88", "32013")]
    [1987, 1987, 1987, 1988, 1987]
    >>> [year_in(text) for text in ("0599201234", "1410 هـ", "12")]
    [None, None, None]
    """
    plain = digits_as_ascii(text).strip()
    if _SERIAL.fullmatch(plain):
        return (_SPREADSHEET + timedelta(days=int(float(plain)))).year
    numbers = re.findall(r"\d+", plain)
    years = [number for number in numbers if re.fullmatch(r"(?:19|20)\d\d", number)]
    if years:
        others = [number for number in numbers if number not in years]
        return int(years[0]) if len(years) == 1 and all(len(n) <= 2 for n in others) else None
    if _SHORT_DATE.fullmatch(plain):
        return int(numbers[2]) + (1900 if int(numbers[2]) > YOUNGEST else 2000)
    return None


def sex_in(text: str) -> str:
    """Return the sex that a word says, empty where it says none."""
    values = cast("Mapping[str, list[str]]", columns()["sex_values"])
    word = folded(text)
    return next((sex for sex, listed in values.items()
                 if word in {folded(other) for other in listed}), "")  # fmt: skip


def is_yes(text: str) -> bool:
    """Return whether a cell says yes."""
    return folded(text) in {folded(word) for word in cast("list[str]", columns()["yes"])}


def _is_email(text: str) -> bool:
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return True


def day_in(text: str) -> date | None:
    """Return a day: year first, or else day first, in either set of digits."""
    plain = digits_as_ascii(text).strip()
    match = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", plain)
    parts = match.groups() if match else None
    if parts is None and (match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", plain)):
        parts = match.group(3), match.group(2), match.group(1)
    if parts is None:
        return None
    year, month, number = map(int, parts)
    try:
        return date(year, month, number) if year in YEARS else None
    except ValueError:
        return None


def clock_in(text: str) -> time | None:
    """Return an hour of the day as ``9:30``; None where a cell says none."""
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::\d{2})?", digits_as_ascii(text).strip())
    try:
        return time(int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None
