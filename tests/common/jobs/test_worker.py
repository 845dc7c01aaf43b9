"""Workers as processes: they run side by side, are killed in the middle, and lose nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dialogues.served import Served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TESTS = Path(__file__).resolve().parents[2]
ASK = """
import sys, django; django.setup()
from django.utils import timezone
from common.jobs import samples
from hiwar.common import jobs
jobs.enqueue(getattr(samples, sys.argv[1]), *sys.argv[3:], key=sys.argv[2], now=timezone.now())
"""


def wait_for(seen: Callable[[], object], seconds: float = 240.0) -> None:
    last = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < last, "it never came"
        time.sleep(0.05)


class Queue:
    """An installation with no server: jobs are asked for and workers started by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.house = Served(folder / "data", f"sqlite:///{folder}/hiwar.sqlite3")
        self.environment = self.house.environment | {"PYTHONPATH": str(TESTS)}
        self.workers: list[subprocess.Popen[bytes]] = []

    def ask(self, task: str, *args: str, key: str = "") -> None:
        call = [sys.executable, "-c", ASK, task, key, *args]
        subprocess.run(call, env=self.environment, check=True)

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", "django", "work", *options]
        worker = subprocess.Popen(call, env=self.environment, start_new_session=True)
        self.workers.append(worker)
        return worker

    def begun(self, name: str) -> int:
        """Return how often a slow task began."""
        return len(list(self.folder.glob(f"{name}.*.begun")))

    def states(self, key: str) -> list[tuple[str, int, str]]:
        rows = self.house.query(
            f"SELECT state, failures, error FROM common_job WHERE key = '{key}'"
        )
        return [(str(state), int(failures), str(error)) for state, failures, error in rows]

    def done(self, name: str) -> int:
        """Return how often a task came to its end."""
        path = self.folder / name
        return path.read_text().count("\n") if path.exists() else 0


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    made = Queue(tmp_path)
    yield made
    for worker in made.workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait(30)


@pytest.mark.exhaustive("workers")
def test_what_a_killed_worker_began_is_done_by_the_next(queue: Queue) -> None:
    queue.ask("sleep", str(queue.folder), "s", key="s")
    first = queue.start()
    wait_for(lambda: queue.begun("s") == 1)
    [process] = [int(path.name.split(".")[1]) for path in queue.folder.glob("s.*.begun")]
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    # What it had started ends with it, so that nothing works on unwatched.
    wait_for(lambda: not Path(f"/proc/{process}").exists())
    assert queue.states("s") == [("running", 0, "")]
    (queue.folder / "go").touch()
    # It knows at once that the other process is gone: no lease is waited for.
    queue.start()
    wait_for(lambda: queue.states("s") == [("done", 0, "")])
    assert (queue.begun("s"), queue.done("s")) == (2, 1)


@pytest.mark.exhaustive("workers")
def test_two_workers_share_the_work_and_do_nothing_twice(queue: Queue) -> None:
    for number in range(6):
        queue.ask("note", str(queue.folder), f"n{number}", key=f"n{number}")
    queue.start("--once")
    queue.start("--once")
    for worker in queue.workers:
        assert worker.wait(90) == 0
    assert [queue.done(f"n{number}") for number in range(6)] == [1] * 6


@pytest.mark.exhaustive("workers")
def test_work_that_hangs_or_crashes_is_ended_and_holds_nobody_up(queue: Queue) -> None:
    queue.ask("hang", key="hang")
    queue.ask("crash", key="crash")
    queue.ask("note", str(queue.folder), "after")
    queue.start("--places", "1")
    wait_for(lambda: queue.done("after") == 1)
    wait_for(lambda: queue.states("hang") == [("failed", 1, "took too long")])
    ended = f"ended with {9 << 8}"
    wait_for(lambda: queue.states("crash") == [("failed", 2, ended)])


@pytest.mark.exhaustive("workers")
def test_a_bell_wakes_an_idle_worker_and_sigterm_gives_its_work_back(queue: Queue) -> None:
    worker = queue.start()
    wait_for(lambda: queue.house.query("SELECT 1 FROM common_worker"))
    queue.ask("sleep", str(queue.folder), "s", key="s")
    wait_for(lambda: queue.begun("s") == 1)
    worker.terminate()
    assert worker.wait(30) == 0
    assert queue.states("s") == [("waiting", 0, "")]
    assert queue.house.query("SELECT 1 FROM common_worker") == []


@pytest.mark.exhaustive("workers")
def test_a_worker_ends_when_the_server_that_started_it_is_gone(queue: Queue) -> None:
    parent = subprocess.Popen(["/bin/sleep", "60"])
    worker = queue.start("--parent", str(parent.pid))
    assert worker.wait(300) == 0, "it is not that server's child"
    parent.kill()
    parent.wait(10)
    own = queue.start("--parent", str(os.getpid()))
    wait_for(lambda: queue.house.query("SELECT 1 FROM common_worker"))
    assert own.poll() is None
