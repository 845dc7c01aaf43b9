"""The worker of maps as a process: killed in the middle of its work, and taken over."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from dialogues.served import Served

if TYPE_CHECKING:
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
