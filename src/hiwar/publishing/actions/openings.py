"""What lets an item out, now or by the clock of a place, and what takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.dates import WALL
from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record, remove_record
from hiwar.publishing import rules
from hiwar.publishing.actions.items import lock_item
from hiwar.publishing.models import Item, ItemVersion
from hiwar.publishing.queries.content import differences, text_of
from hiwar.publishing.queries.items import due_items, is_due, newest_version
from hiwar.publishing.queries.search_documents import PUBLISHED, document_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User

State = Item.State
# Kinds that go out in all languages or not at all.
EQUAL_KINDS = frozenset([Item.Kind.PRESS])


class SecondPersonNeeded(Refused):
    """Whoever wrote a version does not let it out."""

    code = "item_second_person"
    message = _("You wrote this version. Somebody else publishes it or sends it back.")


class WrongItemState(Refused):
    """The item is no longer as it was seen."""

    code = "item_wrong_state"
    message = _("This item changed since you opened the page. Look at it again.")


class LanguagesUnequal(Refused):
    """What goes out in all languages says the same in each."""

    code = "item_languages_unequal"
    message = _(
        "A press release goes out in all languages at once. Some parts are missing or differ in"
        " one of them; they are marked below."
    )


class OpeningPast(Refused):
    """An opening lies ahead."""

    code = "item_opening_past"
    message = _("This time has passed on the clock of that place.")


class ReasonMissing(Refused):
    """Readers are told why something is gone."""

    code = "item_reason_missing"
    message = _("Write why. Whoever opens the address reads it.")


@transaction.atomic
def ask_for_review(*, actor: User, item: Item, now: datetime) -> Item:
    """Ask a second person to read the newest version. Raises ``NotAllowed``, ``WrongItemState``."""
    locked = lock_item(item)
    if not rules.can_edit_item(actor, locked):
        raise NotAllowed
    if locked.state != State.DRAFT:
        raise WrongItemState
    return _take(actor, locked, "ask", now, state=State.REVIEW)


@transaction.atomic
def send_back(*, actor: User, item: Item, number: int, remark: str, now: datetime) -> Item:
    """Send a version back to its writer with a remark.

    Raises ``NotAllowed``, ``WrongItemState`` and ``ReasonMissing``.
    """
    locked, version = _reviewed(actor, item, number)
    if not remark.strip():
        raise ReasonMissing
    version.remark = remark.strip()
    version.full_clean(exclude=["item"])
    version.save(update_fields=["remark"])
    return _take(actor, locked, "send_back", now, state=State.DRAFT)


@transaction.atomic
def publish_item(*, actor: User, item: Item, number: int, now: datetime) -> Item:
    """Let everybody read a version now.

    Raises ``NotAllowed``, ``WrongItemState``, ``SecondPersonNeeded`` and ``LanguagesUnequal``.
    """
    locked, version = _reviewed(actor, item, number)
    _approve(actor, locked, version, now)
    return _let_out(actor, locked, version, now)


@transaction.atomic
def schedule_item(
    *, actor: User, item: Item, number: int, wall: datetime, zone: str, now: datetime
) -> Item:
    """Let everybody read a version from a time on the clock of a place on.

    ``wall`` has no zone of its own. Raises as `publish_item` does, and ``OpeningPast``.
    """
    locked, version = _reviewed(actor, item, number)
    if zone not in available_timezones():
        raise OpeningPast
    _approve(actor, locked, version, now)
    locked.opens_wall, locked.opens_zone = wall.strftime(WALL), zone
    if is_due(locked, now):
        raise OpeningPast
    return _take(
        actor, locked, "schedule", now,
        state=State.SCHEDULED, opens_wall=locked.opens_wall, opens_zone=zone,
    )  # fmt: skip


@transaction.atomic
def take_back_opening(*, actor: User, item: Item, now: datetime) -> Item:
    """Take back an opening by the clock: the item is in review again, its approval gone.

    Raises ``NotAllowed`` and ``WrongItemState``.
    """
    locked = lock_item(item)
    if not rules.can_publish_item(actor, locked):
        raise NotAllowed
    if locked.state != State.SCHEDULED:
        raise WrongItemState
    ItemVersion.objects.filter(pk=newest_version(locked).pk).update(
        approved_by=None, approved_at=None
    )
    return _take(actor, locked, "take_back", now, state=State.REVIEW, opens_wall="", opens_zone="")


@transaction.atomic
def open_due_items(*, now: datetime) -> int:
    """Let out what opens by the clock and whose time has come; return how many items."""
    count = 0
    for item in due_items(now):
        locked = lock_item(item)
        if locked.state == State.SCHEDULED and is_due(locked, now):
            _let_out(None, locked, newest_version(locked), now)
            count += 1
    return count


@transaction.atomic
def withdraw_item(*, actor: User, item: Item, reason: Mapping[str, str], now: datetime) -> Item:
    """Take a public item back: its address says why, and nothing else of it is read.

    Raises ``NotAllowed``, ``WrongItemState`` and ``ReasonMissing``.
    """
    locked = lock_item(item)
    if not rules.can_publish_item(actor, locked):
        raise NotAllowed
    if locked.published is None or locked.withdrawn_at:
        raise WrongItemState
    words = MultilingualText(reason)
    if not words:
        raise ReasonMissing
    remove_record(PUBLISHED, locked.pk)
    return _take(
        actor, locked, "withdraw", now, state=State.WITHDRAWN, withdrawn_at=now, withdrawal=words,
        modified_at=now, opens_wall="", opens_zone="",
    )  # fmt: skip


def _reviewed(actor: User, item: Item, number: int) -> tuple[Item, ItemVersion]:
    locked = lock_item(item)
    if not rules.can_publish_item(actor, locked):
        raise NotAllowed
    version = newest_version(locked)
    if locked.state != State.REVIEW or version.number != number:
        raise WrongItemState
    if not rules.is_second_person(actor, version):
        raise SecondPersonNeeded
    return locked, version


def _approve(actor: User, item: Item, version: ItemVersion, now: datetime) -> None:
    text = text_of(version)
    if item.kind in EQUAL_KINDS and any(
        difference.is_hard for difference in differences(text, item.language)
    ):
        raise LanguagesUnequal
    version.approved_by, version.approved_at = actor, now
    version.save(update_fields=["approved_by", "approved_at"])


def _let_out(actor: User | None, item: Item, version: ItemVersion, now: datetime) -> Item:
    """Make a version the public one; "last modified" moves only where the content does."""
    is_new = item.published is None or item.published.sha256 != version.sha256
    item.published = version
    index_record(PUBLISHED, document_of(item))
    return _take(
        actor, item, "publish", now, state=State.PUBLISHED, published=version,
        published_at=item.published_at or now,
        modified_at=now if is_new or item.withdrawn_at else item.modified_at,
        withdrawn_at=None, withdrawal={}, opens_wall="", opens_zone="",
    )  # fmt: skip


def _take(actor: User | None, item: Item, verb: str, now: datetime, **values: object) -> Item:
    before = item.state
    for name, value in {**values, "changed_at": now}.items():
        setattr(item, name, value)
    item.save(update_fields=[*values, "changed_at"])
    audit(actor, f"publishing.item.{verb}", item, at=now, changed={"state": [before, item.state]})
    return item
