"""Pictures of the site: brought in, described, drawn in their sizes, withdrawn with all files."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.analysis.pictures import PictureAnswer
from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.files.actions import erase_files, read_file, stage_file, store_file
from hiwar.common.refusals import Refused
from hiwar.publishing import rules
from hiwar.publishing.actions.items import LETTERS
from hiwar.publishing.models import Picture, Rendition, SiteCopy
from hiwar.publishing.queries.pictures import (
    ORIGINAL_CODE,
    RENDITION_CODE,
    WIDTHS,
    public_uses,
    read_picture,
)

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.files.uploads import SentFile

CODE_LENGTH = 24
WHAT_IS_SAID = (
    "alternative", "is_decoration", "caption", "credit", "taken_on", "place", "focus_x", "focus_y",
    "shows_people", "consent_by", "consent_until", "consent_record",
)  # fmt: skip


class PictureWithdrawn(Refused):
    """A picture that was withdrawn does not come back."""

    code = "picture_withdrawn"
    message = _("This picture was withdrawn; nothing of it is left. Bring it in anew.")


def add_picture(*, actor: User, sent: SentFile, now: datetime, **said: Any) -> Picture:
    """Put a picture on the shelf and let it be drawn; to be called outside a transaction.

    ``said`` holds any of ``WHAT_IS_SAID``. Raises ``NotAllowed``, ``ValidationError`` and what
    `stage_file` and `read_picture` refuse.
    """
    if not rules.can_edit_items(actor):
        raise NotAllowed
    reading = sent.reading if isinstance(sent.reading, PictureAnswer) else None
    reading = reading or read_picture(sent.content)
    # How a file was called is kept nowhere: it may be the name of somebody.
    staged = stage_file(kind=ORIGINAL_CODE, name="picture", content=sent.content, now=now)
    with transaction.atomic():
        stored = store_file(actor=actor, file=staged, now=now)
        picture = Picture(
            code="".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH)),
            original=stored, width=reading.width, height=reading.height, added_by=actor,
            added_at=now, **said,
        )  # fmt: skip
        picture.full_clean()
        picture.save()
        audit(actor, "publishing.picture.add", picture, at=now)
        jobs.enqueue(
            "publishing.draw_picture", picture.pk, key=f"publishing.picture {picture.pk}", now=now
        )
    return picture


@transaction.atomic
def change_picture(*, actor: User, picture: Picture, now: datetime, **said: Any) -> Picture:
    """Change what is said of a picture. Raises ``NotAllowed``, ``PictureWithdrawn``."""
    locked = _locked(actor, picture)
    changed = [
        name for name in WHAT_IS_SAID if name in said and getattr(locked, name) != said[name]
    ]
    for name in changed:
        setattr(locked, name, said[name])
    locked.full_clean()
    locked.save(update_fields=changed)
    audit(actor, "publishing.picture.change", locked, at=now, changed={"fields": changed})
    return locked


def draw_picture(*, key: str, now: datetime) -> None:
    """Draw the renditions of a picture, in place of those there are; outside a transaction."""
    picture = Picture.objects.filter(pk=key, withdrawn_at=None).select_related("original").first()
    if picture is None or picture.original is None:
        return
    drawn = read_picture(read_file(picture.original), WIDTHS).drawn
    staged = [
        (each, stage_file(kind=RENDITION_CODE, name="picture", content=each.content, now=now))
        for each in drawn
    ]
    with transaction.atomic():
        locked = Picture.objects.select_for_update(of=("self",)).get(pk=key)
        if locked.withdrawn_at is not None:
            return
        _erase_renditions(None, locked, now)
        for each, file in staged:
            Rendition.objects.create(
                picture=locked, file=store_file(actor=None, file=file, now=now), kind=each.kind,
                width=each.width, height=each.height,
            )  # fmt: skip


@transaction.atomic
def withdraw_picture(*, actor: User, picture: Picture, now: datetime) -> Picture:
    """Take a picture off every page at once and destroy every file of it.

    Who agreed and the record go too; copies of the site that were kept here are destroyed. Raises
    ``NotAllowed`` and ``PictureWithdrawn``.
    """
    locked = _locked(actor, picture)
    pages = list(public_uses(locked).values_list("code", flat=True))
    original = locked.original_id
    destroyed = _erase_renditions(actor, locked, now)
    locked.original = None
    locked.withdrawn_by, locked.withdrawn_at = actor, now
    locked.consent_by = locked.consent_record = locked.credit = locked.place = ""
    locked.consent_until = locked.taken_on = None
    locked.caption, locked.alternative = {}, {}
    locked.save()
    destroyed += erase_files(actor=actor, keys=[original] if original else [], now=now)
    copies = list(SiteCopy.objects.exclude(file=None).values_list("file", flat=True))
    SiteCopy.objects.all().delete()
    erase_files(actor=actor, keys=copies, now=now)
    locked.destroyed = destroyed
    locked.save(update_fields=["destroyed"])
    changed = {"pages": pages, "files": destroyed, "copies": len(copies)}
    audit(actor, "publishing.picture.withdraw", locked, at=now, changed=changed)
    return locked


def _erase_renditions(actor: User | None, picture: Picture, now: datetime) -> int:
    keys = list(picture.renditions.values_list("file", flat=True))
    picture.renditions.all().delete()
    return erase_files(actor=actor, keys=keys, now=now)


def _locked(actor: User, picture: Picture) -> Picture:
    if not rules.can_edit_items(actor):
        raise NotAllowed
    locked = Picture.objects.select_for_update(of=("self",)).get(pk=picture.pk)
    if locked.withdrawn_at is not None:
        raise PictureWithdrawn
    return locked
