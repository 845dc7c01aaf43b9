"""Prints of joint statements: made one by one beside the requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.common import jobs
from hiwar.dossiers.models import JointPrint

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


@transaction.atomic
def keep_print(*, print_: JointPrint, content: bytes, pages: int, now: datetime) -> bool:
    """Keep a finished print; False when one was kept before."""
    waiting = JointPrint.objects.filter(pk=print_.pk).exclude(state=JointPrint.State.DONE)
    return bool(
        waiting.update(
            state=JointPrint.State.DONE, content=content, pages=pages, made_at=now,
            error="", failures=0,
        )
    )  # fmt: skip


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
