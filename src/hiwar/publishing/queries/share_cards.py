"""What a public page says of itself, for the card that is drawn of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Card:
    """The words of a card, as plain text in one language.

    ``section`` stands above the title, ``site`` beside the mark; both may be empty, as ``text``.
    """

    title: str
    text: str
    section: str
    site: str
    language: str


def card_of(page: bytes, language: str, address: str) -> Card | None:
    """Return the words of the card of a page, or None if the page does not name that card.

    Parameters
    ----------
    page : bytes
        HTML as a visitor gets it.
    language : str
        That of the page.
    address : str
        The path of the card, which the page must name as its picture.
    """
    tree = html.fromstring(page)
    if not _said(tree, "og:image").endswith(address):
        return None
    crumbs = tree.xpath('//main//nav[contains(@class, "breadcrumb")]//li[last()]')
    section = " ".join(crumbs[0].text_content().split()) if crumbs else ""
    title, site = _said(tree, "og:title"), _said(tree, "og:site_name")
    return Card(
        title=title[:LONGEST], text=_said(tree, "og:description")[:LONGEST],
        section="" if section in {title, site} else section[:LONGEST],
        site="" if site == title else site[:LONGEST], language=language,
    )  # fmt: skip


def _said(tree: HtmlElement, name: str) -> str:
    contents = tree.xpath("//meta[@property=$name]/@content", name=name)
    return " ".join(str(contents[0]).split()) if contents else ""
