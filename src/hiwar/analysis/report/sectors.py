"""Attributes of the people who took part, with small numbers hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.analysis.report.figures import integer, percent
from hiwar.analysis.report.user_text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations


@dataclass(frozen=True)
class Attribute:
    """An attribute with its categories; None stands for a hidden number."""

    name: str
    categories: tuple[tuple[str, str | None, str], ...]
    has_hidden: bool


def read_attributes(t: NullTranslations, document: Mapping[str, Any]) -> list[Attribute]:
    """Return the attributes of the document; none if there was no such file."""
    return [_attribute(t, raw) for raw in document.get("attributes") or ()]


def _attribute(t: NullTranslations, raw: Mapping[str, Any]) -> Attribute:
    rows = raw["categories"]
    total = sum(row["participants"] or 0 for row in rows)
    hidden = any(row["participants"] is None for row in rows)
    return Attribute(
        name=clean(raw["name"]),
        categories=tuple(
            (
                clean(row["name"]) or t.gettext("not stated"),
                None if row["participants"] is None else integer(row["participants"]),
                # With a hidden number the total is unknown, and a share would give it away.
                "" if hidden or not total else percent(row["participants"] / total),
            )
            for row in rows
        ),
        has_hidden=hidden,
    )
