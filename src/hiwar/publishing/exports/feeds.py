"""What is new on the site, for programs that read feeds; and the map of the site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import format_html, format_html_join

from hiwar.common.multilingual import MultilingualText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hiwar.common.navigation import PublicPage

LONGEST = 50
MIMES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
XML = {"atom": Atom1Feed, "rss": Rss201rev2Feed}


def feed_of(
    pages: Sequence[PublicPage], language: str, kind: str, title: str, own: str
) -> str:  # fmt: skip
    """Return what is new as a feed: ``atom``, ``rss`` or ``json``; ids stay, changes are marked.

    ``own`` is the path of the feed.
    """
    home = absolute(reverse("site:home", args=[language]))
    if kind == "json":
        document = _json_feed(pages[:LONGEST], language, title, home, absolute(own))
        return json.dumps(document, ensure_ascii=False)
    feed = XML[kind](
        title=title, link=home, description=title, language=language, feed_url=absolute(own),
        feed_guid=absolute(own), author_name=title,
    )  # fmt: skip
    for page in pages[:LONGEST]:
        name = MultilingualText(page.title).in_language(language)
        feed.add_item(
            title=name, link=absolute(page.paths[language]),
            description=_html(page, language) or name,
            unique_id=f"urn:uuid:{page.key}", unique_id_is_permalink=False,
            pubdate=page.published_at, updateddate=page.modified_at or page.published_at,
        )  # fmt: skip
    return str(feed.writeString("utf-8"))


def sitemap_of(pages: Iterable[tuple[Mapping[str, str], datetime | None]]) -> str:
    """Return the map of the site: each page in each language, with the others beside it."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for paths, changed in pages:
        # For whoever speaks none of them: the first language that the page has.
        named = [*paths.items(), ("x-default", next(iter(paths.values())))]
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(code)}'
            f" href={quoteattr(absolute(path))}/>"
            for code, path in named
        )
        stamp = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        lines += [
            f"<url><loc>{escape(absolute(path))}</loc>{stamp}{others}</url>"
            for path in paths.values()
        ]
    return "\n".join([*lines, "</urlset>", ""])


def absolute(path: str) -> str:
    """Return the whole address of a path of the public site."""
    return f"{settings.PUBLIC_ORIGIN}{path}"


def _html(page: PublicPage, language: str) -> str:
    texts = (page.summary.get(language, ""), page.text.get(language, ""))
    parts = [part for text in texts for part in text.split("\n\n") if part.strip()]
    return format_html_join("", "<p>{}</p>", ((part,) for part in parts))


def _json_feed(
    pages: Sequence[PublicPage], language: str, title: str, home: str, own: str
) -> dict[str, object]:
    items = []
    for page in pages:
        began = page.published_at
        changed = page.modified_at or began
        name = MultilingualText(page.title).in_language(language)
        items.append({
            "id": f"urn:uuid:{page.key}", "url": absolute(page.paths[language]), "title": name,
            "content_html": _html(page, language) or format_html("<p>{}</p>", name),
            "date_published": began.isoformat() if began else "",
            "date_modified": changed.isoformat() if changed else "",
        })  # fmt: skip
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title, "home_page_url": home, "feed_url": own, "language": language,
        "items": items,
    }  # fmt: skip
