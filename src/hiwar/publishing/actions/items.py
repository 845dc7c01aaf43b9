"""Items of the site: begun, written in versions, brought together where two wrote at once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.engine import blocks as engine
from hiwar.publishing import rules
from hiwar.publishing.models import Item, ItemVersion
from hiwar.publishing.queries.content import Text, text_from, text_of
from hiwar.publishing.queries.items import CODE_LENGTH, newest_version

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier
    from hiwar.publishing.models import Picture

# Letters that are not taken for one another on paper and on the telephone.
LETTERS = "abcdefghjkmnpqrstuvwxyz"

MOST_BLOCKS = 30
LONGEST = 5000


class TooManyBlocks(Refused):
    """An item is short; what is long is a paper."""

    code = "item_too_many_blocks"
    message = _("An item holds at most 30 parts. What is longer is a paper.")


class PartTooLong(Refused):
    """A part of an item is one paragraph."""

    code = "item_part_too_long"
    message = _("This part is too long. Cut it into several parts.")


class TitleMissing(Refused):
    """An item is called something in the language it is written in."""

    code = "item_title_missing"
    message = _("Write the title in the language that the item is written in.")


class SavedMeanwhile(Refused):
    """Two people changed the same words; a person decides, with both texts in front of them.

    ``theirs`` holds language and words as the other one saved them in ``version``; ``proposal`` is
    the text of both, with the words of the one who was refused where they clash.
    """

    code = "item_saved_meanwhile"
    message = _(
        "Somebody else saved this item meanwhile and changed the same words. Nothing of theirs was"
        " overwritten; yours stand below. Take over what you need and save again."
    )

    def __init__(self, merged: engine.Merged, version: ItemVersion) -> None:
        super().__init__()
        choices = [choice for choice in merged.choices if choice.what == "text"]
        self.version = version
        self.theirs = [(choice.language, choice.current[choice.language]) for choice in choices]
        mine = {(choice.key, choice.language): choice.mine[choice.language] for choice in choices}
        self.proposal = text_from(
            engine.Block(block.key, block.kind, {
                language: mine.get((block.key, language), words)
                for language, words in block.texts.items()
            })
            for block in merged.blocks
        )  # fmt: skip


@transaction.atomic
def start_item(
    *, actor: User, kind: str, language: str, text: Text, now: datetime,
    dossier: Dossier | None = None, picture: Picture | None = None, **values: Any,
) -> Item:  # fmt: skip
    """Begin an item with its first version.

    ``values`` may hold ``closes_on`` and ``is_demo``. Raises ``NotAllowed``,
    ``TitleMissing``, ``TooManyBlocks``, ``PartTooLong`` and ``ValidationError``.
    """
    may = rules.can_edit_items(actor)
    if not may or (dossier is not None and not is_readable_by(actor, dossier)):
        raise NotAllowed
    item = Item(
        kind=kind, code=_new_code(), language=language, dossier=dossier,
        started_by=actor, changed_at=now, **values,
    )  # fmt: skip
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("This house does not speak that language.")})
    _check(item, text)
    item.full_clean()
    item.save()
    _keep(actor, item, 1, text, now, picture=picture)
    audit(actor, "publishing.item.start", item, at=now)
    return item


@transaction.atomic
def save_item(
    *, actor: User, item: Item, base: int, text: Text, now: datetime, **values: Any
) -> ItemVersion:
    """Keep what somebody made of version ``base``; what others saved meanwhile is joined with it.

    ``values`` may hold ``dossier``, ``closes_on`` and ``picture``. The item goes back
    to the draft: approval belongs to a version. What is public stays as it is. Raises
    ``NotAllowed``, ``SavedMeanwhile``, ``TitleMissing``, ``TooManyBlocks``, ``PartTooLong`` and
    ``ValidationError``.
    """
    locked = lock_item(item)
    dossier = values.get("dossier", locked.dossier)
    may = rules.can_edit_item(actor, locked)
    if not may or (dossier is not None and not is_readable_by(actor, dossier)):
        raise NotAllowed
    newest = newest_version(locked)
    began = ItemVersion.objects.filter(item=locked, number=base).first() or newest
    joined = _joined(text_of(began), text_of(newest), text, newest)
    _check(locked, joined)
    locked.dossier = dossier
    locked.closes_on = values.get("closes_on", locked.closes_on)
    picture = values.get("picture", newest.picture)
    if picture == began.picture:
        picture = newest.picture
    is_same = engine.checksum(joined.content()) == newest.sha256 and picture == newest.picture
    version = (
        newest if is_same else _keep(actor, locked, newest.number + 1, joined, now, picture=picture)
    )
    if not is_same:
        locked.state = Item.State.DRAFT
        locked.opens_wall = locked.opens_zone = ""
    locked.changed_at = now
    locked.full_clean()
    locked.save(update_fields=[
        "dossier", "closes_on", "state", "opens_wall", "opens_zone", "changed_at",
    ])  # fmt: skip
    audit(actor, "publishing.item.save", locked, at=now, changed={"version": version.number})
    return version


@transaction.atomic
def restore_version(*, actor: User, item: Item, number: int, now: datetime) -> ItemVersion:
    """Keep an old version again as the newest. Raises ``NotAllowed`` and ``DoesNotExist``."""
    old = ItemVersion.objects.get(item=item, number=number)
    newest = newest_version(lock_item(item))
    return save_item(
        actor=actor, item=item, base=newest.number, text=text_of(old), now=now,
        picture=old.picture,
    )  # fmt: skip


def lock_item(item: Item) -> Item:
    """Hold an item for writing."""
    return Item.objects.select_for_update(of=("self",)).get(pk=item.pk)


def _joined(began: Text, current: Text, mine: Text, newest: ItemVersion) -> Text:
    merged = engine.merge(began.all_blocks(), current.all_blocks(), mine.all_blocks())
    # The same words typed twice within one text are a wish.
    if any(choice.what != "doubled" for choice in merged.choices):
        raise SavedMeanwhile(merged, newest)
    return text_from(merged.blocks)


def _check(item: Item, text: Text) -> None:
    if not text.title.get(item.language):
        raise TitleMissing
    if len(text.blocks) > MOST_BLOCKS:
        raise TooManyBlocks
    if any(len(words) > LONGEST for block in text.blocks for words in block.texts.values()):
        raise PartTooLong


def _keep(
    actor: User,
    item: Item,
    number: int,
    text: Text,
    now: datetime,
    *,
    picture: Picture | None,
) -> ItemVersion:
    content = text.content()
    version = ItemVersion(
        item=item, number=number, title=dict(text.title), content=engine.canonical_text(content),
        sha256=engine.checksum(content), saved_by=actor, saved_at=now,
        picture=picture,
    )  # fmt: skip
    version.full_clean(exclude=["item"])
    version.save()
    return version


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH))
        if not Item.objects.filter(code=code).exists():
            return code
