"""Prints of joint statements: made one by one beside the requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.common import jobs
from hiwar.common.files.actions import stage_file, store_file
from hiwar.dossiers.models import JointPrint
from hiwar.dossiers.queries.files import CODE

if TYPE_CHECKING:
    from datetime import datetime

TRIES = 3
WAITING = JointPrint.State.WAITING


def print_key(print_: JointPrint) -> str:
    """Return the key of the job that makes a print."""
    return f"dossiers.print {print_.pk}"


@transaction.atomic
def ask_print(*, print_: JointPrint, now: datetime) -> None:
    """Let a print be made, or made again after it failed."""
    JointPrint.objects.filter(pk=print_.pk, state=JointPrint.State.FAILED).update(
        state=WAITING, failures=0, error="", asked_at=now
    )
    jobs.enqueue("dossiers.make_print", print_.pk, key=print_key(print_), now=now)


def keep_print(*, print_: JointPrint, content: bytes, pages: int, now: datetime) -> bool:
    """Keep a finished print; False when one was kept before.

    The disk is waited for before the transaction. Raises what ``stage_file`` raises.
    """
    text = print_.text
    name = f"{text.statement.code}-{text.number}-{print_.language}.pdf"
    staged = stage_file(kind=CODE, name=name, content=content, now=now)
    with transaction.atomic():
        locked = JointPrint.objects.select_for_update().filter(pk=print_.pk).first()
        if locked is None or locked.state == JointPrint.State.DONE:
            return False
        locked.file = store_file(actor=None, file=staged, now=now)
        locked.state, locked.pages, locked.made_at = JointPrint.State.DONE, pages, now
        locked.error, locked.failures = "", 0
        locked.save()
    return True


@transaction.atomic
def fail_print(*, print_: JointPrint, error: str) -> None:
    """Count a failure; the third one is the last."""
    for row in JointPrint.objects.select_for_update().filter(pk=print_.pk, state=WAITING):
        row.failures += 1
        row.error = error[:200]
        if row.failures >= TRIES:
            row.state = JointPrint.State.FAILED
        row.save(update_fields=["failures", "error", "state"])


@transaction.atomic
def give_up_print(*, key: str, error: str) -> None:
    """Mark a print failed whose job failed for good without telling, as a killed process does."""
    JointPrint.objects.filter(pk=key, state=WAITING).update(
        state=JointPrint.State.FAILED, error=error[:200]
    )
