"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from hiwar.common.printing import PrintingAbsent
from hiwar.visits.actions import packs
from hiwar.visits.exports.pack import print_pack
from hiwar.visits.models import PackBuild

if TYPE_CHECKING:
    from datetime import timedelta
    from uuid import UUID


def make_pack(key: UUID, worker: str, lease: timedelta = packs.LEASE) -> None:
    """Make the files that a pack still owes, one after the other; a failure is counted."""
    build = PackBuild.objects.select_related("visit").get(pk=key)
    try:
        for variant, language in packs.missing_files(build):
            printed = print_pack(build.visit, variant=variant, language=language)
            is_mine = packs.keep_file(
                build=build,
                worker=worker,
                variant=variant,
                language=language,
                content=printed.content,
                pages=printed.pages,
                now=timezone.now(),
                lease=lease,
            )
            if not is_mine:
                return
    except Exception as error:  # noqa: BLE001 -- whatever breaks a pack is counted and tried again
        # What is absent from the system is said in words; of a fault no value is kept.
        text = str(error) if isinstance(error, PrintingAbsent) else type(error).__name__
        packs.fail_pack(build=build, worker=worker, error=text, now=timezone.now())
        return
    packs.finish_pack(build=build, worker=worker, now=timezone.now())
