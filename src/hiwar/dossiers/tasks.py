"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from hiwar.common.printing import PrintingAbsent
from hiwar.dossiers.actions import prints
from hiwar.dossiers.exports.joint_pages import print_statement
from hiwar.dossiers.models import JointPrint

if TYPE_CHECKING:
    from uuid import UUID


def make_print(key: UUID, worker: str) -> None:
    """Print one joint statement in one language; a failure is counted."""
    wanted = JointPrint.objects.select_related("text__statement").get(pk=key)
    try:
        printed = print_statement(wanted.text, wanted.language)
    except Exception as error:  # noqa: BLE001 -- whatever breaks a print is counted and tried again
        # What is absent from the system is said in words; of a fault no value is kept.
        text = str(error) if isinstance(error, PrintingAbsent) else type(error).__name__
        prints.fail_print(print_=wanted, worker=worker, error=text, now=timezone.now())
        return
    prints.keep_print(
        print_=wanted, worker=worker, content=printed.content, pages=printed.pages,
        now=timezone.now(),
    )  # fmt: skip
