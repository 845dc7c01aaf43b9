"""Schemathesis reads `openapi.json` and finds nothing at the native addresses but a planted lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dialogues.served import CODE, Served, new_key

if TYPE_CHECKING:
    from collections.abc import Iterator

DESCRIPTION = Path(__file__).parents[2] / "docs/reference/openapi.json"
# A code that exists, so that more than "not found" is tried; a warning of the tool is a failure.
SETTINGS = """base-url = "http://127.0.0.1:{port}"
[parameters]
"path.code" = "{code}"
[warnings]
fail-on = true
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("schema")
    installation = Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")
    installation.start()
    yield installation
    installation.stop()


def examine(served: Served, folder: Path, description: Path) -> subprocess.CompletedProcess[str]:
    """Let the tool send what it likes as somebody who has voted before."""
    _, headers, _ = served.vote((1, 1, 1), key=new_key())
    cookie = headers["set-cookie"].partition(";")[0]
    settings = folder / "schemathesis.toml"
    settings.write_text(SETTINGS.format(port=served.port, code=CODE))
    call = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(settings),
        "run", str(description), "-H", f"Cookie: {cookie}", "--seed", "1",
        "--max-examples", "40", "--generation-database", "none", "--suppress-health-check", "all",
    ]  # fmt: skip
    environment = os.environ | {"NO_COLOR": "1", "PYTHONWARNINGS": "ignore", "PYTHONDEVMODE": ""}
    return subprocess.run(
        call, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.exhaustive("api")
def test_nothing_is_found(served: Served, tmp_path: Path) -> None:
    done = examine(served, tmp_path, DESCRIPTION)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Selected: 5/5" in done.stdout


@pytest.mark.exhaustive("api")
def test_what_is_described_wrongly_is_found(served: Served, tmp_path: Path) -> None:
    wrong: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    answers = wrong["paths"]["/api/d/{code}/votes"]["post"]["responses"]
    result = answers["200"]["content"]["application/json"]["schema"]["properties"]["results"]
    result["items"]["properties"]["status"]["enum"] = ["taken"]
    lie = tmp_path / "lie.json"
    lie.write_text(json.dumps(wrong))
    done = examine(served, tmp_path, lie)
    assert done.returncode == 1
    assert "Response violates schema" in done.stdout


def test_other_methods_are_refused_and_a_head_has_no_body(served: Served) -> None:
    for method, path, allowed in (
        ("GET", f"/api/d/{CODE}/votes", "POST"),
        ("DELETE", f"/api/d/{CODE}/next", "GET"),
        ("POST", "/healthz", "GET"),
    ):
        status, headers, body = served.ask(method, path)
        assert (status, headers["allow"], body) == (405, allowed, {"code": "method_not_allowed"})
    served.vote((1, 1, 1), key=new_key())
    link_status, headers, body = served.ask("HEAD", "/healthz", None)
    assert link_status == 200
    assert int(headers["content-length"]) > 10
    assert not body
