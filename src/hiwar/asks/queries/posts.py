"""Posts as a reader may know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hiwar.common.multilingual import MultilingualText
from hiwar.contacts.models import Organisation, Post
from hiwar.contacts.queries.people import posts_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.accounts.models import User


def name_readable_posts(user: User, rows: Iterable[Any]) -> list[Any]:
    """Put a word in place of the post of each row that the reader may not read; one query.

    Rows have ``post`` and ``post_id``. That something is put to somebody stays; to whom does not.
    Returns the rows whose post is named.
    """
    rows = list(rows)
    keys = {row.post_id for row in rows}
    readable = set(posts_for(user).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    word = MultilingualText({get_language() or "": _("a post that is not open to you")})
    for row in rows:
        if row.post_id not in readable:
            row.post = Post(
                pk=row.post_id, title=word, organisation=Organisation(name=MultilingualText({}))
            )
    return [row for row in rows if row.post_id in readable]
