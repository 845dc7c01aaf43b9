"""What a test is charged for: its own work and processes, not what it shares with others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools import lanes

if TYPE_CHECKING:
    import pytest

MODULE = """
import subprocess, sys, time
import pytest

BURN = "import time\\nwhile time.process_time() < {}: pass"

def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass

@pytest.fixture(scope="module")
def house():
    burn(0.4)
    server = subprocess.Popen([sys.executable, "-c", BURN.format(0.4) + "\\ntime.sleep(60)"])
    yield
    server.kill()
    server.wait()

def test_of_a_guest(house):
    burn(0.1)
    time.sleep(0.6)

def test_of_its_own():
    subprocess.run([sys.executable, "-c", BURN.format(0.4)])
"""

PARTS = """
import pytest

@pytest.mark.exhaustive("law")
def test_that_passes(): pass

@pytest.mark.exhaustive("search")
def test_that_passes_beside_one_that_fails(): pass

@pytest.mark.exhaustive("search")
def test_that_fails(): raise ValueError

@pytest.fixture
def absent(): raise ValueError

@pytest.mark.exhaustive("access")
def test_that_never_begins(absent): pass
"""


def test_what_tests_share_is_charged_to_none(tmp_path: Path) -> None:
    module, costs = tmp_path / "test_charged.py", tmp_path / "costs.json"
    module.write_text(MODULE, "utf-8")
    options = ["-p", "lanes", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:django"]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, f"--costs={costs}", str(module)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)}, cwd=tmp_path,
        check=True, capture_output=True,
    )  # fmt: skip
    charged = {
        name.rpartition("::")[2]: entry[0]
        for name, entry in json.loads(costs.read_text("utf-8"))["tests"].items()
    }
    assert charged["test_of_a_guest"] < 0.35 < charged["test_of_its_own"]


def test_parts_that_passed_are_kept_beside_one_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "LOGS", tmp_path)
    module, lane = tmp_path / "test_parts.py", lanes.Lane("exhaustive", [])
    module.write_text(PARTS, "utf-8")
    options = ["-p", "lanes", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:django"]
    parts = ["--exhaustive=law,search,access,upgrade", "--only-exhaustive"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, *parts, f"--costs={lane.costs}", module],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)}, cwd=tmp_path,
        check=False, capture_output=True,
    )  # fmt: skip
    lane.statuses = [done.returncode]
    asked = ["law", "search", "access", "upgrade"]
    assert lanes.passed_parts(lane, asked) == ["law", "upgrade"]
    lane.statuses = [2]
    assert lanes.passed_parts(lane, asked) == [], "a run that was interrupted says nothing"
    lane.statuses = [0]
    lane.costs.write_text(json.dumps({"failed": {}}), "utf-8")
    assert lanes.passed_parts(lane, asked) == asked


def test_rooms_that_passed_on_postgresql_are_kept_beside_one_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "LOGS", tmp_path)
    lane = lanes.Lane("postgres", [], statuses=[1])
    assert lanes.passed_rooms(lane, ["asks", "visits"]) == [], "no test was written down"
    lane.costs.write_text(json.dumps({"failed": {"tests/asks/test_a.py::test_b": None}}), "utf-8")
    assert lanes.passed_rooms(lane, ["asks", "visits"]) == ["visits"]
    lane.costs.write_text(json.dumps({"failed": {}}), "utf-8")
    assert lanes.passed_rooms(lane, ["asks", "visits"]) == [], "it failed, and no test says why"


def test_only_tests_without_a_reason_are_over_the_budget() -> None:
    costs = {"cheap": [2.9, 0, False, ""], "dear": [3.1, 0, False, ""], "may": [9.0, 0, True, ""],
             "dearest": [4.0, 0, False, ""]}  # fmt: skip
    assert lanes.over_budget(costs) == ["dearest", "dear"]
