"""The worker of maps as a process: killed in the middle of its work, and taken over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from dialogues.served import CODE, SEED, Served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_killed_worker_is_followed_by_another(tmp_path: Path) -> None:
    house = Served(tmp_path / "data", f"sqlite:///{tmp_path}/hiwar.sqlite3")
    command = [sys.executable, "-m", "django", "map_worker", "--lease", "2"]
    first = subprocess.Popen(command, env=house.environment, start_new_session=True)
    for _ in range(600):
        if house.query("SELECT 1 FROM dialogues_maprequest WHERE started_at IS NOT NULL"):
            break
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    subprocess.run([*command, "--once"], env=house.environment, check=True, timeout=120)
    assert house.query("SELECT worker, failures FROM dialogues_maprequest") == [("", 0)]
    assert house.query("SELECT count(*) >= 1 FROM dialogues_opinionmap") == [(1,)]


def wait_for(found: Callable[[], object], rounds: int = 2400) -> None:
    for _ in range(rounds):
        if found():
            return
        time.sleep(0.05)
    raise TimeoutError


def test_work_beyond_its_budget_is_ended_and_holds_nobody_up(tmp_path: Path) -> None:
    """Stop the process that makes a map, so that it never ends: the worker ends it and goes on."""
    house = Served(tmp_path / "data", f"sqlite:///{tmp_path}/hiwar.sqlite3")
    second = SEED.replace(CODE, "second").replace('slug="youth"', 'slug="second"')
    subprocess.run([sys.executable, "-c", second], env=house.environment, check=True)
    command = [sys.executable, "-m", "django", "map_worker", "--jobs", "1", "--budget", "15"]
    worker = subprocess.Popen(command, env=house.environment, start_new_session=True)
    children = f"/proc/{worker.pid}/task/{worker.pid}/children"
    try:
        stopped = _stop_first(children)
        [(hanging,)] = house.query(
            "SELECT dialogue_id FROM dialogues_maprequest WHERE lease_until IS NOT NULL"
        )
        failed = (
            f"SELECT error FROM dialogues_maprequest WHERE dialogue_id = '{hanging}' AND failures"
        )
        wait_for(lambda: house.query(failed))
        assert house.query(failed) == [("took too long",)]
        assert not os.path.exists(f"/proc/{stopped}")  # noqa: PTH110 - not a file
        # The other dialogue gets its map, and so does this one after its pause.
        count = "SELECT count(DISTINCT dialogue_id) FROM dialogues_opinionmap"
        wait_for(lambda: house.query(count) == [(2,)])
        settled = "SELECT count(*) FROM dialogues_maprequest WHERE failures = 0 AND mark != ''"
        wait_for(lambda: house.query(settled) == [(2,)])
    finally:
        worker.terminate()
        worker.wait(30)


def _stop_first(children: str) -> int:
    """Stop the first process of the worker while it works; a process that got away is not it."""
    while True:
        with open(children, encoding="ascii") as file:  # noqa: PTH123 - not a file of ours
            listed = file.read().split()
        for key in listed:
            try:
                os.kill(int(key), signal.SIGSTOP)
                with open(f"/proc/{key}/stat", encoding="ascii") as file:  # noqa: PTH123
                    state = file.read().rpartition(")")[2].split()[0]
            except (ProcessLookupError, FileNotFoundError):
                continue
            if state in "Tt":
                return int(key)
