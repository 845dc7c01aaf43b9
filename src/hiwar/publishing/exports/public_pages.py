"""What is public and has a page of its own, with its day: for feeds and for the map of the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from hiwar.asks.queries.everybody import public_asks
from hiwar.common.multilingual import MultilingualText
from hiwar.dossiers.queries.joint import public_statements
from hiwar.dossiers.queries.public import public_dossiers
from hiwar.legislation.queries.public import public_laws
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.papers import public_papers
from hiwar.publishing.queries.content import text_of, whole_languages
from hiwar.publishing.queries.items import public_items, slug_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Addresses without a gap beside the language that belong into the map of the site.
LISTS = (
    "site:home", "public_publishing:about", "public_publishing:news", "public_publishing:press",
    "public_publishing:opportunities", "public_publishing:contact", "public_publishing:privacy",
    "public_dossiers:work", "public_dossiers:statements", "public_papers:papers",
    "public_laws:laws", "public_asks:asks",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A public page: its key, title and summary, since when, the path in each language it has."""

    key: str
    title: MultilingualText
    summary: str
    text: str
    published_at: datetime
    modified_at: datetime
    paths: dict[str, str]


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def item_pages(language: str) -> Iterator[PublicPage]:
    """Yield the items of the site, with their text in a language."""
    for item in public_items():
        assert item.published is not None  # noqa: S101 - asked of public items alone
        text = text_of(item.published)
        began = item.published_at or item.changed_at
        yield PublicPage(
            str(item.pk), text.title, text.summary.get(language, ""),
            "\n\n".join(block.texts.get(language, "") for block in text.blocks), began,
            item.modified_at or began,
            {
                code: reverse("public_publishing:item", args=[code, item.kind, slug_of(item, code)])
                for code in whole_languages(text)
            },
        )  # fmt: skip


def other_pages() -> Iterator[PublicPage]:
    """Yield published papers and joint statements."""
    for version in public_papers():
        content = content_in(version)
        began = version.published_at or version.frozen_at
        yield PublicPage(
            str(version.pk), MultilingualText(content["title"]), "", "", began, began,
            {
                code: reverse("public_papers:paper", args=[code, version.paper.code])
                for code in content["languages"] if code in _languages()
            },
        )  # fmt: skip
    for joint in public_statements():
        began = joint.published_at or datetime.min.replace(tzinfo=UTC)
        paths = {
            code: reverse("public_dossiers:statement", args=[code, joint.statement.code])
            for code in _languages() if code in joint.title
        }  # fmt: skip
        yield PublicPage(str(joint.pk), joint.title, "", "", began, began, paths)


def news(language: str) -> list[PublicPage]:
    """Return what is new in a language, the newest first."""
    pages = [page for page in (*item_pages(language), *other_pages()) if language in page.paths]
    return sorted(pages, key=lambda page: page.published_at, reverse=True)


def mapped() -> Iterator[tuple[dict[str, str], datetime | None]]:
    """Yield every page of the map of the site: its path by language, and its last change."""
    for name in LISTS:
        yield {code: reverse(name, args=[code]) for code in _languages()}, None
    for page in (*item_pages(settings.LANGUAGE_CODE), *other_pages()):
        yield page.paths, page.modified_at
    for dossier in public_dossiers():
        yield (
            {
                code: reverse("public_dossiers:dossier", args=[code, dossier.code])
                for code in _languages()
            },
            None,
        )
    for ask in public_asks():
        yield (
            {code: reverse("public_asks:ask", args=[code, ask.pk.hex]) for code in _languages()},
            None,
        )
    for law in public_laws():
        yield {code: reverse("public_laws:law", args=[code, law.pk]) for code in _languages()}, None
