"""Full text for one reader: what matches, counted and shown only as far as they may see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hiwar.common.models import SearchDocument
from hiwar.common.search.backends import in_order, matching
from hiwar.common.search.folding import query_stems
from hiwar.common.search.folding import words as words_of
from hiwar.common.search.sources import sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from hiwar.common.search.sources import Reader, Source

# How much of the text stands on each side of the first word that was found.
_BEFORE, _AFTER = 60, 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is a word that was asked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, with its title and the place in its text."""

    record: UUID
    url: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; ``count`` is of all that the reader may see."""

    kind: str
    label: str
    count: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a reader."""

    count: int
    groups: tuple[Group, ...]


def find(reader: Reader, text: str, *, kind: str = "", start: int = 0, size: int = 5) -> Found:
    """Return what a reader finds: up to ``size`` of each kind, or of one kind from ``start``.

    The last word may be unfinished unless a blank follows it. What the reader may not see is
    left out by the database before anything is counted.
    """
    stems = query_stems(text)
    is_open = not text[-1:].isspace()
    offered = [source for source in sources() if not kind or source.kind == kind]
    seen = _visible(offered, reader)
    if not stems or seen is None:
        return Found(0, ())
    documents = matching(SearchDocument.objects.filter(seen), stems, is_open=is_open)
    counts = dict(
        documents.order_by("kind").values("kind").annotate(n=Count("pk")).values_list("kind", "n")
    )
    groups = []
    for source in offered:
        if count := counts.get(source.kind, 0):
            mine = documents.filter(kind=source.kind)
            page = in_order(mine, stems, is_open=is_open, start=start, size=size)
            hits = tuple(_hit(source, document, stems, is_open=is_open) for document in page)
            groups.append(Group(source.kind, str(source.label), count, hits))
    return Found(sum(group.count for group in groups), tuple(groups))


def _visible(offered: Sequence[Source], reader: Reader) -> Q | None:
    conditions = [
        Q(kind=source.kind) & seen
        for source in offered
        if (seen := source.may_see(reader)) is not None
    ]
    return reduce(or_, conditions) if conditions else None


def _hit(source: Source, document: SearchDocument, stems: Sequence[str], *, is_open: bool) -> Hit:
    title = _marked(str(document.title), stems, is_open=is_open)
    return Hit(
        document.record,
        source.url(document.record),
        title,
        _snippet(document, stems, is_open=is_open),
    )


def _snippet(document: SearchDocument, stems: Sequence[str], *, is_open: bool) -> tuple[Piece, ...]:
    """Return where the first word stands in the text, in the reader's language if it is there."""
    shown = str(document.body)
    texts = [shown, *(text for text in document.body.values() if text != shown)]
    for text in texts:
        place = next(
            (w.start for w in words_of(text) if _matches(w.stems, stems, is_open=is_open)), None
        )
        if place is not None:
            return _marked(_cut(text, place), stems, is_open=is_open)
    return _marked(_cut(shown, 0), stems, is_open=is_open) if shown else ()


def _cut(text: str, place: int) -> str:
    """Return the words round a place, with an ellipsis where something is left out."""
    start = max(0, place - _BEFORE)
    end = min(len(text), place + _AFTER)
    if start:
        start = text.find(" ", start, place) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", place, end), place + 1)
    cut = " ".join(text[start:end].split())
    return ("… " if start else "") + cut + (" …" if end < len(text) else "")


def _marked(text: str, stems: Sequence[str], *, is_open: bool) -> tuple[Piece, ...]:
    pieces, done = [], 0
    for word in words_of(text):
        if _matches(word.stems, stems, is_open=is_open):
            pieces += [
                Piece(text[done : word.start], False),
                Piece(text[word.start : word.end], True),
            ]
            done = word.end
    pieces.append(Piece(text[done:], False))
    return tuple(piece for piece in pieces if piece.text)


def _matches(words: Sequence[str], stems: Sequence[str], *, is_open: bool) -> bool:
    if any(stem in stems for stem in words):
        return True
    return is_open and any(stem.startswith(stems[-1]) for stem in words)
