"""Names of authors: as CSL-JSON has them, and as people write them, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# ``family`` and ``given``, or ``literal`` for a body and for a name that is not split.
Name = dict[str, str]
COMMAS = (",", "،")


def name_of(text: str) -> Name:
    """Return a name; «التميمي، رنا» and "Tamimi, Rana" are split, anything else stays whole."""
    for comma in COMMAS:
        family, _comma, forename = text.partition(comma)
        if family.strip() and forename.strip():
            return {"family": family.strip(), "given": forename.strip()}
    return {"literal": text.strip(" ,،")}


def names_of_lines(text: str) -> list[Name]:
    """Return the names of a text with one name a line."""
    return [name_of(line) for line in text.splitlines() if line.strip(" ,،")]


def lines_of_names(names: Iterable[Mapping[str, str]]) -> str:
    """Return names one a line; the reverse of ``names_of_lines``."""
    lines = []
    for name in names:
        family, forename = name.get("family", ""), name.get("given", "")
        comma = "،" if any("\u0600" <= letter <= "\u06ff" for letter in family) else ","
        lines.append(f"{family}{comma} {forename}" if family and forename
                     else name.get("literal") or family or forename)  # fmt: skip
    return "\n".join(line for line in lines if line)
