"""What rooms above add to a dossier: entries of its timeline, what hangs on it, uses, links.

A room registers once, when it starts. Each source is asked with the reader, and must itself leave
out what the reader may not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier, Fact

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened, or will, in the life of a dossier.

    Attributes
    ----------
    on : date
    kind : str
        A stable code, by which the timeline is filtered.
    label : str
        The kind in the reader's language, in the singular.
    icon : str
        A symbol of the sprite ``common/icons.svg``.
    title, url, text : str
    state, tone : str
        A badge and its tone, or nothing.
    is_expected : bool
        Lies ahead: drawn dashed, below what has happened.
    """

    on: date
    kind: str
    label: str
    icon: str
    title: str
    url: str = ""
    text: str = ""
    state: str = ""
    tone: str = ""
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """One thing that hangs on a dossier, with its state."""

    title: str
    url: str = ""
    state: str = ""
    tone: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """Things of one kind that hang on a dossier: its dialogues, its sessions, its visits.

    Attributes
    ----------
    kind : str
        A stable code.
    label : str
        The kind in the reader's language, in the plural.
    icon : str
    items : tuple of LinkedRecord
        Only what the reader may read; an empty facet is not shown.
    url : str
        Where all of them are listed, if anywhere.
    new_url : str
        Where one more is made for this dossier, if the reader may.
    """

    kind: str
    label: str
    icon: str
    items: tuple[LinkedRecord, ...]
    url: str = ""
    new_url: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a fact stands: a paper, a briefing, a pack."""

    title: str
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """The source that a fact rests on in the library; ``doubt`` says what happened to it since."""

    title: str
    url: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class BarrierLink:
    """What was done about a barrier: a recommendation, an ask, a commitment, with its state.

    Attributes
    ----------
    kind, label : str
        The stable code of the kind and its word in the reader's language.
    state, state_label : str
        The stable code of the state and its word; the list of barriers is filtered by both.
    title, url : str
    """

    kind: str
    label: str
    state: str
    state_label: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class RiverStation:
    """One of the seven stations between what was heard and what was changed.

    ``is_now`` marks the furthest at which anything stands; ``url`` is where all of it is listed.
    """

    word: str
    count: int
    url: str
    is_now: bool


_timelines: list[Callable[[User, Dossier], Iterable[TimelineEntry]]] = []
_facets: list[Callable[[User, Dossier], Iterable[Facet]]] = []
_uses: list[Callable[[User, Sequence[UUID]], Mapping[UUID, Sequence[Use]]]] = []
_grounds: list[Callable[[User, Sequence[UUID]], Mapping[UUID, Ground]]] = []
_hearers: list[Callable[[User, Fact, datetime, bool], None]] = []
_links: list[Callable[[User, Sequence[UUID]], Mapping[UUID, Sequence[BarrierLink]]]] = []
_records: list[Callable[[User, Dossier], Iterable[str]]] = []
_rivers: list[Callable[[User, Dossier], Iterable[RiverStation]]] = []
_public: list[Callable[[Dossier, str, datetime], Iterable[Facet]]] = []
_public_rivers: list[Callable[[Dossier, str, datetime], Iterable[RiverStation]]] = []


def register_timeline(source: Callable[[User, Dossier], Iterable[TimelineEntry]]) -> None:
    """Let a room add to the timeline of a dossier; the same source twice counts once."""
    if source not in _timelines:
        _timelines.append(source)


def register_facets(source: Callable[[User, Dossier], Iterable[Facet]]) -> None:
    """Let a room say what of its own hangs on a dossier; twice counts once."""
    if source not in _facets:
        _facets.append(source)


def register_fact_uses(
    source: Callable[[User, Sequence[UUID]], Mapping[UUID, Sequence[Use]]],
) -> None:
    """Let a room say where it uses facts, by their keys; twice counts once."""
    if source not in _uses:
        _uses.append(source)


def register_fact_grounds(source: Callable[[User, Sequence[UUID]], Mapping[UUID, Ground]]) -> None:
    """Let a room say on which of its sources facts rest, by their keys; twice counts once."""
    if source not in _grounds:
        _grounds.append(source)


def register_told(handler: Callable[[User, Fact, datetime, bool], None]) -> None:
    """Let a room hear that a fact was added, corrected or checked; twice counts once.

    It is called in the same transaction, with who did it, the time, and whether the fact names
    another source than before.
    """
    if handler not in _hearers:
        _hearers.append(handler)


def register_barrier_links(
    source: Callable[[User, Sequence[UUID]], Mapping[UUID, Sequence[BarrierLink]]],
) -> None:
    """Let a room say what it did about barriers, by their keys; twice counts once."""
    if source not in _links:
        _links.append(source)


def register_river(source: Callable[[User, Dossier], Iterable[RiverStation]]) -> None:
    """Let a room say how far what belongs to a dossier has come; twice counts once."""
    if source not in _rivers:
        _rivers.append(source)


def register_records(source: Callable[[User, Dossier], Iterable[str]]) -> None:
    """Let a room name its records in a dossier by text keys, readable ones; twice counts once."""
    if source not in _records:
        _records.append(source)


def registered_records(user: User, dossier: Dossier) -> list[str]:
    """Return the text keys of what hangs on a dossier and that this reader may read."""
    return [key for source in _records for key in source(user, dossier)]


def registered_river(user: User, dossier: Dossier) -> list[RiverStation]:
    """Return the stations of a dossier as this reader sees them."""
    return [station for source in _rivers for station in source(user, dossier)]


def registered_timeline(user: User, dossier: Dossier) -> list[TimelineEntry]:
    """Return what the rooms above add to a dossier's timeline, unsorted."""
    return [entry for source in _timelines for entry in source(user, dossier)]


def registered_facets(user: User, dossier: Dossier) -> list[Facet]:
    """Return what hangs on a dossier and that this reader may read, room after room."""
    return [
        facet
        for source in _facets
        for facet in source(user, dossier)
        if facet.items or facet.new_url
    ]


def register_public(source: Callable[[Dossier, str, datetime], Iterable[Facet]]) -> None:
    """Let a room lend the public page of a dossier what everybody may read; twice counts once.

    A source is asked with the dossier, the language of the page and the time, never with a reader:
    it answers the same to everybody, and links to the public site alone.
    """
    if source not in _public:
        _public.append(source)


def register_public_river(
    source: Callable[[Dossier, str, datetime], Iterable[RiverStation]],
) -> None:
    """Let a room say how far what is public of a dossier has come; twice counts once."""
    if source not in _public_rivers:
        _public_rivers.append(source)


def public_facets(dossier: Dossier, language: str, now: datetime) -> list[Facet]:
    """Return what everybody may read of what hangs on a dossier, room after room."""
    facets = [facet for source in _public for facet in source(dossier, language, now)]
    return [facet for facet in facets if facet.items]


def public_river(dossier: Dossier, language: str, now: datetime) -> list[RiverStation]:
    """Return the stations of what is public of a dossier."""
    return [station for source in _public_rivers for station in source(dossier, language, now)]


def fact_uses(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return where facts are used, by their keys."""
    return _gathered([source(user, keys) for source in _uses], keys)


def fact_grounds(user: User, keys: Sequence[UUID]) -> dict[UUID, Ground]:
    """Return on which sources facts rest, by their keys."""
    return {key: ground for source in _grounds for key, ground in source(user, keys).items()}


def say_told(actor: User, fact: Fact, now: datetime, *, is_renamed: bool) -> None:
    """Tell the rooms above that a fact was added, corrected or checked."""
    for handler in _hearers:
        handler(actor, fact, now, is_renamed)


def barrier_links(user: User, keys: Sequence[UUID]) -> dict[UUID, list[BarrierLink]]:
    """Return what was done about barriers, by their keys."""
    return _gathered([source(user, keys) for source in _links], keys)


def _gathered(
    answers: list[Mapping[UUID, Sequence[One]]], keys: Sequence[UUID]
) -> dict[UUID, list[One]]:
    return {key: [record for answer in answers for record in answer.get(key, ())] for key in keys}
