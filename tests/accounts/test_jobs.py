"""The desk's page of jobs: what waits, runs and failed, and who is told when nothing works."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.accounts import sign_in_fully
from hiwar.accounts.desk.jobs import risks
from hiwar.common import jobs
from hiwar.common.jobs import queue
from hiwar.common.jobs.overview import overview
from hiwar.common.models import AuditEntry, Duty, Job, Worker

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


def failed_job(key: str = "k") -> Job:
    """Return a job that failed for good, by way of a worker."""
    now = timezone.now()
    asked = jobs.enqueue("common.forget_jobs", key=key, now=now)
    queue.claim(worker="w", now=now)
    queue.fail(key=asked, worker="w", error=jobs.Unfit("No printer is installed."), now=now)
    return Job.objects.get(pk=asked)


def test_the_page_says_what_failed_and_why_and_lets_it_be_tried_again(
    client: Client, director: User
) -> None:
    job = failed_job()
    sign_in_fully(client, director)
    page = client.get(reverse("accounts:jobs"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "No printer is installed." in page
    assert "No worker is running" in page
    address = reverse("accounts:job_again", args=[job.pk])
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    job.refresh_from_db()
    assert job.state == Job.State.WAITING
    assert AuditEntry.objects.filter(verb="accounts.job.retry").count() == 1
    # What is gone, or waits already, is refused in words.
    told = client.post(reverse("accounts:job_again", args=[uuid4()]), follow=True)
    assert told.status_code == 200
    assert AuditEntry.objects.filter(verb="accounts.job.retry").count() == 1


def test_whoever_may_not_see_the_page_is_refused(client: Client, outsider: User) -> None:
    sign_in_fully(client, outsider)
    assert client.get(reverse("accounts:jobs")).status_code == 403
    job = failed_job()
    assert client.post(reverse("accounts:job_again", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_a_missing_worker_and_a_late_duty_are_told_on_the_morning_page(
    client: Client, director: User
) -> None:
    now = timezone.now()
    sign_in_fully(client, director)
    response = client.get(reverse("accounts:jobs"), HTTP_ACCEPT_LANGUAGE="en")
    request = response.wsgi_request
    assert len(list(risks(request))) == 1
    Worker.objects.create(name="w", node="n", process=1, started_at=now, beat_at=now)
    assert list(risks(request)) == []
    Duty.objects.create(
        name="common.forget_jobs", next_at=now, last_success_at=now - timedelta(hours=3)
    )
    assert [line.is_late for line in overview(now).duties] == [True]
    assert len(list(risks(request))) == 1
    Duty.objects.update(last_success_at=now - timedelta(hours=1))
    assert list(risks(request)) == []


def test_a_duty_that_never_succeeded_is_late_in_time() -> None:
    now = timezone.now()
    Duty.objects.create(name="common.forget_jobs", next_at=now + timedelta(hours=1))
    assert not overview(now).duties[0].is_late, "its first time is now"
    assert overview(now + timedelta(hours=3)).duties[0].is_late
