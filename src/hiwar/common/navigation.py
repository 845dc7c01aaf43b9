"""The desk's menu: rooms register what they offer and who sees it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

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
    """A line of the morning page: something waits for this person, or for a colleague.

    ``on`` is the day it is due, if there is one; ``who`` answers for it; ``is_mine`` is false where
    a colleague does, and the reader only follows it.
    """

    title: str
    text: str
    url: str
    on: date | None = None
    who: str = ""
    is_mine: bool = True


@dataclass(frozen=True, slots=True)
class Today:
    """A line of the morning page: something takes place today.

    ``kind`` is its kind in the reader's language, ``brief`` what to know before it, a line each.
    ``replaces`` is the address of a line about the same thing of which a room below knows less.
    """

    at: datetime
    ends: datetime | None
    title: str
    where: str = ""
    url: str = ""
    brief: tuple[str, ...] = ()
    kind: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Moving:
    """A line of the morning page: a dialogue that is open, a visit that is on its way.

    ``kind`` is a stable code that groups lines, ``label`` its plural in the reader's language;
    ``days`` holds a count for each of the last days, the oldest first, for a small line.
    """

    kind: str
    label: str
    title: str
    text: str
    url: str
    state: str = ""
    tone: str = ""
    days: tuple[int, ...] = ()
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A line of the morning page: something may go wrong if nobody looks."""

    title: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """A line of the public site's menu, or of its foot; its address takes a language alone."""

    order: int
    label: str | _StrPromise
    url_name: str
    is_in_foot: bool = False


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step of the first day of an empty house; where it stands is read from what is there.

    ``is_done`` takes nothing and asks the database. ``argument`` is the one part of the address.
    """

    order: int
    title: str | _StrPromise
    why: str | _StrPromise
    url_name: str
    is_done: Callable[[], bool]
    argument: str = ""

    @property
    def url(self) -> str:
        """Where the step is taken."""
        return reverse(self.url_name, args=[self.argument] if self.argument else [])


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of the public site, as feeds and the map of the site tell of it.

    Attributes
    ----------
    key : str
        Of the record; stays, whatever becomes of the address.
    title, summary, text : mapping
        By language; paragraphs of the text are parted by empty lines.
    paths : mapping
        The path in each language that the page has.
    published_at : datetime or None
        When everybody could read it first; None for what is no news.
    modified_at : datetime or None
        When its public words changed last, where that is known.
    dossier : str
        Code of the dossier that it belongs to, where everybody may read that.
    """

    key: str
    title: Mapping[str, str]
    paths: Mapping[str, str]
    published_at: datetime | None = None
    modified_at: datetime | None = None
    summary: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class PageSource:
    """Public pages of one kind that a room lends: a code that stays, a name, and how to ask.

    It is asked with the time, never with a reader.
    """

    kind: str
    order: int
    label: str | _StrPromise
    pages: Callable[[datetime], Iterable[PublicPage]]


_page_sources: dict[str, PageSource] = {}
_entries: dict[str, Entry] = {}
_first_steps: dict[str, FirstStep] = {}
_public: dict[str, PublicEntry] = {}
_sources: list[Callable[[HttpRequest], Iterable[Due]]] = []
_today: list[Callable[[HttpRequest], Iterable[Today]]] = []
_moving: list[Callable[[HttpRequest], Iterable[Moving]]] = []
_risks: list[Callable[[HttpRequest], Iterable[Risk]]] = []


def register(*entries: Entry) -> None:
    """Add lines to the desk's menu; the same address registered twice counts once."""
    _entries.update({entry.url_name: entry for entry in entries})


def names_of_rooms() -> dict[str, str | _StrPromise]:
    """Return the first line of each room in the desk's menu by the room's code, in order."""
    names: dict[str, str | _StrPromise] = {}
    for entry in sorted(_entries.values(), key=lambda entry: entry.order):
        names.setdefault(entry.url_name.partition(":")[0], entry.label)
    return names


def register_public(*entries: PublicEntry) -> None:
    """Add lines to the menu of the public site; the same address registered twice counts once."""
    _public.update({entry.url_name: entry for entry in entries})


def public_links(path: str, language: str, *, in_foot: bool = False) -> list[Link]:
    """Return the menu of the public site, or its foot, in a language; no query is asked.

    Lines whose address this server does not serve are left out.
    """
    urls = []
    for entry in sorted(_public.values(), key=lambda entry: entry.order):
        if entry.is_in_foot is in_foot:
            with suppress(NoReverseMatch):
                urls.append((entry, reverse(entry.url_name, args=[language])))
    return [Link(str(entry.label), url, "", path.startswith(url)) for entry, url in urls]


def register_public_pages(*sources: PageSource) -> None:
    """Let a room lend pages to feeds and to the map of the site; a kind twice counts once."""
    _page_sources.update({source.kind: source for source in sources})


def page_sources() -> list[PageSource]:
    """Return what rooms lend to feeds and to the map of the site, in order."""
    return sorted(_page_sources.values(), key=lambda source: (source.order, source.kind))


def paths_of(name: str, *args: object, languages: Iterable[str] = ()) -> dict[str, str]:
    """Return the path of a page in each language of the installation, or in some of these."""
    codes = [code for code, _name in settings.LANGUAGES]
    wanted = [code for code in codes if code in languages] if languages else codes
    return {code: reverse(name, args=[code, *args]) for code in wanted}


def register_first_steps(*steps: FirstStep) -> None:
    """Add steps to the first day of a house; the same address registered twice counts once."""
    _first_steps.update({step.url_name: step for step in steps})


def first_steps() -> list[tuple[FirstStep, bool]]:
    """Return the steps of the first day in their order, each with whether it is done."""
    steps = sorted(_first_steps.values(), key=lambda step: step.order)
    return [(step, step.is_done()) for step in steps]


def register_due(source: Callable[[HttpRequest], Iterable[Due]]) -> None:
    """Let a room tell the morning page what waits for whoever opens it; twice counts once."""
    if source not in _sources:
        _sources.append(source)


def due(request: HttpRequest) -> list[Due]:
    """Return what waits for whoever asks, room after room."""
    return [line for source in _sources for line in source(request)]


def register_today(source: Callable[[HttpRequest], Iterable[Today]]) -> None:
    """Let a room tell the morning page what takes place today; twice counts once."""
    if source not in _today:
        _today.append(source)


def today(request: HttpRequest) -> list[Today]:
    """Return what takes place today for whoever asks, in the order of the clock."""
    lines = [line for source in _today for line in source(request)]
    replaced = {line.replaces for line in lines} - {""}
    lines = [line for line in lines if line.url not in replaced]
    return sorted(lines, key=lambda line: (line.at, line.title))


def register_moving(source: Callable[[HttpRequest], Iterable[Moving]]) -> None:
    """Let a room tell the morning page what is under way; twice counts once."""
    if source not in _moving:
        _moving.append(source)


def moving(request: HttpRequest) -> list[Moving]:
    """Return what is under way for whoever asks, room after room."""
    return [line for source in _moving for line in source(request)]


def register_risks(source: Callable[[HttpRequest], Iterable[Risk]]) -> None:
    """Let a room warn the morning page; twice counts once."""
    if source not in _risks:
        _risks.append(source)


def risks(request: HttpRequest) -> list[Risk]:
    """Return what may go wrong, for whoever asks, room after room."""
    return [line for source in _risks for line in source(request)]


def stand_under(request: HttpRequest, url: str) -> None:
    """Let the menu mark the entry of `url`: a page that serves several rooms stands in one."""
    request.menu_path = url  # type: ignore[attr-defined]


def links(request: HttpRequest) -> list[Link]:
    """Return the menu for whoever asks, in order, the deepest match marked as current."""
    path = getattr(request, "menu_path", request.path)
    seen = [
        (entry, reverse(entry.url_name))
        for entry in sorted(_entries.values(), key=lambda entry: entry.order)
        if entry.is_open_to(request)
    ]
    current = max((url for _e, url in seen if path.startswith(url)), key=len, default="")
    return [Link(str(entry.label), url, entry.icon, url == current) for entry, url in seen]
