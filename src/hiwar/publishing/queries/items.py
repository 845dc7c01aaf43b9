"""Which items everybody reads, which a person may read at the desk, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import slugify
from django.utils.translation import get_language

from hiwar.common.dates import clock_shows
from hiwar.dossiers.queries.dossiers import all_readable, plain
from hiwar.publishing import rules
from hiwar.publishing.models import Item, ItemVersion
from hiwar.publishing.queries.content import shown_language, text_of, whole_languages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hiwar.accounts.rules import Somebody

LONGEST_WORDS = 60
CODE_LENGTH = 8


def public_items(kind: str = "") -> QuerySet[Item]:
    """Return the items that everybody reads, the newest first, each with its public version."""
    items = Item.objects.filter(published__isnull=False, withdrawn_at=None)
    if kind:
        items = items.filter(kind=kind)
    return items.select_related("published").order_by("-published_at", "pk")


def public_item(code: str) -> Item | None:
    """Return an item that is or was public, a withdrawn one too; None for any other code."""
    shown = Item.objects.filter(published__isnull=False, code=code)
    return shown.select_related("published__picture", "dossier").first()


def items_for(user: Somebody) -> QuerySet[Item]:
    """Return the items a person may read at the desk, the last changed first, with their title."""
    if not rules.can_see_items(user):
        return Item.objects.none()
    newest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number")
    readable = Q(dossier=None) | Q(dossier__in=all_readable(user).order_by())
    return (
        Item.objects.filter(readable)
        .annotate(newest_title=Subquery(newest.values("title")[:1]))
        .select_related("dossier", "published", "started_by")
        .order_by("-changed_at", "pk")
    )


def search_items(
    user: Somebody, words: str = "", state: str = "", kind: str = ""
) -> QuerySet[Item]:
    """Return the items a person may read whose newest title holds all words."""
    items = items_for(user)
    if state:
        items = items.filter(state=state)
    if kind:
        items = items.filter(kind=kind)
    wanted = plain(words).split()
    if wanted:
        keys = [
            key for key, title, code in items.values_list("pk", "newest_title", "code")  # type: ignore[misc]  # the title is annotated
            if all(word in plain(f"{' '.join(dict(title).values())} {code}") for word in wanted)
        ]  # fmt: skip
        items = items.filter(pk__in=keys)
    return items


def newest_version(item: Item) -> ItemVersion:
    """Return the version that is worked on."""
    versions = ItemVersion.objects.filter(item=item).select_related(
        "saved_by", "approved_by", "picture"
    )
    return versions.latest("number")


def versions_of(item: Item) -> list[ItemVersion]:
    """Return all versions of an item, the newest first."""
    versions = ItemVersion.objects.filter(item=item).select_related("saved_by", "approved_by")
    return list(versions.order_by("-number"))


def waiting_for(user: Somebody) -> QuerySet[Item]:
    """Return what waits for a second person, where whoever asks may be that person."""
    if not rules.can_publish_items(user):
        return Item.objects.none()
    newest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number")
    waiting = items_for(user).filter(state=Item.State.REVIEW)
    return waiting.annotate(writer=Subquery(newest.values("saved_by")[:1])).exclude(writer=user.pk)


def due_items(now: datetime) -> list[Item]:
    """Return what opens by the clock of its place, and whose time has come there."""
    scheduled = Item.objects.filter(state=Item.State.SCHEDULED).order_by("opens_wall", "pk")
    return [item for item in scheduled if is_due(item, now)]


def is_due(item: Item, now: datetime) -> bool:
    """Return whether the clock of the place shows the time of opening, or a later one.

    An hour that the clock leaves out opens with the next one; of an hour that comes twice the
    first counts.
    """
    return clock_shows(item.opens_wall, item.opens_zone, now)


def language_shown(item: Item, language: str) -> str:
    """Return the language in which a reader of `language` is shown the public version."""
    assert item.published is not None  # noqa: S101 - asked of public items alone
    return shown_language(_source_first(item, item.published), language)


def _source_first(item: Item, version: ItemVersion) -> tuple[str, ...]:
    """Return the languages of a version, in the order in which they stand in for another."""
    whole = whole_languages(text_of(version))
    return whole or (item.language,)


def words_in_address(item: Item, language: str) -> str:
    """Return the words of the title as they stand behind the code; they decide nothing."""
    assert item.published is not None  # noqa: S101 - asked of public items alone
    title = item.published.title.in_language(language)
    words = str(slugify(title, allow_unicode=True))
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS].rpartition("-")[0]


def slug_of(item: Item, language: str) -> str:
    """Return what stands in the address of a public item: its code and the words of its title."""
    words = words_in_address(item, language)
    return f"{item.code}-{words}" if words else item.code


def names_of_items(keys: Iterable[str]) -> dict[str, str]:
    """Return how items are called in the log, by key: by their code until everybody reads them."""
    items = Item.objects.filter(pk__in=list(keys)).select_related("published")
    return {
        str(item.pk): str(item.published.title) if item.published is not None else item.code
        for item in items
    }


def reader_language() -> str:
    """Return the language of whoever reads."""
    return get_language() or str(settings.LANGUAGE_CODE)
