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
_MANY = 2000
_LAST = "\U0010fffd"


def owners(
    rows: QuerySet[_M],
    words: Sequence[WordKeys],
    *,
    owner: str,
    field: str = "key",
    limit: int = 200,
) -> list[object]:
    """Return the keys of people whose names hold every word of a query.

    ``rows`` are rows of (owner, key) that the reader may see, with indexes on (key, owner) and
    (owner, key); ``key`` is made by ``engine.names.keys``, the words by ``search_keys``. People
    whose names hold every word come first, then, when those are few, people whose names do but
    for one mistake in one word. At most ``limit``, for ``engine.names.rank`` to put in order.
    """
    if not words:
        return []
    exact = [_exact(rows, field, word) for word in words]
    found = _holding(rows, exact, owner, limit)
    if len(found) >= _ENOUGH.get(len(words), 1):
        return found
    for at, word in enumerate(words):
        mistaken = [Q(**{f"{field}__in": word.near}), *exact[:at], *exact[at + 1 :]]
        known = set(found)
        more = _holding(rows, mistaken, owner, limit, is_led=True)
        found += [pk for pk in more if pk not in known]
    return found[:limit]


def starts_with(rows: QuerySet[_M], field: str, beginning: str) -> Q:
    """Return the condition that a column begins with a text, in the form that uses its index."""
    if connections[rows.db].vendor == "sqlite":
        return Q(**{f"{field}__gte": beginning, f"{field}__lt": beginning + _LAST})
    return Q(**{f"{field}__startswith": beginning})


def _exact(rows: QuerySet[_M], field: str, word: WordKeys) -> Q:
    begun: Iterable[Q] = (starts_with(rows, field, beginning) for beginning in word.prefixes)
    return reduce(or_, begun, Q(**{f"{field}__in": word.exact}))


def _holding(
    rows: QuerySet[_M], conditions: list[Q], owner: str, limit: int, *, is_led: bool = False
) -> list[object]:
    """Return owners with a row for every condition.

    The first condition leads if it ``is_led``, else the rarest; each of its owners is asked for
    the others by the index on owner and key, until enough are found.
    """
    if len(conditions) > 1 and not is_led:
        conditions = sorted(conditions, key=lambda c: rows.filter(c)[:_MANY].count())
    found = rows.filter(conditions[0])
    for condition in conditions[1:]:
        same = rows.filter(**{owner: OuterRef(owner)})
        found = found.filter(Exists(same.filter(condition)))
    return list(found.order_by().values_list(owner, flat=True).distinct()[:limit])
