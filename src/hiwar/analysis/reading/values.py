"""Cells to values: votes, identifiers, numbers and times, as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.reading.answers import MISSING, answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫−", "01234567890123456789.-")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.0+)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# What a spreadsheet makes of a long identifier: the last digits are gone, and people run together.
_RUINED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,3}")
_BY_DAY = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?)?"
)
_SCRIPT = re.compile(
    r"[A-Z][a-z]{2},? (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<year>\d{4}) "
    r"(?P<clock>\d{2}:\d{2}:\d{2}) (?:GMT|UTC)(?P<zone>[+-]\d{4})?(?: \([^)]*\))?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_VOTES = {
    "1": 1, "+1": 1, "1.0": 1, "+1.0": 1,
    "0": 0, "-0": 0, "0.0": 0, "-0.0": 0,
    "-1": -1, "-1.0": -1,
}  # fmt: skip
_YES, _NO = {"1", "1.0", "true", "yes", "t", "نعم"}, {"", "0", "0.0", "false", "no", "f", "لا"}


def plain(cell: str) -> str:
    """Return a cell without spaces around it and with digits written 0 to 9."""
    return cell.strip().translate(_DIGITS)


def vote(cell: str) -> int | None:
    """Return 1, 0 or -1, for numbers and for words; None when the cell says something else."""
    choice = coded_vote(cell)
    if choice is None:
        choice = answer(cell)
    return None if choice == MISSING else choice


def coded_vote(cell: str) -> int | None:
    """Return 1, 0 or -1 for a number; None for anything else, words included."""
    return _VOTES.get(plain(cell))


def ruined(cell: str) -> bool:
    """Tell an identifier of which a spreadsheet kept the first digits only."""
    return bool(_RUINED.fullmatch(plain(cell)))


def flag(cell: str) -> bool | None:
    """Return yes or no; None when the cell says something else."""
    word = plain(cell).casefold()
    if word in _YES:
        return True
    return False if word in _NO else None


def integer(cell: str) -> int | None:
    """Return a whole number, "1.0" included; None for anything else."""
    word = plain(cell)
    return int(word.partition(".")[0]) if _INTEGER.fullmatch(word) else None


def number(cell: str) -> float | None:
    """Return a finite number; None for anything else."""
    word = plain(cell).removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(word):
        return None
    value = float(word)
    return value if np.isfinite(value) else None


def instant(cell: str) -> int | None:
    """Return milliseconds since 1970; whole numbers are returned as they are written."""
    whole = integer(cell)
    if whole is not None:
        return whole
    try:
        moment = datetime.fromisoformat(plain(cell))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def script_instant(cell: str) -> int | None:
    """Return milliseconds for a time as scripts write it: Thu Nov 17 2016 10:00:00 GMT+0000."""
    match = _SCRIPT.fullmatch(plain(cell))
    if match is None or match["month"] not in _MONTHS:
        return None
    month = _MONTHS.index(match["month"]) + 1
    zone = match["zone"] or "+0000"
    return instant(
        f"{match['year']}-{month:02}-{int(match['day']):02}T{match['clock']}{zone[:3]}:{zone[3:]}"
    )


def days_first(cells: Iterable[str]) -> bool | None:
    """Tell whether dates such as 17/02/2027 begin with the day; None where both fit."""
    readings: set[bool] = set()
    for cell in cells:
        match = _BY_DAY.fullmatch(plain(cell))
        if match is not None:
            first, second = int(match[1]), int(match[2])
            if first > 12 or second > 12:
                readings.add(first > 12)
    return readings.pop() if len(readings) == 1 else None


def is_by_day(cell: str) -> bool:
    """Tell a date whose day and month only its neighbours can tell apart."""
    return _BY_DAY.fullmatch(plain(cell)) is not None


def by_day_instant(cell: str, *, day_first: bool) -> int | None:
    """Return milliseconds for 17/02/2027 10:00, with the day or the month first."""
    match = _BY_DAY.fullmatch(plain(cell))
    if match is None:
        return None
    day, month = (int(match[1]), int(match[2])) if day_first else (int(match[2]), int(match[1]))
    hour = int(match[4] or 0)
    if match[7]:
        hour = hour % 12 + (12 if match[7].lower() == "pm" else 0)
    return instant(
        f"{match[3]}-{month:02}-{day:02}T{hour:02}:{match[5] or '00'}:{match[6] or '00'}"
    )


def milliseconds(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bring whole-number times to milliseconds, judging the unit by the largest.

    Seconds stay below 1e11 until the year 5138; milliseconds pass it in 1973.
    """
    largest = int(np.abs(times).max(initial=0))
    if largest < 10**11:
        return times * 1000
    if largest < 10**14:
        return times
    return times // (1000 if largest < 10**17 else 1_000_000)


def identifiers(cells: Sequence[str]) -> tuple[list[Identifier], NDArray[np.int32]]:
    """Return the distinct identifiers in order, and the place of each cell among them.

    They are whole numbers when every cell is one, written canonically; else texts.
    """
    words = [cell.strip() for cell in cells]
    numbers = [word.translate(_DIGITS) for word in words]
    if all(map(_INTEGER.fullmatch, numbers)):
        whole = np.array([int(word.partition(".")[0]) for word in numbers], np.int64)
        distinct, place = np.unique(whole, return_inverse=True)
        return distinct.tolist(), place.astype(np.int32)
    ordered = sorted(set(words))
    index = {word: i for i, word in enumerate(ordered)}
    return list(ordered), np.array([index[word] for word in words], np.int32)


def key(cell: str, known: Sequence[Identifier]) -> Identifier:
    """Read an identifier the way the vote file's identifiers were read."""
    if known and isinstance(known[0], int):
        whole = integer(cell)
        return cell.strip() if whole is None else whole
    return cell.strip()
