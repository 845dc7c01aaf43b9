"""What is public and has a page of its own, with its day: for feeds and for the map of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.navigation import page_sources, paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from hiwar.common.navigation import PublicPage

# Addresses without a gap beside the language that belong into the map of the site.
LISTS = (
    "site:home", "public_publishing:about", "public_publishing:news", "public_publishing:press",
    "public_publishing:opportunities", "public_publishing:contact", "public_publishing:privacy",
    "public_publishing:open_data", "public_publishing:authenticity", "public_publishing:feeds",
    "public_publishing:newsletter",
    "public_dossiers:work",
    "public_dossiers:statements", "public_papers:papers", "public_forums:forums",
    "public_laws:laws", "public_asks:asks",
)  # fmt: skip


def news(language: str, now: datetime, kind: str = "", dossier: str = "") -> list[PublicPage]:
    """Return what is new in a language, the newest first: all, of a kind or of a dossier."""
    sources = [source for source in page_sources() if kind in {"", source.kind}]
    pages = [
        page for source in sources for page in source.pages(now)
        if page.published_at is not None and language in page.paths
        and dossier in {"", page.dossier}
    ]  # fmt: skip
    return sorted(pages, key=lambda page: (page.published_at, page.key), reverse=True)


def mapped(now: datetime) -> Iterator[tuple[Mapping[str, str], datetime | None]]:
    """Yield every page of the map of the site: its path by language, and its last change."""
    for name in LISTS:
        yield paths_of(name), None
    for source in page_sources():
        for page in source.pages(now):
            if page.paths:
                yield page.paths, page.modified_at
