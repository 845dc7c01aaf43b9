"""The one question that the two databases are asked in different words: which documents match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from hiwar.common.models import SearchDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    Documents = QuerySet[SearchDocument]


def matching(documents: Documents, stems: Sequence[str], *, is_open: bool) -> Documents:
    """Return the documents that hold every stem.

    With ``is_open`` the last stem may be the beginning of a word. Both databases return the same.
    """
    if not stems:
        return documents.none()
    return documents.alias(holds=_holds(documents, stems, is_open=is_open)).filter(holds=True)


def in_order(
    documents: Documents, stems: Sequence[str], *, is_open: bool, start: int, size: int
) -> list[SearchDocument]:
    """Return a page of matching documents: those with all stems in the title, then the newest.

    Two questions instead of one order, since a word that is everywhere would be sorted whole.
    """
    titled = _holds(documents, stems, is_open=is_open, in_title=True)
    known = documents.alias(is_titled=titled)
    first = known.filter(is_titled=True).order_by("-pk")
    keys = list(first.values_list("pk", flat=True)[start : start + size])
    if len(keys) < size:
        before = max(0, start - first.count())
        rest = known.filter(is_titled=False).order_by("-pk").values_list("pk", flat=True)
        keys += rest[before : before + size - len(keys)]
    by_key = SearchDocument.objects.in_bulk(keys)
    return [by_key[key] for key in keys]


def _holds(
    documents: Documents, stems: Sequence[str], *, is_open: bool, in_title: bool = False
) -> RawSQL:
    """Return the condition.

    The statements are fixed and what is asked is a parameter of them; stems are letters and digits
    alone, so nothing in them is a command to the index either.
    """
    last = len(stems) - 1
    if connections[documents.db].vendor == "sqlite":
        terms = (
            f'"{stem}"' + ("*" if is_open and at == last else "") for at, stem in enumerate(stems)
        )
        asked = " AND ".join(terms)
        asked = f"{{folded_title}} : ({asked})" if in_title else asked
        sql = (
            '"common_searchdocument"."id" IN '
            "(SELECT rowid FROM common_searchindex WHERE common_searchindex MATCH %s)"
        )
        return RawSQL(sql, [asked], output_field=BooleanField())  # noqa: S611 - see above
    parts = [f"'{stem}'" for stem in stems]
    parts[last] += ":*" if is_open else ""
    column = "title_vector" if in_title else "vector"
    sql = f'("common_searchdocument"."{column}" @@ to_tsquery(\'simple\', %s))'
    return RawSQL(sql, [" & ".join(parts)], output_field=BooleanField())  # noqa: S611 - see above
