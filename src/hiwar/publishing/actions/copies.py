"""Copies of the public site: asked for at the desk, made by the queue, there for a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import jobs
from hiwar.common.files import FileKind
from hiwar.common.files.actions import erase_files, stage_file, store_file
from hiwar.common.files.types import UNKNOWN
from hiwar.publishing import rules
from hiwar.publishing.models import SiteCopy

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.models import StoredFile

KEY = "publishing.copy"
MOST_BYTES = 500 << 20


def may_read_copy(reader: Any, _file: StoredFile) -> bool:
    """Return whether somebody may take a copy of the site."""
    return rules.can_publish_items(reader)


# What is withdrawn from the site is not withdrawn from a copy: none is kept here for long.
COPY_FILE = FileKind(
    KEY, may_read_copy, frozenset([UNKNOWN]), size=MOST_BYTES, kept=timedelta(days=1)
)


@transaction.atomic
def ask_for_copy(*, actor: User, now: datetime) -> None:
    """Let the queue make a copy of the site. Raises ``NotAllowed``."""
    if not rules.can_publish_items(actor):
        raise NotAllowed
    jobs.enqueue("publishing.make_copy", key=KEY, now=now)


def keep_copy(*, content: bytes, pages: int, files: int, now: datetime) -> SiteCopy:
    """Keep a copy of the site in place of the one before; to be called outside a transaction."""
    staged = stage_file(kind=KEY, name="site", content=content, now=now)
    with transaction.atomic():
        older = list(SiteCopy.objects.exclude(file=None).values_list("file", flat=True))
        SiteCopy.objects.all().delete()
        erase_files(actor=None, keys=older, now=now)
        stored = store_file(actor=None, file=staged, now=now)
        return SiteCopy.objects.create(file=stored, pages=pages, files=files, made_at=now)
