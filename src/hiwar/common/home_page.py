"""The first page of the public site: rooms lend what a visitor looks for first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class HomeItem:
    """A line of the first page, in the language of the page.

    ``title`` may be marked up with its own language; ``text`` is a sentence, ``facts`` are short
    pieces such as a day or a number.
    """

    title: str
    url: str
    text: str = ""
    facts: tuple[str, ...] = ()


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class HomeSection:
    """What a room shows on the first page; a section without an item is not there.

    ``items`` is asked with the language of the page and the time, and answers what is most urgent
    or newest first. ``more`` is the name of an address that takes a language: the whole list, or
    another way in. ``stays`` tells whether the section is there for that address alone.
    """

    code: str
    order: int
    heading: str | _StrPromise
    items: Callable[[str, datetime], Iterable[HomeItem]]
    more: str = ""
    more_label: str | _StrPromise = ""
    stays: Callable[[], bool] = _never


_sections: dict[str, HomeSection] = {}


def register_section(section: HomeSection) -> None:
    """Let a room show something on the first page; the same code twice counts once."""
    _sections[section.code] = section


def filled_sections(language: str, now: datetime) -> list[tuple[HomeSection, list[HomeItem]]]:
    """Return the sections that have something to show, in order, each with what it shows."""
    ordered = sorted(_sections.values(), key=lambda section: section.order)
    filled = [(section, list(section.items(language, now))) for section in ordered]
    return [(section, items) for section, items in filled if items or section.stays()]
