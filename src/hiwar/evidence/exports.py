"""What evidence lends to the open data: instruments with their articles, and media items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Visibility
from hiwar.common.tables.lending import (
    DOSSIER,
    KEY,
    TITLE,
    Column,
    Holds,
    PublicTable,
    Theme,
)
from hiwar.dossiers.queries.public import public_codes
from hiwar.evidence.models import Instrument, InstrumentArticle, MediaItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

PUBLIC = Visibility.PUBLIC


def instruments(_now: datetime) -> Iterator[list[object]]:
    """Yield the instruments that are for everybody, by symbol."""
    for row in Instrument.objects.filter(visibility=PUBLIC).order_by("symbol", "pk"):
        yield [
            row.pk, row.symbol, row.title, row.kind, row.body, row.year, row.adopted_on,
            row.in_force_on, row.url, row.checked_on,
        ]  # fmt: skip


def articles(_now: datetime) -> Iterator[list[object]]:
    """Yield the articles of the instruments that are for everybody."""
    listed = InstrumentArticle.objects.filter(instrument__visibility=PUBLIC)
    for row in listed.select_related("instrument").order_by("instrument__symbol", "position", "pk"):
        yield [row.pk, row.instrument.symbol, row.article, row.paragraph, row.text]


def media_items(_now: datetime) -> Iterator[list[object]]:
    """Yield the media items that are for everybody, none of a dossier that is not."""
    codes = public_codes()
    listed = MediaItem.objects.filter(
        Q(dossier=None) | Q(dossier__in=list(codes)), visibility=PUBLIC
    )
    for row in listed.order_by("-published_on", "code", "pk"):
        yield [
            row.pk, row.published_on, row.outlet, row.medium, row.language, row.headline,
            row.topic, row.tone, row.cites_institution, row.url,
            codes.get(row.dossier_id) if row.dossier_id else None,
        ]  # fmt: skip


PUBLIC_TABLES = (
    PublicTable(
        "instruments", 70, _("Instruments"),
        _("Treaties, resolutions and other texts of public law that the institution cites."),
        Theme.LAW,
        (
            KEY, Column("symbol", _("Short name or symbol.")), TITLE,
            Column("kind", _("Kind, as a code.")),
            Column("adopted_by", _("The body that adopted it."), Holds.TEXTS),
            Column("year", _("Its year."), Holds.INTEGER),
            Column("adopted_on", _("When it was adopted."), Holds.DAY),
            Column("in_force_on", _("Since when it is in force."), Holds.DAY),
            Column("url", _("Where its text is."), Holds.ADDRESS),
            Column("checked_on", _("When somebody last looked at that text."), Holds.DAY),
        ),
        instruments,
    ),
    PublicTable(
        "instrument-articles", 71, _("Articles of instruments"),
        _("What the articles of these instruments say."), Theme.LAW,
        (
            KEY, Column("instrument", _("Short name or symbol.")),
            Column("article", _("Number of the article.")),
            Column("paragraph", _("Number of the paragraph.")),
            Column("text", _("What it says."), Holds.TEXTS),
        ),
        articles,
    ),
    PublicTable(
        "media-items", 75, _("Media items"),
        _("What media published on the institution's work; the tone is a person's judgement."),
        Theme.SOCIETY,
        (
            KEY, Column("published_on", _("When it was published."), Holds.DAY),
            Column("outlet", _("The medium.")),
            Column("medium", _("Kind of medium, as a code.")),
            Column("language", _("Code of its language.")), Column("headline", _("Its headline.")),
            Column("topic", _("What it is about.")),
            Column("tone", _("positive, neutral or negative.")),
            Column("cites_institution", _("Whether it cites the institution."), Holds.BOOLEAN),
            Column("url", _("Where it is read."), Holds.ADDRESS), DOSSIER,
        ),
        media_items,
    ),
)  # fmt: skip
