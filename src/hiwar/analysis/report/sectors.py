"""Attributes of the people who took part, with small numbers hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.analysis.report.figures import integer, percent
from hiwar.analysis.report.user_text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from gettext import NullTranslations

    from hiwar.analysis.report.statements import Reader, Statement

Cell = str | None  # None stands for a hidden number


@dataclass(frozen=True)
class Category:
    """A category: its people, their share, and how they spread over the groups."""

    name: str
    people: Cell
    share: str
    weighted: str
    by_group: tuple[Cell, ...]


@dataclass(frozen=True)
class Attribute:
    """An attribute with its categories and what they say on the statements of note."""

    name: str
    categories: tuple[Category, ...]
    statements: tuple[tuple[Statement, tuple[Cell, ...]], ...]

    @property
    def is_weighted(self) -> bool:
        """Say whether shares after weighting are known."""
        return any(category.weighted for category in self.categories)


def read_attributes(
    t: NullTranslations, document: Mapping[str, Any], reader: Reader, of_note: Sequence[Statement]
) -> list[Attribute]:
    """Return the attributes of the document; none if there was no such file."""
    return [
        Attribute(
            name=clean(raw["name"]),
            categories=_categories(t, raw),
            statements=_statements(raw, reader, of_note),
        )
        for raw in document.get("attributes") or ()
    ]


def _categories(t: NullTranslations, raw: Mapping[str, Any]) -> tuple[Category, ...]:
    rows = raw["categories"]
    by_group = (raw.get("tables") or {}).get("groups", {}).get("rows") or [()] * len(rows)
    known = [row["participants"] for row in rows]
    # With one number hidden the total is unknown, and a share would give the number away.
    total = 0 if None in known else sum(known)
    return tuple(
        Category(
            name=clean(row["name"]) or t.gettext("not stated"),
            people=_number(row["participants"]),
            share=percent(row["participants"] / total) if total else "",
            weighted=percent(row["weighted_share"])
            if row.get("weighted_share") is not None
            else "",
            by_group=tuple(_number(cell) for cell in cells),
        )
        for row, cells in zip(rows, by_group, strict=True)
    )


def _statements(
    raw: Mapping[str, Any], reader: Reader, of_note: Sequence[Statement]
) -> tuple[tuple[Statement, tuple[Cell, ...]], ...]:
    tables = (raw.get("tables") or {}).get("statements") or ()
    by_id = {clean(table["statement"]): table["rows"] for table in tables}
    return tuple(
        (statement, tuple(_agreement(row) for row in by_id[statement.id]))
        for statement in of_note
        if statement.id in by_id
    )


def _agreement(row: Mapping[str, Any]) -> Cell:
    counts = [row[choice] for choice in ("agree", "disagree", "pass")]
    if None in counts:
        return None
    seen = sum(counts)
    return f"{percent(counts[0] / seen)} ({integer(seen)})" if seen else "–"


def _number(count: int | None) -> Cell:
    return None if count is None else integer(count)
