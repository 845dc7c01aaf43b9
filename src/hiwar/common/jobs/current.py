"""What a task may say about itself while it runs."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.models import Job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

BETWEEN_TELLINGS = 1.0


class ClaimLost(Exception):  # noqa: N818 - named by what happened
    """The job is no longer this worker's: it was taken over or taken back."""


class Unfit(Exception):  # noqa: N818 - named by what is the case
    """A task cannot be done as things are; its text is shown and holds no personal detail.

    It is not tried again by itself.
    """


@dataclass(slots=True)
class _Current:
    key: UUID
    worker: str
    told_at: float
    share: float


_running: list[_Current] = []


@contextmanager
def running(key: UUID, worker: str) -> Iterator[None]:
    """Let `progress` know whose it is."""
    _running.append(_Current(key, worker, time.monotonic(), 0.0))
    try:
        yield
    finally:
        _running.pop()


def progress(share: float) -> None:
    """Tell how far the running task is, from 0 to 1; written once a second at most.

    Outside a worker it does nothing. Raises ``ClaimLost`` when another worker has the job, so that
    a task that tells its progress stops early.
    """
    if not _running:
        return
    current = _running[-1]
    if time.monotonic() - current.told_at < BETWEEN_TELLINGS or share <= current.share:
        return
    current.told_at, current.share = time.monotonic(), share
    mine = Job.objects.filter(pk=current.key, worker=current.worker, state=Job.State.RUNNING)
    if not mine.update(progress=min(max(share, 0.0), 1.0)):
        raise ClaimLost
