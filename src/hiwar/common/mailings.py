"""Letters to many, portion by portion: the first in the request, all others in a job.

A room says how it writes one portion (`register_mailing`): at most so many letters, each handed in
with `post` under a key that it would have again, and how many are left. Its action begins the
mailing (`begin_mailing`) in its own transaction. A portion is a transaction: whoever dies loses one
at most, and it is written again. What goes to few is written whole before the action ends; what
goes to thousands lets nobody wait, and its sending is looked at once it is whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.common import jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from hiwar.common.post import Batch

PORTION = 200
TASK = "common.write_letters"


@dataclass(frozen=True, slots=True)
class Portion:
    """What is to be written now: about which record, in which sending, how many letters at most."""

    subject: UUID
    batch: Batch
    most: int
    at: datetime


_mailings: dict[str, Callable[[Portion], int]] = {}


def register_mailing(code: str, write: Callable[[Portion], int]) -> None:
    """Let a room say how it writes a portion; it returns how many letters are left."""
    _mailings[code] = write


@transaction.atomic
def begin_mailing(code: str, subject: UUID, batch: Batch, *, now: datetime) -> bool:
    """Write the first portion, and let a job write the others; return whether there are any."""
    left = _mailings[code](Portion(subject, batch, PORTION, now))
    if left:
        args = (code, subject, batch.key, batch.made_by)
        jobs.enqueue(TASK, *args, key=_key(batch.key), now=now)
    return left > 0


def go_on(code: str, subject: UUID, batch: Batch, clock: Callable[[], datetime]) -> None:
    """Write what a mailing still owes; safe to run twice, and to die in."""
    all_of_it = before = 0
    while True:
        left = _mailings[code](Portion(subject, batch, PORTION, clock()))
        if not left:
            return
        if left == before:
            message = f"{code}: a portion wrote nothing"
            raise RuntimeError(message)
        all_of_it, before = all_of_it or left + PORTION, left
        jobs.progress(1 - left / all_of_it)


def state_of_mailing(batch: UUID) -> jobs.JobState | None:
    """Return how far the job of a sending is that is still written; None once it is whole."""
    state = jobs.state_of(_key(batch))
    return None if state is None or state.state == "done" else state


def _key(batch: UUID) -> str:
    return f"common.mailing {batch}"
