"""Prints of joint statements: made one by one under a claim, beside the requests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from hiwar.dossiers.models import JointPrint

if TYPE_CHECKING:
    from datetime import datetime

LEASE = timedelta(seconds=120)
AGAIN_AFTER = timedelta(seconds=2)
TRIES = 3
WAITING = JointPrint.State.WAITING


@transaction.atomic
def claim_print(*, worker: str, now: datetime, lease: timedelta = LEASE) -> JointPrint | None:
    """Take the oldest print that nobody makes; a claim ends by itself when its worker dies."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = JointPrint.objects.filter(free, state=WAITING)
    for one in waiting.order_by("asked_at", "language", "pk")[:5]:
        taken = JointPrint.objects.filter(free, pk=one.pk, state=WAITING)
        if taken.update(worker=worker, lease_until=now + lease):
            one.refresh_from_db()
            return one
    return None


@transaction.atomic
def keep_print(
    *, print_: JointPrint, worker: str, content: bytes, pages: int, now: datetime
) -> bool:
    """Keep a finished print; False when the claim was lost."""
    mine = JointPrint.objects.filter(pk=print_.pk, worker=worker, state=WAITING)
    return bool(
        mine.update(
            state=JointPrint.State.DONE, content=content, pages=pages, made_at=now, worker="",
            lease_until=None, error="", failures=0,
        )
    )  # fmt: skip


@transaction.atomic
def fail_print(*, print_: JointPrint, worker: str, error: str, now: datetime) -> None:
    """Count a failure; the third one is the last."""
    for mine in JointPrint.objects.select_for_update().filter(pk=print_.pk, worker=worker):
        mine.failures += 1
        mine.error, mine.worker, mine.lease_until = error[:200], "", now + AGAIN_AFTER
        if mine.failures >= TRIES:
            mine.state = JointPrint.State.FAILED
        mine.save(update_fields=["failures", "error", "worker", "lease_until", "state"])


@transaction.atomic
def ask_print_again(*, print_: JointPrint, now: datetime) -> None:
    """Let a print that failed be made again."""
    failed = JointPrint.objects.filter(pk=print_.pk, state=JointPrint.State.FAILED)
    failed.update(state=WAITING, failures=0, error="", lease_until=None, asked_at=now)
