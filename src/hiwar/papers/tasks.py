"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs
from hiwar.common.models import Held
from hiwar.common.printing import PrintingAbsent
from hiwar.papers.actions import embargo, files
from hiwar.papers.exports.document import document_of
from hiwar.papers.exports.printing import print_version
from hiwar.papers.models import PaperFile
from hiwar.papers.queries.files import waiting_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@jobs.task(
    label=_("Make a file of a paper"), slow=True, tries=files.TRIES, give_up=files.give_up_file
)
def make_file(key: str) -> None:
    """Make one file of a frozen text; a failure is counted."""
    rows = PaperFile.objects.select_related("version__paper", "version__signed_version")
    row = rows.filter(pk=key).exclude(state=PaperFile.State.DONE).first()
    if row is None:
        return
    pages = 0
    try:
        if row.form == PaperFile.Form.PDF:
            printed = print_version(row.version, row.language)
            content, pages = printed.content, printed.pages
        else:
            content = document_of(row.version, row.language)
        files.keep_made_file(row=row, content=content, pages=pages, now=timezone.now())
    except Exception as error:
        # What is absent from the system is said in words; of a fault no value is kept.
        text = str(error) if isinstance(error, PrintingAbsent) else type(error).__name__
        files.fail_file(row=row, error=text)
        raise


@jobs.watch(every=timedelta(minutes=1))
def files_that_wait(now: datetime) -> Iterator[jobs.Wish]:
    """Ask for files that wait with nothing in the queue."""
    asked = jobs.open_keys("papers.file ")
    for row in waiting_files().filter(asked_at__lte=now).only("pk"):
        if files.file_key(row) not in asked:
            yield jobs.Wish("papers.make_file", (row.pk,), files.file_key(row))


@jobs.duty(every=timedelta(minutes=1))
@jobs.task(label=_("Open papers whose embargo ends"), held=Held.SCHEDULES)
def open_due_papers() -> None:
    """Open every paper whose hour has come on the clock of its place."""
    embargo.open_due_papers(now=timezone.now())
