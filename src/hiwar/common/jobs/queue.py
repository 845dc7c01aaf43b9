"""The queue: asked for, claimed, told, finished, failed, taken back."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from hiwar.common.jobs.bell import ring
from hiwar.common.jobs.current import Unfit
from hiwar.common.jobs.registry import SLOW, duties, options_of, paths_by_hold, task_named
from hiwar.common.jobs.words import LOST, WORKER_ENDED, words_of
from hiwar.common.models import Duty, Held, Job, Worker
from hiwar.common.pauses import standing

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_tasks.base import Task

LEASE = timedelta(seconds=30)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(hours=1)
KEPT_DONE, KEPT_FAILED = timedelta(days=1), timedelta(days=30)
DUTY = "duty "
State = Job.State
PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class JobState:
    """The newest job of a key, as a page shows it; ``progress`` is from 0 to 1."""

    id: UUID
    state: str
    progress: float
    failures: int
    error: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Return whether it waits or runs."""
        return self.state in {State.WAITING, State.RUNNING}

    @property
    def percent(self) -> int:
        """Return how much is done, from 0 to 100."""
        return round(100 * self.progress)


@transaction.atomic
def enqueue(
    name: str | Task[Any, Any],
    *args: object,
    key: str = "",
    after: datetime | None = None,
    priority: int = 0,
    now: datetime,
) -> UUID:
    """Ask for a task by its name ``room.function``; it begins after this transaction's commit.

    Parameters
    ----------
    args : str, int or UUID
        Ids of what the task reads; never a text or a name.
    key : str
        Of jobs with one key, one waits and one runs at most. A wish that finds one waiting is
        served by it; one that finds it running is served by the next run.
    after : datetime
        Not before then.
    priority : int
        From -100 to 100; higher comes first.

    Returns
    -------
    UUID
        The job that will serve the wish.
    """
    named = task_named(name) if isinstance(name, str) else name
    task = named.using(run_after=after or now, priority=priority)
    plain = [str(arg) if isinstance(arg, UUID) else arg for arg in args]
    transaction.on_commit(ring)
    while True:
        if key:
            # Locked, so that it does not begin before the data of this transaction can be seen.
            waiting = DBTaskResult.objects.select_for_update().filter(
                job__key=key, job__state=State.WAITING
            )
            for row in waiting:
                if row.run_after > (after or now) and not row.job.failures:
                    row.run_after = after or now
                    row.save(update_fields=["run_after"])
                return row.pk  # type: ignore[no-any-return]
        try:
            with transaction.atomic():
                asked = UUID(task.enqueue(*plain).id)
                Job.objects.filter(pk=asked).update(key=key)
                return asked
        except IntegrityError:
            if not key:
                raise


def state_of(key: str) -> JobState | None:
    """Return the newest job of a key, or None."""
    jobs = Job.objects.filter(key=key).select_related("task")
    job = jobs.order_by("-task__enqueued_at", "pk").first()
    if job is None:
        return None
    row = job.task
    return JobState(
        job.pk, job.state, job.progress, job.failures, job.error, row.enqueued_at, row.started_at,
        row.finished_at,
    )  # fmt: skip


def open_keys(prefix: str) -> set[str]:
    """Return the keys with this beginning under which a job waits or runs."""
    jobs = Job.objects.filter(key__startswith=prefix, state__in=(State.WAITING, State.RUNNING))
    return set(jobs.values_list("key", flat=True))


@transaction.atomic
def retry(*, key: UUID, now: datetime) -> bool:
    """Let a job that failed, or that pauses after a failure, begin now; False where it cannot."""
    try:
        with transaction.atomic():
            job = Job.objects.filter(pk=key, state__in=(State.WAITING, State.FAILED))
            if not job.update(state=State.WAITING, failures=0, error=""):
                return False
    except IntegrityError:
        return False  # the same wish waits already
    DBTaskResult.objects.filter(pk=key).update(
        status=TaskResultStatus.READY, run_after=now, finished_at=None
    )
    transaction.on_commit(ring)
    return True


@transaction.atomic
def cancel(*, key: str) -> int:
    """Take back what waits under a key; what runs goes on. Return how many were taken back."""
    waiting = DBTaskResult.objects.filter(job__key=key, job__state=State.WAITING)
    count = waiting.count()
    waiting.delete()
    return count


def _ready(now: datetime, *, without_slow: bool) -> QuerySet[DBTaskResult[Any, Any]]:
    same = Job.objects.filter(key=OuterRef("job__key"), state=State.RUNNING).exclude(key="")
    ready = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, run_after__lte=now, job__isnull=False
    ).exclude(Exists(same))
    free = _not_held(ready)
    return free.exclude(queue_name=SLOW) if without_slow else free


def _not_held(
    ready: QuerySet[DBTaskResult[Any, Any]],
) -> QuerySet[DBTaskResult[Any, Any]]:
    """Leave out what a pause holds; a task that no room registers any more is other work."""
    held = standing().held
    if not held:
        return ready
    kinds = paths_by_hold()
    if Held.JOBS in held:
        return ready.filter(
            task_path__in=[path for path, kind in kinds.items() if kind not in held]
        )
    return ready.exclude(task_path__in=[path for path, kind in kinds.items() if kind in held])


def claim(
    *, worker: str, without_slow: bool = False, now: datetime
) -> DBTaskResult[Any, Any] | None:
    """Take the next job for a worker. Looking takes no lock: on SQLite votes would wait for it."""
    ready = _ready(now, without_slow=without_slow)
    if not ready.exists():
        return None
    try:
        with transaction.atomic():
            row = ready.select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                return None
            row.status, row.started_at = TaskResultStatus.RUNNING, now
            row.worker_ids = [*row.worker_ids, worker][-10:]
            row.save(update_fields=["status", "started_at", "worker_ids"])
            Job.objects.filter(pk=row.pk).update(state=State.RUNNING, worker=worker, progress=0.0)
    except IntegrityError:
        return None  # another worker began a job of the same key
    return row


def _held(key: UUID, worker: str) -> Job | None:
    """Return the running job if the worker still has it, locked until the end."""
    mine = Job.objects.select_for_update().filter(pk=key, worker=worker, state=State.RUNNING)
    return mine.first()


@transaction.atomic
def finish(*, key: UUID, worker: str, now: datetime) -> bool:
    """Keep that a job is done; False when the worker no longer has it."""
    job = _held(key, worker)
    if job is None:
        return False
    job.state, job.worker, job.progress, job.failures, job.error = State.DONE, "", 1.0, 0, ""
    job.save()
    DBTaskResult.objects.filter(pk=key).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=now, exception_class_path="", traceback=""
    )
    if job.key.startswith(DUTY):
        Duty.objects.filter(name=job.key.removeprefix(DUTY)).update(last_success_at=now)
    return True


def fail(*, key: UUID, worker: str, error: BaseException | str, now: datetime) -> bool:
    """Count a failure: the job pauses, each time twice as long, or stays failed at the last try.

    Of a fault its kind and its place are kept, never its values. False when the worker no longer
    has the job.
    """
    return _give_back(key=key, worker=worker, error=error, counts=True, now=now)


def release(*, key: UUID, worker: str, now: datetime) -> bool:
    """Give a job back untouched, because its worker was told to stop."""
    return _give_back(key=key, worker=worker, error="", counts=False, now=now)


@transaction.atomic
def _give_back(
    *, key: UUID, worker: str, error: BaseException | str, counts: bool, now: datetime
) -> bool:
    job = _held(key, worker)
    if job is None:
        return False
    row = DBTaskResult.objects.get(pk=key)
    options = options_of(row.task_path)
    tries = options.tries
    job.failures = min(job.failures + counts, 1000)
    is_last = isinstance(error, Unfit) or (tries is not None and job.failures >= tries)
    is_over = counts and is_last
    if not is_over and job.key:
        # A later wish of the same key is served by this one, which knows how often it failed.
        DBTaskResult.objects.filter(job__key=job.key, job__state=State.WAITING).delete()
    job.state = State.FAILED if is_over else State.WAITING
    job.worker, job.progress = "", 0.0
    if counts:
        job.error = (str(error) if isinstance(error, str | Unfit) else type(error).__name__)[:300]
    job.save()
    row.status = TaskResultStatus.FAILED if is_over else TaskResultStatus.READY
    row.finished_at = now if is_over else None
    pause = FIRST_PAUSE * 2 ** min(max(job.failures - 1, 0), 16)
    row.run_after = now + min(pause, LONGEST_PAUSE) if counts else now
    if isinstance(error, BaseException):
        row.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
        row.traceback = _places(error)
    row.save()
    if is_over and options.give_up is not None:
        options.give_up(key=row.args_kwargs["args"][0], error=str(words_of(job.error)))
    return True


def _places(error: BaseException) -> str:
    """Return where a fault happened, without the values that its text might hold."""
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join(
        f"{_relative(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-12:]
    )


def _relative(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(PACKAGE)) if path.is_relative_to(PACKAGE) else path.name


def beat(*, worker: str, node: str, process: int, now: datetime) -> None:
    """Say that a worker lives."""
    Worker.objects.update_or_create(
        name=worker,
        defaults={"beat_at": now},
        create_defaults={"node": node, "process": process, "started_at": now, "beat_at": now},
    )


def leave(*, worker: str) -> None:
    """Take a worker off the list, because it ends."""
    Worker.objects.filter(name=worker).delete()


def reap(*, now: datetime, dead: tuple[str, ...] = ()) -> int:
    """Take back the jobs of workers that no longer live; return how many.

    ``dead`` names workers known to have ended although their last sign of life is recent.
    """
    Worker.objects.filter(beat_at__lt=now - LEASE).delete()
    if dead:
        Worker.objects.filter(name__in=dead).delete()
    alive = Worker.objects.values("name")
    lost = Job.objects.filter(state=State.RUNNING).exclude(worker__in=alive)
    return sum(
        fail(key=key, worker=worker, error=WORKER_ENDED, now=now)
        for key, worker in list(lost.values_list("pk", "worker"))
    )


def take_back(*, worker: str, held: list[UUID], now: datetime) -> int:
    """Take back what a worker began and no longer works on; return how many jobs that were.

    The database may have been away when their processes ended.
    """
    lost = Job.objects.filter(state=State.RUNNING, worker=worker).exclude(pk__in=held)
    keys = list(lost.values_list("pk", flat=True))
    return sum(fail(key=key, worker=worker, error=LOST, now=now) for key in keys)


def start_duties(*, now: datetime) -> list[str]:
    """Ask for every duty whose time has come; return their names."""
    known = dict(Duty.objects.values_list("name", "next_at"))
    started = []
    for name, schedule in duties().items():
        if name not in known:
            Duty.objects.get_or_create(name=name, defaults={"next_at": now})
        elif known[name] > now:
            continue
        with transaction.atomic():
            due = Duty.objects.filter(name=name, next_at__lte=now)
            # Of several workers one moves the hand of the clock, and only that one asks.
            if due.update(next_at=schedule.next_after(now)):
                enqueue(name, key=DUTY + name, now=now)
                started.append(name)
    return started


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Delete what was done a day ago and what failed a month ago; return how many jobs."""
    old = DBTaskResult.objects.filter(
        Q(job__state=State.DONE, finished_at__lt=now - KEPT_DONE)
        | Q(job__state=State.FAILED, finished_at__lt=now - KEPT_FAILED)
    )
    keys = list(old.values_list("pk", flat=True))
    DBTaskResult.objects.filter(pk__in=keys).delete()
    return len(keys)
