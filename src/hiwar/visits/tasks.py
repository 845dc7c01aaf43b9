"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs
from hiwar.common.printing import PrintingAbsent
from hiwar.visits.actions import packs, travellers
from hiwar.visits.exports.pack import print_pack
from hiwar.visits.models import PackBuild

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@jobs.task(
    label=_("Print a pack"),
    slow=True,
    tries=packs.TRIES,
    budget=timedelta(minutes=15),
    give_up=packs.give_up_pack,
)
def make_pack(key: str) -> None:
    """Make the files that a pack still owes, one after the other; a failure is counted."""
    build = PackBuild.objects.select_related("visit").filter(pk=key).exclude(state="done").first()
    if build is None:
        return
    missing = packs.missing_files(build)
    done = len(build.wanted) - len(missing)
    try:
        for number, (variant, language) in enumerate(missing, done):
            jobs.progress(number / len(build.wanted))
            printed = print_pack(build.visit, variant=variant, language=language)
            packs.keep_file(
                build=build,
                variant=variant,
                language=language,
                content=printed.content,
                pages=printed.pages,
                now=timezone.now(),
            )
    except PrintingAbsent as absent:
        packs.fail_pack(build=build, error=str(absent))
        raise
    except jobs.ClaimLost:
        raise
    except Exception as error:
        packs.fail_pack(build=build, error=type(error).__name__)
        raise
    packs.finish_pack(build=build, now=timezone.now())


@jobs.watch(every=timedelta(minutes=1))
def packs_that_wait(now: datetime) -> Iterator[jobs.Wish]:
    """Ask for packs that wait with nothing in the queue, as those of an earlier version do."""
    asked = jobs.open_keys("visits.pack ")
    for build in PackBuild.objects.filter(state="waiting", asked_at__lte=now).only("pk"):
        if packs.pack_key(build) not in asked:
            yield jobs.Wish("visits.make_pack", (build.pk,), packs.pack_key(build))


@jobs.duty(at=time(0, 20))
@jobs.task(label=_("Delete travel documents whose day has come"), held="")
def delete_documents() -> None:
    """Delete the travel documents whose day has come."""
    travellers.delete_due_documents(today=timezone.localdate())
