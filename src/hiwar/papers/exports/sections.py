"""A paper in its sections, in the order in which it is printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hiwar.papers.exports.reading import recommendations_shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hiwar.papers.exports.reading import Reader, Shown

SUMMARY, MINORITY = "summary", "minority"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what follows it up to the next; what precedes the first has none."""

    number: int
    heading: Shown | None
    blocks: list[Shown] = field(default_factory=list)

    @property
    def part(self) -> str:
        """The part of the template that the section is."""
        return self.heading.part if self.heading else ""


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of a paper: for the decider, the text, and the annex of minority views."""

    summary: list[Section]
    text: list[Section]
    annex: list[Section]


def sections_of(blocks: Iterable[Shown]) -> Sections:
    """Return blocks in sections; those that say nothing are left out."""
    sections = [Section(0, None)]
    for shown in blocks:
        if shown.kind == "heading":
            sections.append(Section(len(sections), shown))
        elif shown.text:
            sections[-1].blocks.append(shown)
    spoken = [section for section in sections if section.blocks]
    return Sections(
        [section for section in spoken if section.part == SUMMARY],
        [section for section in spoken if section.part not in {SUMMARY, MINORITY}],
        [section for section in spoken if section.part == MINORITY],
    )


def recommendations_by_addressee(
    reader: Reader, blocks: Sequence[Shown]
) -> list[tuple[tuple[str, str], list[dict[str, Any]]]]:
    """Return the recommendations under post and organisation, in the order of their numbers.

    Each has ``words`` without marks, and ``references``, the signs of its evidence.
    """

    def addressee(each: dict[str, Any]) -> tuple[str, str]:
        return each["post"], each["organisation"]

    shown = recommendations_shown(reader, [block for block in blocks if block.text])
    for each in shown:
        each["words"] = reader.unmarked(each["block"].text)
        each["references"] = [reader.reference(key, each["block"]) for key in each["citations"]]
    firsts: dict[tuple[str, str], int] = {}
    for each in shown:
        firsts.setdefault(addressee(each), each["block"].number)
    ordered = sorted(shown, key=lambda each: (firsts[addressee(each)], each["block"].number))
    return [(key, list(each)) for key, each in groupby(ordered, addressee)]
