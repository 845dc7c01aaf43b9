"""Work beside the requests: what opens by the clock opens by itself."""

from __future__ import annotations

import tempfile
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import the_institution
from hiwar.common import jobs
from hiwar.common.models import Held
from hiwar.common.moving.packing import ZipSink
from hiwar.common.tables.lending import public_tables
from hiwar.publishing.actions import copies, openings, pictures
from hiwar.publishing.actions.open_data import note_tables, sign_list
from hiwar.publishing.exports.archive import write_archive
from hiwar.publishing.exports.open_data import files_of


@jobs.duty(every=timedelta(minutes=1))
@jobs.task(label=_("Publish what opens by the clock"), held=Held.SCHEDULES)
def open_due_items() -> None:
    """Publish what opens by the clock of its place and whose time has come."""
    openings.open_due_items(now=timezone.now())


@jobs.duty(every=timedelta(minutes=10))
@jobs.task(label=_("Note what changed in the open data"))
def note_open_data() -> None:
    """Note rows and checksums of every public table, and since when each is as it is."""
    now = timezone.now()
    note_tables(tables=[files_of(table, now) for table in public_tables()], now=now)
    sign_list(now=now)


@jobs.task(label=_("Make a copy of the site"), slow=True, budget=timedelta(hours=1))
def make_copy() -> None:
    """Write the whole public site into one file and keep it for a day."""
    now = timezone.now()
    with tempfile.TemporaryFile(prefix="hiwar-copy-") as target:
        sink = ZipSink(target)
        copied = write_archive(sink, the_institution(), now)
        sink.close()
        target.seek(0)
        content = target.read()
    copies.keep_copy(content=content, pages=copied.pages, files=copied.files, now=timezone.now())


# The page of the picture shows the job itself, and tells what failed while it is tried again.
@jobs.task(
    label=_("Draw a picture in its sizes"), slow=True, budget=timedelta(minutes=3), tries=None
)
def draw_picture(key: str) -> None:
    """Draw the renditions of a picture that lies on the shelf, in place of those there are."""
    pictures.draw_picture(key=key, now=timezone.now())
