"""What private links are for: each room registers its purposes when it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.utils.functional import _StrPromise

    from hiwar.common.models import PrivateLink

MASK = "[private]"


def _no_language(_row: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of private links.

    ``code`` names it, as ``room.noun``. ``route`` is the name of the address that is given out
    and ``prefix`` how its path begins, which logs need before addresses are known. ``find``
    returns the room's row behind a link, or None where the room no longer opens it.
    ``language`` returns the code of the language of whoever a row was made for, or nothing.
    With ``is_for_staff`` the address stands at the desk, which may have a host of its own.
    ``label`` names such links for whoever looks after the house, and ``desk`` is the name of the
    page at which the room withdraws them. With ``is_read_later`` its holder may only read and come
    back after years, so that no silence says that nobody needs it.
    """

    code: str
    route: str
    prefix: str
    find: Callable[[PrivateLink], Any | None]
    language: Callable[[Any], str] = _no_language
    is_for_staff: bool = False
    is_read_later: bool = False
    label: str | _StrPromise = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """What anybody may enter who knows its address: how many there are, and where each is closed.

    ``count`` is asked for a day of the place; ``desk`` is the name of the page of the room.
    """

    code: str
    label: str | _StrPromise
    count: Callable[[date], int]
    desk: str


_doors: dict[str, OpenDoor] = {}
_purposes: dict[str, Purpose] = {}
# Beginnings of paths, and how much of what follows stays out of the logs.
_hidden: dict[str, str] = {}
SEGMENT, REST = r"[^/\s?#\"'<>]+", r"[^\s?#\"'<>]+"


def register(purpose: Purpose) -> None:
    """Register a purpose; raises ``ValueError`` for a second one of the same name."""
    if purpose.code in _purposes and _purposes[purpose.code] != purpose:
        raise ValueError(f"two purposes are named {purpose.code}")
    _purposes[purpose.code] = purpose
    _hide(purpose.prefix, SEGMENT)


def register_door(door: OpenDoor) -> None:
    """Let a room say what of it stands open to everybody; the same code counts once."""
    _doors[door.code] = door


def all_doors() -> list[OpenDoor]:
    """Return what stands open to everybody, by name."""
    return [_doors[code] for code in sorted(_doors)]


def hide_paths_under(prefix: str) -> None:
    """Keep the whole path after this beginning out of the logs."""
    _hide(prefix, REST)


def _hide(prefix: str, what: str) -> None:
    _hidden[prefix] = what
    _pattern.cache_clear()


def purpose_of(code: str) -> Purpose:
    """Return a purpose; raises ``KeyError`` for one that nobody registered."""
    return _purposes[code]


def all_purposes() -> list[Purpose]:
    """Return every registered purpose, by name."""
    return [_purposes[code] for code in sorted(_purposes)]


def address(purpose: str, token: str, route: str = "") -> str:
    """Return the whole address that a token opens; ``route`` names another page behind it."""
    known = purpose_of(purpose)
    origin = settings.DESK_ORIGIN if known.is_for_staff else settings.PUBLIC_ORIGIN
    return f"{origin}{reverse(route or known.route, args=[token])}"


def masked(text: str) -> str:
    """Return a text in which no path tells the token of a private link."""
    return _pattern().sub(lambda path: f"{path[path.lastindex or 0]}{MASK}", text)


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_hidden, key=len, reverse=True)
    parts = [f"({re.escape(prefix)}){_hidden[prefix]}" for prefix in longest_first]
    return re.compile("|".join(parts) or "(?!)")
