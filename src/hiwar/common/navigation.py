"""The desk's menu: rooms register what they offer and who sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the desk's menu, before it is known who looks."""

    order: int
    label: str | _StrPromise
    icon: str
    url_name: str
    is_open_to: Callable[[HttpRequest], bool]


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the desk's menu as one person sees it."""

    label: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A line of the morning page: something waits for this person."""

    title: str
    text: str
    url: str


_entries: dict[str, Entry] = {}
_sources: list[Callable[[HttpRequest], Iterable[Due]]] = []


def register(*entries: Entry) -> None:
    """Add lines to the desk's menu; the same address registered twice counts once."""
    _entries.update({entry.url_name: entry for entry in entries})


def register_due(source: Callable[[HttpRequest], Iterable[Due]]) -> None:
    """Let a room tell the morning page what waits for whoever opens it; twice counts once."""
    if source not in _sources:
        _sources.append(source)


def due(request: HttpRequest) -> list[Due]:
    """Return what waits for whoever asks, room after room."""
    return [line for source in _sources for line in source(request)]


def links(request: HttpRequest) -> list[Link]:
    """Return the menu for whoever asks, in order, the deepest match marked as current."""
    seen = [
        (entry, reverse(entry.url_name))
        for entry in sorted(_entries.values(), key=lambda entry: entry.order)
        if entry.is_open_to(request)
    ]
    current = max((url for _e, url in seen if request.path.startswith(url)), key=len, default="")
    return [Link(str(entry.label), url, entry.icon, url == current) for entry, url in seen]
