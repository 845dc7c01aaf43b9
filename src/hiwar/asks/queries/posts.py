"""Posts as a reader may know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hiwar.accounts.queries import WIDE
from hiwar.asks.models import Addressee
from hiwar.asks.queries.positions import asks_for
from hiwar.common.multilingual import MultilingualText
from hiwar.contacts.models import Organisation, Post
from hiwar.contacts.queries.people import posts_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from hiwar.accounts.models import User


def name_readable_posts(user: User | None, rows: Iterable[Any]) -> list[Any]:
    """Put a word in place of the post of each row that the reader may not read; one query.

    None is everybody: they read of posts those of bodies that the whole house may know. Rows have
    ``post`` and ``post_id``. That something is put to somebody stays; to whom does not. Returns
    the rows whose post is named.
    """
    rows = list(rows)
    keys = {row.post_id for row in rows}
    posts = (
        posts_for(user)
        if user is not None
        else Post.objects.filter(visibility__in=WIDE, organisation__visibility__in=WIDE)
    )
    readable = set(posts.filter(pk__in=keys).order_by().values_list("pk", flat=True))
    word = MultilingualText({get_language() or "": _("a post that is not open to you")})
    for row in rows:
        if row.post_id not in readable:
            row.post = Post(
                pk=row.post_id, title=word, organisation=Organisation(name=MultilingualText({}))
            )
    return [row for row in rows if row.post_id in readable]


def addressees_for(user: User) -> QuerySet[Addressee]:
    """Return the addressees of asks, of both that a user may read, oldest first."""
    return Addressee.objects.filter(
        ask__in=asks_for(user).order_by().values("pk"),
        post__in=posts_for(user).order_by().values("pk"),
    ).order_by("pk")
