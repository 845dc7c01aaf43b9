"""The one question that the two databases are asked in different words: which documents match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from hiwar.common.models import SearchDocument

    Documents = QuerySet[SearchDocument]


def matching(documents: Documents, stems: Sequence[str], *, is_open: bool) -> Documents:
    """Return the documents that hold every stem, those that hold them in the title first.

    With ``is_open`` the last stem may be the beginning of a word. Both databases return the same
    documents in the same order: the newest of the index first.
    """
    if not stems:
        return documents.none()
    found = documents.annotate(
        holds=_holds(documents, stems, is_open=is_open),
        is_titled=_holds(documents, stems, is_open=is_open, in_title=True),
    )
    return found.filter(holds=True).order_by("-is_titled", "-pk")


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
    weight = "A" if in_title else ""
    parts = []
    for at, stem in enumerate(stems):
        flags = ("*" if is_open and at == last else "") + weight
        parts.append(f"'{stem}'" + (f":{flags}" if flags else ""))
    sql = '("common_searchdocument"."vector" @@ to_tsquery(\'simple\', %s))'
    return RawSQL(sql, [" & ".join(parts)], output_field=BooleanField())  # noqa: S611 - see above
