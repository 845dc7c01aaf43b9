"""A worker killed in the middle of a file leaves nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from common.jobs.test_worker import Queue, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = 1200
RUNNING = "SELECT 1 FROM common_job WHERE state = 'running' AND key LIKE 'common.import %'"
BEGIN = """
import django; django.setup()
from django.utils import timezone
from factories.imports import list_of_people
from hiwar.accounts.models import Role, User
from hiwar.common.imports import actions
from hiwar.common.tables import own_upload
now = timezone.now()
user = User.objects.create(email="a@house.example", joined_at=now)
role, _ = Role.objects.get_or_create(
    code="importer",
    defaults={"name": {"en": "x"}, "permissions": ["contacts.import", "contacts.see"]},
)
user.roles.add(role)
files = {"people": own_upload(list_of_people(%d).encode(), "list.csv")}
run = actions.prepare_run(actor=user, kind="contacts.people", files=files, now=now)
actions.work_on_run(key=str(run.pk), now=now)
run.refresh_from_db()
actions.confirm_run(actor=user, run=run, now=now)
"""


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    house = Queue(tmp_path)
    yield house
    for worker in house.workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait(30)


@pytest.mark.waiting
@pytest.mark.exhaustive("kills")
@pytest.mark.costly("kills a worker that brings in 1,200 rows, and lets another end it")
def test_a_killed_worker_leaves_nothing_and_the_next_does_all(queue: Queue) -> None:
    subprocess.run([sys.executable, "-c", BEGIN % ROWS], env=queue.environment, check=True)
    worker = queue.start()
    wait_for(lambda: queue.house.query(RUNNING))
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(30)
    people = queue.house.query("SELECT count(*) FROM contacts_person")[0][0]
    state = queue.house.query("SELECT state FROM common_importrun")[0][0]
    assert (people, state) in {(0, "applying"), (ROWS, "done")}
    queue.start()
    wait_for(lambda: queue.house.query("SELECT 1 FROM common_importrun WHERE state = 'done'"))
    assert queue.house.query("SELECT count(*) FROM contacts_person") == [(ROWS,)]
    assert queue.house.query("SELECT count(*) FROM contacts_filerow") == [(ROWS,)]
