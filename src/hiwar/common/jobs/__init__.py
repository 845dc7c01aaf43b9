"""Work beside the requests: one queue in the database, one kind of worker, duties by the clock.

A room writes a function of ids in its `tasks` module, safe to run twice, and marks it::

    @jobs.task(slow=True, budget=timedelta(minutes=10))
    def make_pack(key: str) -> None: ...

Its actions ask for it by name, inside the transaction whose data it reads::

    jobs.enqueue("visits.make_pack", build.pk, key=f"visits.pack {build.pk}", now=now)

What returns by the clock is a duty (`jobs.duty`); what follows from data that no action announces
is seen by a watch (`jobs.watch`). Only this package starts processes and runs loops of work.
"""

from __future__ import annotations

from hiwar.common.jobs.current import ClaimLost, Unfit, progress
from hiwar.common.jobs.queue import JobState, cancel, enqueue, open_keys, retry, state_of
from hiwar.common.jobs.registry import Wish, duty, task, watch

__all__ = [
    "ClaimLost",
    "JobState",
    "Unfit",
    "Wish",
    "cancel",
    "duty",
    "enqueue",
    "open_keys",
    "progress",
    "retry",
    "state_of",
    "task",
    "watch",
]
