"""The queue: what is asked for is done once, what fails is tried again, nothing runs twice."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from inspect import signature
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from common.jobs import samples
from hiwar.common import jobs
from hiwar.common.jobs import queue, registry
from hiwar.common.jobs.current import running
from hiwar.common.jobs.registry import Schedule, duties, options_of
from hiwar.common.jobs.worker import run, work_off
from hiwar.common.models import Duty, Job, Worker

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def claimed(now: datetime, worker: str = "w") -> DBTaskResult:
    row = queue.claim(worker=worker, now=now)
    assert row is not None
    return row


def test_what_is_asked_for_is_done_once(tmp_path: Path, now: datetime) -> None:
    asked = jobs.enqueue(samples.note, str(tmp_path), "a", key="note", now=now)
    assert work_off() == ["common.jobs.samples.note"]
    assert work_off() == []
    assert (tmp_path / "a").read_text().count("\n") == 1
    state = jobs.state_of("note")
    assert state is not None
    assert (state.id, state.state, state.progress, state.is_open) == (asked, "done", 1.0, False)


def test_a_wish_that_is_rolled_back_is_never_served(tmp_path: Path, now: datetime) -> None:
    with transaction.atomic():
        jobs.enqueue(samples.note, str(tmp_path), "a", now=now)
        transaction.set_rollback(True)
    assert work_off() == []
    assert not Job.objects.exists()


def test_a_task_is_asked_for_by_name_and_keys_become_text(now: datetime) -> None:
    asked = jobs.enqueue("common.forget_jobs", now=now)
    assert DBTaskResult.objects.get(pk=asked).task_path == "hiwar.common.tasks.forget_jobs"
    key = uuid4()
    asked = jobs.enqueue(samples.fail, key, now=now)
    assert DBTaskResult.objects.get(pk=asked).args_kwargs["args"] == [str(key)]
    with pytest.raises(ImportError):
        jobs.enqueue("common.nothing", now=now)


def test_wishes_of_one_key_share_a_job(now: datetime) -> None:
    first = jobs.enqueue(samples.fail, "x", key="k", now=now)
    assert jobs.enqueue(samples.fail, "x", key="k", now=now) == first
    assert jobs.enqueue(samples.fail, "x", key="other", now=now) != first
    assert jobs.enqueue(samples.fail, "x", now=now) != jobs.enqueue(samples.fail, "x", now=now)


def test_a_wish_while_the_job_runs_is_served_by_the_next_run_and_never_beside_it(
    now: datetime,
) -> None:
    first = jobs.enqueue(samples.fail, "x", key="k", now=now)
    row = claimed(now)
    second = jobs.enqueue(samples.fail, "x", key="k", now=now)
    assert second != first
    assert queue.claim(worker="v", now=now) is None
    assert queue.finish(key=row.pk, worker="w", now=now)
    assert claimed(now, "v").pk == second


def test_a_task_may_ask_for_itself(now: datetime) -> None:
    jobs.enqueue(samples.ask_again, key="again", now=now)
    assert len(work_off(3)) == 3
    assert Job.objects.filter(key="again", state="waiting").count() == 1


def test_a_sooner_wish_brings_a_waiting_job_forward(now: datetime) -> None:
    jobs.enqueue(samples.fail, "x", key="k", after=now + 60 * SECOND, now=now)
    assert queue.claim(worker="w", now=now) is None
    jobs.enqueue(samples.fail, "x", key="k", now=now)
    assert claimed(now)


def test_order_is_priority_and_then_waiting(now: datetime) -> None:
    last = jobs.enqueue(samples.fail, "x", priority=-1, now=now - 9 * SECOND)
    second = jobs.enqueue(samples.fail, "x", now=now)
    first = jobs.enqueue(samples.fail, "x", now=now - SECOND)
    assert [claimed(now).pk for _ in range(3)] == [first, second, last]


def test_slow_work_leaves_the_last_place_free(tmp_path: Path, now: datetime) -> None:
    jobs.enqueue(samples.sleep, str(tmp_path), "s", now=now - SECOND)
    quick = jobs.enqueue(samples.note, str(tmp_path), "q", now=now)
    row = queue.claim(worker="w", without_slow=True, now=now)
    assert row is not None
    assert row.pk == quick


def test_a_failure_pauses_ever_longer_and_the_last_try_stays(now: datetime) -> None:
    asked = jobs.enqueue(samples.fail, "0599123456", key="k", now=now)
    pauses = []
    for _ in range(2):
        row = claimed(now)
        assert not run(row, "w")
        row.refresh_from_db()
        pauses.append(round((row.run_after - timezone.now()).total_seconds()))
        now = row.run_after
        assert queue.claim(worker="w", now=now - SECOND) is None
    assert pauses == [2, 4]
    run(claimed(now), "w")
    job = Job.objects.get(pk=asked)
    assert (job.state, job.failures, job.error) == ("failed", 3, "ValueError")
    kept = DBTaskResult.objects.get(pk=asked)
    assert "samples.py" in kept.traceback
    assert "0599123456" not in kept.traceback + kept.exception_class_path
    assert jobs.retry(key=asked, now=now)
    assert claimed(now).pk == asked


def test_some_work_is_tried_for_ever_with_a_longest_pause(now: datetime) -> None:
    asked = jobs.enqueue(samples.fail_for_ever, key="k", now=now)
    Job.objects.filter(pk=asked).update(failures=500)
    run(claimed(now), "w")
    row = DBTaskResult.objects.get(pk=asked)
    assert row.status == "READY"
    assert timedelta(minutes=59) < row.run_after - timezone.now() <= timedelta(hours=1)


def test_what_cannot_be_done_says_why_and_is_not_tried_again(now: datetime) -> None:
    asked = jobs.enqueue(samples.unfit, now=now)
    run(claimed(now), "w")
    job = Job.objects.get(pk=asked)
    assert (job.state, job.error) == ("failed", "No printer is installed.")


def test_a_failure_keeps_its_pause_although_the_same_was_asked_for_meanwhile(
    now: datetime,
) -> None:
    first = jobs.enqueue(samples.fail, "x", key="k", now=now)
    row = claimed(now)
    jobs.enqueue(samples.fail, "x", key="k", now=now)
    queue.fail(key=row.pk, worker="w", error="broken", now=now)
    assert [job.pk for job in Job.objects.filter(key="k")] == [first]
    assert queue.claim(worker="w", now=now + SECOND) is None
    assert jobs.enqueue(samples.fail, "x", key="k", now=now) == first
    assert queue.claim(worker="w", now=now + SECOND) is None, "a wish does not end the pause"


def test_the_jobs_of_a_worker_that_died_are_taken_back(now: datetime) -> None:
    queue.beat(worker="w", node="n", process=1, now=now)
    queue.beat(worker="v", node="n", process=2, now=now + 20 * SECOND)
    jobs.enqueue(samples.fail, "x", key="k", now=now)
    row = claimed(now, "w")
    assert queue.reap(now=now + 25 * SECOND) == 0
    assert queue.reap(now=now + 31 * SECOND) == 1
    assert [worker.name for worker in Worker.objects.all()] == ["v"]
    again = claimed(now + 40 * SECOND, "v")
    assert again.pk == row.pk
    # The dead one was only asleep: what it says about the job is not heard.
    assert not queue.finish(key=row.pk, worker="w", now=now)
    assert not queue.fail(key=row.pk, worker="w", error="late", now=now)
    assert Job.objects.get(pk=row.pk).worker == "v"


def test_a_worker_known_to_be_dead_is_not_waited_for(now: datetime) -> None:
    queue.beat(worker="w", node="n", process=1, now=now)
    jobs.enqueue(samples.fail, "x", now=now)
    claimed(now, "w")
    assert queue.reap(now=now, dead=("w",)) == 1


def test_what_a_worker_lost_sight_of_is_taken_back(now: datetime) -> None:
    for _ in range(2):
        jobs.enqueue(samples.fail, "x", now=now)
    held, _lost = claimed(now), claimed(now)
    assert queue.take_back(worker="w", held=[held.pk], now=now) == 1
    assert Job.objects.filter(state="running").count() == 1


def test_a_job_given_back_counts_no_failure(now: datetime) -> None:
    asked = jobs.enqueue(samples.fail, "x", now=now)
    claimed(now)
    assert queue.release(key=asked, worker="w", now=now)
    job = Job.objects.get(pk=asked)
    assert (job.state, job.failures, claimed(now).pk) == ("waiting", 0, asked)


def test_progress_is_told_and_ends_work_that_is_no_longer_ones_own(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hiwar.common.jobs.current.BETWEEN_TELLINGS", 0.0)
    jobs.enqueue(samples.fail, "x", key="k", now=now)
    row = claimed(now)
    with running(row.pk, "w"):
        jobs.progress(0.4)
        state = jobs.state_of("k")
        assert state is not None
        assert state.progress == pytest.approx(0.4)
        Job.objects.filter(pk=row.pk).update(worker="v")
        with pytest.raises(jobs.ClaimLost):
            jobs.progress(0.6)
    jobs.progress(0.9)


def test_what_waits_can_be_taken_back(now: datetime) -> None:
    jobs.enqueue(samples.fail, "x", key="k", now=now)
    assert jobs.cancel(key="k") == 1
    assert jobs.state_of("k") is None
    assert not DBTaskResult.objects.exists()


def test_duties_return_by_the_clock_and_keep_their_last_success(now: datetime) -> None:
    names = set(duties())
    assert {"common.forget_jobs", "common.clear_sessions"} <= names
    assert set(queue.start_duties(now=now)) == names, "at the first start everything is due"
    assert queue.start_duties(now=now) == []
    work_off()
    assert not Duty.objects.filter(last_success_at=None).exists()
    later = now + timedelta(hours=1)
    assert "common.forget_jobs" in queue.start_duties(now=later)
    assert "common.forget_jobs" not in queue.start_duties(now=later), "one of several workers"


def test_a_duty_that_nobody_set_up_is_none(settings: SettingsWrapper) -> None:
    settings.BACKUP_RECIPIENTS = ()
    assert "common.back_up" not in duties()
    settings.BACKUP_RECIPIENTS = ("somebody",)
    assert "common.back_up" in duties()


def test_a_duty_at_a_time_of_day_follows_the_institutions_clock(settings: object) -> None:
    settings.TIME_ZONE = "Asia/Hebron"  # type: ignore[attr-defined]
    schedule = Schedule("x", None, time(3, 10))
    assert schedule.next_after(datetime(2026, 1, 5, 0, 30, tzinfo=UTC)) == datetime(
        2026, 1, 5, 1, 10, tzinfo=UTC
    )
    assert schedule.next_after(datetime(2026, 1, 5, 1, 10, tzinfo=UTC)) == datetime(
        2026, 1, 6, 1, 10, tzinfo=UTC
    )


def test_what_is_long_done_is_forgotten(now: datetime) -> None:
    asked = jobs.enqueue(samples.fail, "x", now=now)
    claimed(now)
    queue.finish(key=asked, worker="w", now=now)
    assert queue.forget(now=now + timedelta(hours=23)) == 0
    assert queue.forget(now=now + timedelta(hours=25)) == 1
    assert not Job.objects.exists()


def test_slow_work_with_a_last_try_says_so_where_people_wait_for_it() -> None:
    """A killed process cannot write that it failed: the queue tells the room."""
    duties()  # imports the tasks of every room
    silent = [
        name
        for name, options in registry._options.items()
        if options.is_slow and options.tries is not None and options.give_up is None
        and not name.startswith("common.jobs.")
        and signature(registry.task_named(name).func).parameters  # it works on one thing
    ]  # fmt: skip
    assert silent == []


def test_every_task_of_the_house_has_a_label() -> None:
    duties()
    assert all(str(options_of(name).label) != name for name in duties())
