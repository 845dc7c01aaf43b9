"""What rooms lend to the open data of the house: public tables, each with its columns and rows.

A room registers its tables once, when it starts. A source of rows is asked with the time alone,
never with a reader: it answers the same to everybody, and holds what is published and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.utils.functional import _StrPromise

    Json = bool | int | float | str | dict[str, str] | None


class Theme(StrEnum):
    """What a table is about, by codes of the data themes of the European Union's catalogues."""

    GOVERNMENT = "GOVE"
    LAW = "JUST"
    SOCIETY = "SOCI"


class Holds(StrEnum):
    """What the cells of a column hold; each may also be empty."""

    TEXT = "text"
    TEXTS = "texts"  # by language
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DAY = "day"
    INSTANT = "instant"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a public table: a name that never changes, what it means, what it holds."""

    name: str
    meaning: str | _StrPromise
    holds: Holds = Holds.TEXT


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A table that everybody may have.

    Attributes
    ----------
    code : str
        Stands in addresses; never changes.
    order : int
        Its place among the others.
    title, meaning : str
    theme : Theme
    columns : tuple of Column
        The first is the key: no two rows have the same one, and a row keeps its own.
    rows : callable
        Takes the time and returns the rows as sequences, in an order that stays.
    """

    code: str
    order: int
    title: str | _StrPromise
    meaning: str | _StrPromise
    theme: Theme
    columns: tuple[Column, ...]
    rows: Callable[[datetime], Iterable[Sequence[object]]]


# Columns that many tables have.
KEY = Column("id", _("Key of the row; it stays."))
TITLE = Column("title", _("Title."), Holds.TEXTS)
PAGE = Column("page", _("Where it is read on this site."), Holds.ADDRESS)
PUBLISHED = Column("published_at", _("When it was published."), Holds.INSTANT)
DOSSIER = Column("dossier", _("Code of the dossier it belongs to, where everybody may read that."))

_tables: dict[str, PublicTable] = {}


def register_public_tables(*tables: PublicTable) -> None:
    """Let a room lend tables; the same code registered twice counts once."""
    _tables.update({table.code: table for table in tables})


def public_tables() -> list[PublicTable]:
    """Return the tables of all rooms in their order."""
    return sorted(_tables.values(), key=lambda table: (table.order, table.code))


def public_table(code: str) -> PublicTable | None:
    """Return a table by its code; None for any other code."""
    return _tables.get(code)


def page_address(name: str, *args: object) -> str:
    """Return the whole address of a page of the site, in the language of the installation."""
    return f"{settings.PUBLIC_ORIGIN}{reverse(name, args=[settings.LANGUAGE_CODE, *args])}"


def plain_rows(table: PublicTable, now: datetime) -> list[list[Json]]:
    """Return the rows of a table as they leave the house: plain values, instants in UTC.

    A text in no language, and an empty one, is None like whatever is not known.
    """
    return [[plain(value) for value in row] for row in table.rows(now)]


def plain(value: object) -> Json:
    """Return one cell as plain JSON has it.

    >>> plain(datetime(2027, 3, 1, 9, 30, tzinfo=UTC)), plain({"en": "Hall", "ar": ""}), plain("")
    ('2027-03-01T09:30:00Z', {'en': 'Hall'}, None)
    """
    if isinstance(value, Mapping):
        return dict(MultilingualText(value).in_order()) or None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value) or None


def fingerprint_of(table: PublicTable, rows: Sequence[Sequence[Json]]) -> str:
    """Return a digest, 64 letters, that changes when the columns or the rows do, and only then."""
    content = [[column.name for column in table.columns], rows]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
