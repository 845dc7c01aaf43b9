"""What policy forums lend to the open data: what is asked, who decides, where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.navigation import PageSource, PublicPage, paths_of
from hiwar.common.tables.lending import (
    DOSSIER,
    KEY,
    PAGE,
    TITLE,
    Column,
    Holds,
    PublicTable,
    Theme,
    page_address,
)
from hiwar.dossiers.queries.public import public_codes
from hiwar.forums.queries.forums import public_forums

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def forums(_now: datetime) -> Iterator[list[object]]:
    """Yield the forums that everybody may read, the last approved first."""
    codes = public_codes()
    for forum in public_forums():
        yield [
            forum.code, forum.title, forum.question,
            forum.deciding_post.title if forum.deciding_post else forum.who_decides,
            forum.decision_on,
            forum.state, forum.approved_at,
            codes.get(forum.dossier_id) if forum.dossier_id else None,
            page_address("public_forums:forum", forum.code),
        ]  # fmt: skip


def forum_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield the forums that everybody may read, as feeds and the map of the site tell of them."""
    codes = public_codes()
    for forum in public_forums():
        yield PublicPage(
            str(forum.pk), forum.title, paths_of("public_forums:forum", forum.code),
            forum.approved_at, forum.approved_at, summary=forum.question,
            dossier=codes.get(forum.dossier_id, "") if forum.dossier_id else "",
        )  # fmt: skip


PUBLIC_PAGES = PageSource("forums", 45, _("Policy forums"), forum_pages)

PUBLIC_TABLES = (
    PublicTable(
        "forums", 45, _("Policy forums"),
        _("Questions that are taken through rounds and sessions to a paper."), Theme.GOVERNMENT,
        (
            KEY, TITLE, Column("question", _("What was asked."), Holds.TEXTS),
            Column("who_decides", _("Who decides about it."), Holds.TEXTS),
            Column("decision_on", _("By when it is to be decided."), Holds.DAY),
            Column("state", _("State, as a code.")),
            Column("approved_at", _("When it began."), Holds.INSTANT), DOSSIER, PAGE,
        ),
        forums,
    ),
)  # fmt: skip
