"""Finding people by the keys of their names, in rows that a room keeps."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypeVar

from django.db import connections
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hiwar.engine.names import WordKeys

_M = TypeVar("_M", bound=Model)
# With fewer people than this for so many words, one word that holds a mistake is looked for.
_ENOUGH = {1: 5, 2: 3}
_MANY = 20_000
_LAST = "\U0010fffd"


def owners(
    rows: QuerySet[_M],
    words: Sequence[WordKeys],
    *,
    owner: str,
    among: QuerySet[_M] | None = None,
    limit: int = 150,
) -> list[object]:
    """Return the keys of people whose names hold every word of a query.

    ``rows`` are rows of (owner, key) that the reader may see, with indexes on (key, owner) and
    (owner, key); ``key`` is made by ``engine.names.keys``, the words by ``search_keys``. Where a
    reader sees all rows of an owner or none, ``among`` may be every row: one word is then looked
    for in ``rows`` and the others, of the same owner, in ``among``, which needs no joins. People
    whose names hold every word come first, then, when those are few, people whose names do but
    for one mistake in one word. At most ``limit``, for ``engine.names.rank`` to put in order.
    """
    if not words:
        return []
    every = rows if among is None else among
    exact = [_exact(rows, word) for word in words]
    first = _holding(rows, every, exact, owner, limit)
    enough = _ENOUGH.get(len(words), 1)
    for mistaken in ([word.near for word in words], [word.far for word in words]):
        if len(first) >= enough:
            break
        for at, near in enumerate(mistaken):
            others = [*exact[:at], *exact[at + 1 :]]
            more = _holding(rows, every, [Q(key__in=near), *others], owner, limit)
            first = list(dict.fromkeys([*first, *more]))
    return first[:limit]


def starts_with(rows: QuerySet[_M], field: str, beginning: str) -> Q:
    """Return the condition that a column begins with a text, in the form that uses its index."""
    if connections[rows.db].vendor == "sqlite":
        return Q(**{f"{field}__gte": beginning, f"{field}__lt": beginning + _LAST})
    return Q(**{f"{field}__startswith": beginning})


def _exact(rows: QuerySet[_M], word: WordKeys) -> Q:
    begun: Iterable[Q] = (starts_with(rows, "key", beginning) for beginning in word.prefixes)
    return reduce(or_, begun, Q(key__in=word.exact))


def _holding(
    rows: QuerySet[_M], every: QuerySet[_M], conditions: list[Q], owner: str, limit: int
) -> list[object]:
    """Return owners with a row for every condition.

    The rarest condition leads, and each of its owners is asked for the others by the index on
    owner and key, until enough are found.
    """
    if len(conditions) > 1:
        counted = [(every.filter(condition)[:_MANY].count(), condition) for condition in conditions]
        conditions = [condition for _n, condition in sorted(counted, key=lambda pair: pair[0])]
    candidates = rows.filter(conditions[0])
    for condition in conditions[1:]:
        same = every.filter(**{owner: OuterRef(owner)})
        candidates = candidates.filter(Exists(same.filter(condition)))
    return list(candidates.order_by().values_list(owner, flat=True).distinct()[:limit])
