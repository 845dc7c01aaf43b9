"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs
from hiwar.common.printing import PrintingAbsent
from hiwar.dossiers.actions import prints
from hiwar.dossiers.exports.joint_pages import print_statement
from hiwar.dossiers.models import JointPrint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@jobs.task(
    label=_("Print a joint statement"), slow=True, tries=prints.TRIES, give_up=prints.give_up_print
)
def make_print(key: str) -> None:
    """Print one joint statement in one language; a failure is counted."""
    waiting = JointPrint.objects.select_related("text__statement")
    wanted = waiting.filter(pk=key).exclude(state=JointPrint.State.DONE).first()
    if wanted is None:
        return
    try:
        printed = print_statement(wanted.text, wanted.language)
    except Exception as error:
        # What is absent from the system is said in words; of a fault no value is kept.
        text = str(error) if isinstance(error, PrintingAbsent) else type(error).__name__
        prints.fail_print(print_=wanted, error=text)
        raise
    prints.keep_print(
        print_=wanted, content=printed.content, pages=printed.pages, now=timezone.now()
    )


@jobs.watch(every=timedelta(minutes=1))
def prints_that_wait(now: datetime) -> Iterator[jobs.Wish]:
    """Ask for prints that wait with nothing in the queue, as those of an earlier version do."""
    asked = jobs.open_keys("dossiers.print ")
    for row in JointPrint.objects.filter(state=prints.WAITING, asked_at__lte=now).only("pk"):
        if prints.print_key(row) not in asked:
            yield jobs.Wish("dossiers.make_print", (row.pk,), prints.print_key(row))
