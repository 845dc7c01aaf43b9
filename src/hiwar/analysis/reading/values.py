"""Cells to values: votes, identifiers, numbers and times, as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫−", "01234567890123456789.-")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.0+)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_VOTES = {
    "1": 1, "+1": 1, "1.0": 1, "+1.0": 1, "agree": 1, "أوافق": 1,
    "0": 0, "-0": 0, "0.0": 0, "-0.0": 0, "pass": 0, "تخطي": 0,
    "-1": -1, "-1.0": -1, "disagree": -1, "لا أوافق": -1,
}  # fmt: skip
_YES, _NO = {"1", "1.0", "true", "yes", "t", "نعم"}, {"", "0", "0.0", "false", "no", "f", "لا"}


def plain(cell: str) -> str:
    """Return a cell without spaces around it and with digits written 0 to 9."""
    return cell.strip().translate(_DIGITS)


def vote(cell: str) -> int | None:
    """Return 1, 0 or -1; None when the cell says something else."""
    return _VOTES.get(plain(cell).casefold())


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
