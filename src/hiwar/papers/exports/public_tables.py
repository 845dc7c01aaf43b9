"""What papers lend to the open data: published papers and their recommendations, as frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.navigation import PageSource, PublicPage, paths_of
from hiwar.common.tables.lending import (
    DOSSIER,
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
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.papers import public_papers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def papers(_now: datetime) -> Iterator[list[object]]:
    """Yield the newest published version of each paper that stands."""
    codes = public_codes()
    for version in public_papers():
        content = content_in(version)
        dossier = version.paper.dossier_id
        yield [
            version.paper.code, content["title"], content["kind"], "; ".join(content["byline"]),
            content["version"], " ".join(content["languages"]), version.published_at,
            content["correction"] or None, len(content["citations"]), version.sha256,
            codes.get(dossier) if dossier else None,
            page_address("public_papers:paper", version.paper.code),
        ]  # fmt: skip


def recommendations(_now: datetime) -> Iterator[list[object]]:
    """Yield the recommendations of published papers with whom each is addressed to."""
    for version in public_papers():
        content = content_in(version)
        for place, block in enumerate(content["blocks"]):
            if block["kind"] != "recommendation":
                continue
            entry = block["recommendation"]
            yield [
                block["key"], version.paper.code, place, block["texts"], entry["post"],
                entry["organisation"], entry["budget"], len(entry["citations"]),
                f"{page_address('public_papers:paper', version.paper.code)}#r-{place}",
            ]  # fmt: skip


def paper_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield the published papers, as feeds and the map of the site tell of them."""
    codes = public_codes()
    for version in public_papers():
        content, dossier = content_in(version), version.paper.dossier_id
        yield PublicPage(
            str(version.pk), content["title"],
            paths_of("public_papers:paper", version.paper.code, languages=content["languages"]),
            version.published_at, version.published_at,
            dossier=codes.get(dossier, "") if dossier else "",
        )  # fmt: skip


PUBLIC_PAGES = PageSource(
    "papers", 25, pgettext_lazy("written by the institution", "Papers"), paper_pages
)

PUBLIC_TABLES = (
    PublicTable(
        "papers", 50, _("Papers of the institution"),
        _("Published papers, each in its newest version."), Theme.GOVERNMENT,
        (
            KEY, TITLE, Column("kind", _("Kind, as a code.")),
            Column("authors", _("Who wrote it, as printed.")),
            Column("version", _("Version of the text."), Holds.INTEGER),
            Column("languages", _("Codes of the languages it is in.")), PUBLISHED,
            Column("correction", _("What was corrected in this version."), Holds.TEXTS),
            Column("notes", _("How many sources it cites."), Holds.INTEGER),
            Column("sha256", _("Checksum (SHA-256) of the frozen text.")), DOSSIER, PAGE,
        ),
        papers,
    ),
    PublicTable(
        "recommendations", 51, _("Recommendations"),
        _("What published papers recommend, and to whom."), Theme.GOVERNMENT,
        (
            KEY, Column("paper", _("Code of the paper.")),
            Column("place", _("Place in the paper, as in its address."), Holds.INTEGER),
            Column("text", _("What is recommended."), Holds.TEXTS),
            Column("post", _("The office it is addressed to."), Holds.TEXTS),
            Column("organisation", _("The body of that office."), Holds.TEXTS),
            Column("budget", _("What it costs."), Holds.TEXTS),
            Column("notes", _("How many sources it rests on."), Holds.INTEGER), PAGE,
        ),
        recommendations,
    ),
)  # fmt: skip
