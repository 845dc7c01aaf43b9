"""Items of the site: written in both languages, asked about, let out by a second person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from factories.accounts import UserFactory
from hiwar.common.multilingual import MultilingualText
from hiwar.engine.blocks import Block
from hiwar.publishing.actions import items, openings
from hiwar.publishing.queries.content import Text
from hiwar.publishing.queries.items import newest_version

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.publishing.models import Item

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
TITLE = {"ar": "لقاء عن الشواغر", "en": "A meeting about vacancies"}
BODY = {"ar": "التقى أربعون شخصاً في نابلس.", "en": "Forty people met in Nablus."}


def make_text(
    title: dict[str, str] | None = None, body: dict[str, str] | None = None, key: str = "b" * 32
) -> Text:
    return Text(
        MultilingualText(TITLE if title is None else title), MultilingualText({}),
        (Block(key, "paragraph", BODY if body is None else body),),
    )  # fmt: skip


def make_item(writer: User | None = None, text: Text | None = None, **values: Any) -> Item:
    return items.start_item(
        actor=writer or UserFactory.create(roles=["media"]), now=NOW, text=text or make_text(),
        **({"kind": "news", "language": "ar"} | values),
    )  # fmt: skip


def make_public(item: Item, second: User | None = None, now: datetime = NOW) -> Item:
    """Let an item out by a second person."""
    openings.ask_for_review(actor=item.started_by, item=item, now=now)
    return openings.publish_item(
        actor=second or UserFactory.create(roles=["director"]), item=item,
        number=newest_version(item).number, now=now,
    )  # fmt: skip
