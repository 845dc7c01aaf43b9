"""What somebody asked for when files are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Signs = Literal["check", "keep", "reverse"]
Dates = Literal["check", "day-first", "month-first"]


@dataclass(frozen=True)
class Options:
    """Choices beside the path.

    `signs` says whether 1 is agree: "check" tests it where counts allow, "keep" trusts the
    votes, "reverse" reads 1 as disagree. `dates` says whether 03/02/2027 begins with the day.
    `meta` lists statements about the participant. `map` is a file that says what columns and
    answers stand for; `sheet` names the sheet of a workbook that is read.
    """

    signs: Signs = "check"
    meta: tuple[str, ...] = ()
    attributes: Path | None = None
    weights: Path | None = None
    title: str | None = None
    question: str | None = None
    dates: Dates = "check"
    map: Path | None = None
    sheet: str = ""
