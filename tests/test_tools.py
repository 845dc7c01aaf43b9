"""The tools behind the Makefile do what the pages say they do."""

from __future__ import annotations

import json
import re
import socket
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest
from tools import coverage, dead_code, dotenv

from house_rules import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".env.example").write_text("A=1\nHIWAR_SECRET_KEY=known\nB=2\n", "utf-8")
    monkeypatch.setattr(dotenv, "ROOT", tmp_path)
    return tmp_path


def test_dotenv_gives_each_installation_a_key_of_its_own(checkout: Path) -> None:
    keys = set()
    for _ in range(2):
        dotenv.main()
        text = (checkout / ".env").read_text("utf-8")
        assert re.fullmatch(r"A=1\nHIWAR_SECRET_KEY=[\w-]{64}\nB=2\n", text)
        keys.add(text)
        (checkout / ".env").unlink()
    assert len(keys) == 2


def test_dotenv_is_readable_by_its_owner_alone(checkout: Path) -> None:
    dotenv.main()
    assert stat.S_IMODE((checkout / ".env").stat().st_mode) == 0o600


def test_dotenv_never_touches_an_existing_file(checkout: Path) -> None:
    (checkout / ".env").write_text("HIWAR_SECRET_KEY=mine\n", "utf-8")
    dotenv.main()
    assert (checkout / ".env").read_text("utf-8") == "HIWAR_SECRET_KEY=mine\n"


@pytest.mark.parametrize(("covered", "status"), [(10, 0), (9, 1)])
def test_coverage_fails_where_less_is_reached(
    covered: int, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = {"num_statements": 8, "num_branches": 2, "covered_branches": 2}
    report = {
        "files": {"src/hiwar/engine/a.py": {"summary": {**summary, "covered_lines": covered - 2}}}
    }
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    monkeypatch.setattr(coverage, "REACHED", dict.fromkeys(coverage.PARTS, 0) | {"engine": 100})
    assert coverage.main(str(tmp_path / "report.json")) == status


def test_run_says_which_port_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [ROOT / "tools/run", str(port)], capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode != 0
    assert f"port {port} is taken" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr


def test_debian_has_nothing_to_say_when_nothing_is_missing() -> None:
    done = subprocess.run(
        [ROOT / "tools/debian", "dpkg"], capture_output=True, text=True, check=False, timeout=60
    )
    if "not on this system" in done.stderr:
        pytest.skip("no Debian here: dpkg is absent")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_dead_code_names_what_nothing_reaches(tmp_path: Path) -> None:
    room = tmp_path / "src/hiwar/papers"
    room.mkdir(parents=True)
    (tmp_path / "tools").mkdir()
    (room / "actions.py").write_text(
        "def sign():\n    seal()\n\n\ndef seal(): ...\n\n\ndef shown(): ...\n", "utf-8"
    )
    (room / "paper.html").write_text("{{ paper.shown }}", "utf-8")
    lines, idle = dead_code.dead_code(tmp_path, {"gone": "a reason"})
    assert lines == ["src/hiwar/papers/actions.py:1: nothing reaches the function sign"]
    assert idle == {"gone"}
    assert dead_code.dead_code(tmp_path, {"src/hiwar/papers/*:sign": "a reason"}) == ([], set())
