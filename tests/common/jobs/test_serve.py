"""A server and its workers: they start every time, come back, and there is one server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dialogues.served import Served, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def wait_for(seen: Callable[[], object], seconds: float = 60.0) -> None:
    last = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < last, "it never came"
        time.sleep(0.05)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "data", f"sqlite:///{tmp_path}/hiwar.sqlite3")
    yield made
    made.stop()


def workers(house: Served) -> list[int]:
    """Return the processes of the workers that a server's own process started."""
    assert house.process is not None
    main = house.process.pid
    listed = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    others = [
        child
        for task in Path(f"/proc/{main}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    found = []
    for child in sorted({*listed, *others}):
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"work" in command:
            found.append(int(child))
    return found


@pytest.mark.exhaustive("workers")
def test_a_worker_that_is_killed_starts_again_and_its_absence_is_told(house: Served) -> None:
    house.start()
    wait_for(lambda: house.ask("GET", "/readyz")[0] == 200)
    [first] = workers(house)
    house.query("SELECT 1")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: workers(house) not in ([], [first]))
    wait_for(lambda: len(house.query("SELECT 1 FROM common_worker")) == 1)


@pytest.mark.costly("starts a server and a worker")
def test_readiness_fails_while_no_worker_beats(tmp_path: Path) -> None:
    house = Served(tmp_path / "data", f"sqlite:///{tmp_path}/hiwar.sqlite3")
    house.environment["HIWAR_WORKERS"] = "0"
    house.start()
    try:
        status, _headers, told = house.ask("GET", "/readyz")
        assert (status, told["workers"], told["database"], told["pages"]) == (
            503, False, True, True,
        )  # fmt: skip
        worker = subprocess.Popen([sys.executable, "-m", "django", "work"], env=house.environment)
        try:
            wait_for(lambda: house.ask("GET", "/readyz")[0] == 200)
        finally:
            worker.terminate()
            worker.wait(30)
    finally:
        house.stop()


@pytest.mark.exhaustive("workers")
def test_a_second_server_is_refused_in_one_line(house: Served, tmp_path: Path) -> None:
    house.start()
    call = [sys.executable, "-m", "django", "serve", "--bind"]
    same_folder = subprocess.run(
        [*call, f"127.0.0.1:{free_port()}"],
        env=house.environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert same_folder.returncode != 0
    assert same_folder.stderr.count("\n") == 1
    assert "HIWAR_DATA" in same_folder.stderr
    other = tmp_path / "other"
    other.mkdir()
    same_port = subprocess.run(
        [*call, f"127.0.0.1:{house.port}"], env=house.environment | {"HIWAR_DATA": str(other)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert same_port.returncode != 0
    assert same_port.stderr.count("\n") == 1
    assert f"Port {house.port}" in same_port.stderr
    # Settings are judged before Django is asked; the command of the house tells them in a line.
    command = Path(sys.executable).with_name("hiwar")
    absent = subprocess.run(
        [command, "serve", "--bind", f"127.0.0.1:{free_port()}"],
        env=house.environment | {"HIWAR_DATA": "/proc/nothing"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert absent.returncode != 0
    assert "/proc/nothing" in absent.stderr
    assert absent.stderr.count("\n") == 1


@pytest.mark.exhaustive("workers")
def test_a_server_killed_without_a_word_takes_everything_along_and_starts_again(
    house: Served,
) -> None:
    house.start()
    wait_for(lambda: len(workers(house)) == 1)
    assert house.process is not None
    [worker] = workers(house)
    # Only the one process, as the system does when memory runs out; not its group.
    house.process.send_signal(signal.SIGKILL)
    house.process.wait(30)
    house.start()
    wait_for(lambda: not Path(f"/proc/{worker}").exists())
    wait_for(lambda: len(workers(house)) == 1)


@pytest.mark.exhaustive("workers")
def test_of_thirty_starts_every_one_has_its_workers(house: Served) -> None:
    house.environment["HIWAR_WORKERS"] = "2"
    for _ in range(30):
        house.start()
        wait_for(lambda: len(workers(house)) == 2, 20)
        wait_for(lambda: len(house.query("SELECT 1 FROM common_worker")) == 2, 20)
        house.stop()
        assert house.query("SELECT 1 FROM common_worker") == [], "they left in good order"
