"""What the site lends to the open data: its own items, office holders, funders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.navigation import PageSource, PublicPage
from hiwar.common.tables.lending import (
    KEY,
    PAGE,
    PUBLISHED,
    TITLE,
    Column,
    Holds,
    PublicTable,
    Theme,
    page_address,
)
from hiwar.dossiers.queries.public import public_codes
from hiwar.publishing.models import Item
from hiwar.publishing.queries.content import text_of, whole_languages
from hiwar.publishing.queries.items import language_shown, public_items, slug_of
from hiwar.publishing.queries.profile import funders_of, officers_of, the_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from hiwar.publishing.queries.content import Text


def words_of(text: Text) -> dict[str, str]:
    """Return the blocks of a text by language, parted by empty lines."""
    return {
        code: "\n\n".join(filter(None, (block.texts.get(code) for block in text.blocks)))
        for code, _name in settings.LANGUAGES
    }


def items(_now: datetime) -> Iterator[list[object]]:
    """Yield what was typed for the site and is public, the newest first."""
    language = settings.LANGUAGE_CODE
    for item in public_items():
        assert item.published is not None  # noqa: S101 - asked of public items alone
        text = text_of(item.published)
        yield [
            item.code, item.kind, text.title, text.summary, words_of(text), item.published_at,
            item.modified_at, item.closes_on,
            page_address("public_publishing:item", item.kind,
                         slug_of(item, language_shown(item, language))),
        ]  # fmt: skip


def office_holders(_now: datetime) -> Iterator[list[object]]:
    """Yield who holds or held an office of the institution, as the profile tells it."""
    profile = the_profile()
    for number, row in enumerate(officers_of(profile) if profile else [], 1):
        yield [number, row.office, row.person, row.begins, row.ends]


def funders(_now: datetime) -> Iterator[list[object]]:
    """Yield who paid which share of which year."""
    profile = the_profile()
    for number, row in enumerate(funders_of(profile) if profile else [], 1):
        yield [number, row.year, row.name, row.share]


def _pages(kind: str) -> Callable[[datetime], Iterator[PublicPage]]:
    """Return what yields the items of a kind, in the languages in which each is whole."""

    def pages(_now: datetime) -> Iterator[PublicPage]:
        codes = public_codes()
        for item in public_items(kind):
            assert item.published is not None  # noqa: S101 - asked of public items alone
            text = text_of(item.published)
            whole = whole_languages(text)
            began = item.published_at or item.changed_at
            yield PublicPage(
                str(item.pk), text.title,
                {
                    code: reverse(
                        "public_publishing:item", args=[code, item.kind, slug_of(item, code)]
                    )
                    for code in whole
                },
                None if kind == Item.Kind.PAGE else began, item.modified_at or began,
                text.summary, words_of(text),
                codes.get(item.dossier_id, "") if item.dossier_id else "",
            )  # fmt: skip

    return pages


PUBLIC_PAGES = (
    PageSource("site-news", 10, _("News"), _pages(Item.Kind.NEWS)),
    PageSource("press", 11, _("Press releases"), _pages(Item.Kind.PRESS)),
    PageSource("opportunities", 12, _("Opportunities"), _pages(Item.Kind.OPPORTUNITY)),
    PageSource("pages", 95, pgettext_lazy("of the site", "Pages"), _pages(Item.Kind.PAGE)),
)

PUBLIC_TABLES = (
    PublicTable(
        "site-items", 90, _("News, press releases, opportunities and pages"),
        _("What was written for this site, with its whole text."), Theme.SOCIETY,
        (
            KEY, Column("kind", _("Kind, as a code.")), TITLE,
            Column("summary", _("Summary."), Holds.TEXTS),
            Column("text", _("The whole text."), Holds.TEXTS), PUBLISHED,
            Column("modified_at", _("When its words changed last."), Holds.INSTANT),
            Column("closes_on", _("Last day of an opportunity."), Holds.DAY), PAGE,
        ),
        items,
    ),
    PublicTable(
        "office-holders", 91, _("Office holders"),
        _("Who holds or held an office of the institution."), Theme.GOVERNMENT,
        (
            KEY, Column("office", _("The office."), Holds.TEXTS),
            Column("person", _("Who holds it."), Holds.TEXTS),
            Column("from", _("Since when."), Holds.DAY),
            Column("until", _("Until when; empty for now."), Holds.DAY),
        ),
        office_holders,
    ),
    PublicTable(
        "funders", 92, _("Funders"), _("Who pays for the work."), Theme.GOVERNMENT,
        (
            KEY, Column("year", _("Its year."), Holds.INTEGER),
            Column("name", _("Who pays."), Holds.TEXTS),
            Column("share", _("Share of the year, in per cent."), Holds.INTEGER),
        ),
        funders,
    ),
)  # fmt: skip
