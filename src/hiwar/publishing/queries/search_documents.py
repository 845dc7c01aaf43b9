"""What of the site's items is offered to full text and to the activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy

from hiwar.common.search.sources import Document, seen_among
from hiwar.common.search.sources import Source as Findable
from hiwar.publishing.models import Item
from hiwar.publishing.queries.content import text_of
from hiwar.publishing.queries.items import public_items, reader_language, slug_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID


PUBLISHED = "publishing.published"
VERBS = {
    "publishing.item.start": gettext_lazy("began an item of the site"),
    "publishing.item.save": gettext_lazy("saved an item of the site"),
    "publishing.item.ask": gettext_lazy("asked a second person to read an item"),
    "publishing.item.send_back": gettext_lazy("sent an item back"),
    "publishing.item.publish": gettext_lazy("published an item of the site"),
    "publishing.item.schedule": gettext_lazy("set when an item opens"),
    "publishing.item.take_back": gettext_lazy("took back when an item opens"),
    "publishing.picture.add": gettext_lazy("brought in a picture of the site"),
    "publishing.picture.change": gettext_lazy("changed what is said of a picture"),
    "publishing.picture.withdraw": gettext_lazy("withdrew a picture and destroyed its files"),
    "publishing.issue.start": gettext_lazy("began an issue of the newsletter"),
    "publishing.issue.write": gettext_lazy("wrote an issue of the newsletter"),
    "publishing.issue.ask": gettext_lazy("asked a second person to read an issue"),
    "publishing.issue.send_back": gettext_lazy("sent an issue back"),
    "publishing.issue.approve": gettext_lazy("approved an issue of the newsletter"),
    "publishing.publicprofile.update": gettext_lazy("changed the public profile"),
    "publishing.item.withdraw": gettext_lazy("withdrew an item of the site"),
}


def document_of(item: Item) -> Document:
    """Return what can be found of a public item."""
    assert item.published is not None  # noqa: S101 - asked of public items alone
    text = text_of(item.published)
    body: dict[str, str] = {}
    for block in text.all_blocks()[1:]:
        for language, words in block.texts.items():
            body[language] = f"{body.get(language, '')}\n{words}".strip()
    return Document(item.pk, dict(text.title), body)


def _documents() -> Iterator[Document]:
    for item in public_items().iterator():
        yield document_of(item)


def _at(key: UUID) -> str:
    item = Item.objects.select_related("published").get(pk=key)
    language = reader_language()
    return reverse("public_publishing:item", args=[language, item.kind, slug_of(item, language)])


SOURCE = Findable(
    PUBLISHED,
    gettext_lazy("News and pages"),
    _documents,
    seen_among(lambda _reader: public_items()),
    _at,
    34,
)
