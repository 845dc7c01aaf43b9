"""The public pages of the site's own items: lists by kind, an item, what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from hiwar.common import dates
from hiwar.common.desk.pages import paged
from hiwar.common.home_page import HomeItem, HomeSection
from hiwar.common.multilingual import direction
from hiwar.papers.exports.reading import Reader
from hiwar.publishing.models import Item
from hiwar.publishing.queries.content import readable_content, text_of
from hiwar.publishing.queries.items import (
    CODE_LENGTH,
    language_shown,
    public_item,
    public_items,
    slug_of,
)
from hiwar.publishing.queries.pictures import shown_picture
from hiwar.publishing.views.keeping import kept_for_a_minute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

MOST_ON_FIRST_PAGE = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A public item as a reader of one language is shown it in a list."""

    item: Item
    url: str
    title: str
    summary: str
    language: str
    direction: str
    is_closed: bool


def shown_in_list(item: Item, language: str, today: date) -> Shown:
    """Return an item in the language of the reader, or in the one it exists in."""
    assert item.published is not None  # noqa: S101 - asked of public items alone
    text, shown = text_of(item.published), language_shown(item, language)
    return Shown(
        item, address_of_item(item, language), text.title.in_language(shown),
        text.summary.in_language(shown), shown, direction(shown),
        item.closes_on is not None and item.closes_on < today,
    )  # fmt: skip


def address_of_item(item: Item, language: str) -> str:
    """Return the path of a public item in a language."""
    return reverse("public_publishing:item", args=[language, item.kind, slug_of(item, language)])


@require_safe
@kept_for_a_minute
def items(request: HttpRequest, language: str, kind: str) -> HttpResponse:
    """List the public items of a kind: the newest first, open opportunities by their last day."""
    today = dates.local_day(timezone.now())
    rows = list(public_items(kind))
    if kind == Item.Kind.OPPORTUNITY:
        rows.sort(key=lambda item: _by_last_day(item, today))
    page = paged(request, rows)
    heading, empty = WORDS[kind]
    return render(request, "publishing/public/items.html", {
        **page, "heading": heading, "empty": empty, "kind": kind,
        "rows": [shown_in_list(item, language, today) for item in page["page"].object_list],
    })  # fmt: skip


@require_safe
@kept_for_a_minute
def item(request: HttpRequest, language: str, kind: str, slug: str) -> HttpResponse:
    """Show an item; the code decides, other words behind it lead to the right address."""
    subject = public_item(slug[:CODE_LENGTH])
    if subject is None or subject.published is None:
        raise Http404
    if subject.withdrawn_at is not None:
        context = {"item": subject, "heading": _("Withdrawn")}
        return render(request, "publishing/public/gone.html", context, status=HTTPStatus.GONE)
    right = address_of_item(subject, language)
    if request.path != unquote(right):
        return HttpResponsePermanentRedirect(right)
    text, shown = text_of(subject.published), language_shown(subject, language)
    reader = Reader(readable_content(text, subject.language), shown)
    today = dates.local_day(timezone.now())
    response = render(request, "publishing/public/item.html", {
        "picture": shown_picture(subject.published.picture, shown, today),
        "item": subject, "title": reader.title, "summary": text.summary.in_language(shown),
        "blocks": reader.blocks(), "shown": shown, "shown_direction": direction(shown),
        "shown_name": dict(settings.LANGUAGES).get(shown, shown), "is_other": shown != language,
        "heading": WORDS[subject.kind][0], "kind": subject.kind,
        "address": f"{settings.PUBLIC_ORIGIN}{right}",
        "is_closed": subject.closes_on is not None and subject.closes_on < today,
    })  # fmt: skip
    # A picture may leave a page whose words stay: then only the whole page says what is new.
    if subject.modified_at and subject.published.picture_id is None:
        response["Last-Modified"] = http_date(subject.modified_at.timestamp())
    return response


WORDS: dict[str, tuple[str | _StrPromise, str | _StrPromise]] = {
    Item.Kind.NEWS: (gettext_lazy("News"), gettext_lazy("No news yet")),
    Item.Kind.PRESS: (gettext_lazy("Press releases"), gettext_lazy("No press release yet")),
    Item.Kind.OPPORTUNITY: (
        gettext_lazy("Opportunities"), gettext_lazy("No opportunity is open now"),
    ),
    Item.Kind.PAGE: (pgettext_lazy("of the site", "Pages"), gettext_lazy("No page yet")),
}  # fmt: skip


def _by_last_day(item: Item, today: date) -> tuple[bool, int]:
    """Sort what is open by its last day, the next first; what is closed behind, newest first."""
    last = item.closes_on
    if last is None:
        return False, 10**7
    is_closed = last < today
    return is_closed, -last.toordinal() if is_closed else last.toordinal()


def _newest(kind: str) -> Callable[[str, datetime], Iterator[HomeItem]]:
    def newest(language: str, now: datetime) -> Iterator[HomeItem]:
        today = dates.local_day(now)
        for item in public_items(kind)[:MOST_ON_FIRST_PAGE]:
            shown = shown_in_list(item, language, today)
            if shown.is_closed:
                continue
            title = format_html(
                '<span lang="{}" dir="{}">{}</span>', shown.language, shown.direction, shown.title
            )
            on = item.closes_on or item.published_at
            fact = dates.day(on) if on else ""
            if item.closes_on:
                fact = _("open until the end of %(day)s") % {"day": fact}
            yield HomeItem(title if shown.language != language else shown.title, shown.url,
                           "", (fact,))  # fmt: skip

    return newest


NEWS = HomeSection(
    "news", 25, gettext_lazy("News"), _newest(Item.Kind.NEWS), "public_publishing:news",
    gettext_lazy("All news"),
)  # fmt: skip
OPPORTUNITIES = HomeSection(
    "opportunities", 45, gettext_lazy("Opportunities"), _newest(Item.Kind.OPPORTUNITY),
    "public_publishing:opportunities", gettext_lazy("All opportunities"),
)  # fmt: skip
