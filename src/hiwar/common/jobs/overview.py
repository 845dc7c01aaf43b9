"""What people look after: workers, what waits, runs and failed, duties and their last success."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hiwar.common.jobs.queue import DUTY, LEASE
from hiwar.common.jobs.registry import discover, duties, options_of, paths_by_hold
from hiwar.common.jobs.words import words_of
from hiwar.common.models import Duty, Held, Job, Worker
from hiwar.common.pauses import standing

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

SHOWN = 50
GRACE = timedelta(minutes=10)
OFTEN = 3


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as the desk lists it; ``progress`` is from 0 to 1."""

    id: UUID
    label: str | _StrPromise
    state: str
    progress: float
    failures: int
    error: str | _StrPromise
    since: datetime | None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as the desk lists it; it is late after it missed two of its times."""

    name: str
    label: str | _StrPromise
    next_at: datetime
    last_success_at: datetime | None
    is_late: bool
    error: str | _StrPromise


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it at one moment."""

    workers: int
    last_beat: datetime | None
    running: list[JobLine]
    waiting: list[JobLine]
    waiting_count: int
    failed: list[JobLine]
    duties: list[DutyLine]


def overview(now: datetime) -> Overview:
    """Return what there is to see: what fails first, then what waits longest; newest failures."""
    discover()
    waiting = Job.objects.filter(state=Job.State.WAITING)
    newest = Worker.objects.order_by("-beat_at").first()
    return Overview(
        workers=Worker.objects.filter(beat_at__gt=now - LEASE).count(),
        last_beat=newest.beat_at if newest else None,
        running=_lines(Job.State.RUNNING, "task__started_at"),
        waiting=_lines(Job.State.WAITING, "-failures", "task__run_after"),
        waiting_count=waiting.count(),
        failed=_lines(Job.State.FAILED, "-task__finished_at"),
        duties=_duties(now),
    )


def has_worker(now: datetime) -> bool:
    """Tell whether any worker showed life lately."""
    return Worker.objects.filter(beat_at__gt=now - LEASE).exists()


def duty_lines(now: datetime) -> list[DutyLine]:
    """Return every duty with its last success and its next time."""
    return _duties(now)


def late_duties(now: datetime) -> list[DutyLine]:
    """Return the duties that missed two of their times."""
    return [line for line in _duties(now) if line.is_late]


def failing_jobs() -> int:
    """Return how many jobs failed for good, or fail again and again although they are retried."""
    often = Job.objects.filter(state=Job.State.WAITING, failures__gte=OFTEN)
    return Job.objects.filter(state=Job.State.FAILED).count() + often.count()


def other_jobs_waiting(_now: datetime) -> int:
    """Return how many jobs wait that are neither letters nor reminders nor of the clock."""
    kinds = paths_by_hold()
    others = [path for path, kind in kinds.items() if kind != Held.JOBS]
    waiting = Job.objects.filter(state=Job.State.WAITING)
    return waiting.exclude(task__task_path__in=others).count()


def _lines(state: str, *order: str) -> list[JobLine]:
    rows = Job.objects.filter(state=state).select_related("task").order_by(*order, "pk")[:SHOWN]
    return [
        JobLine(
            job.pk, options_of(job.task.task_path).label, job.state, job.progress, job.failures,
            words_of(job.error),
            job.task.finished_at or job.task.started_at or job.task.enqueued_at,
        )
        for job in rows
    ]  # fmt: skip


def _duties(now: datetime) -> list[DutyLine]:
    rows = Duty.objects.in_bulk()
    failing = (
        Job.objects.filter(key__startswith=DUTY).exclude(error="").order_by("task__enqueued_at")
    )
    errors = dict(failing.values_list("key", "error"))
    lines, held = [], standing().held
    for name, schedule in sorted(duties().items()):
        row = rows.get(name)
        if row is None:
            continue
        # One that never succeeded is late after its first time, which `next_at` has passed by then.
        since = row.last_success_at or row.next_at - schedule.period
        is_late = now > since + 2 * schedule.period + GRACE
        # What a pause holds waits because somebody wants it to.
        is_late = is_late and options_of(name).held not in held
        error = words_of(errors.get(DUTY + name, "")) if is_late else ""
        lines.append(
            DutyLine(name, options_of(name).label, row.next_at, row.last_success_at, is_late, error)
        )
    return lines
