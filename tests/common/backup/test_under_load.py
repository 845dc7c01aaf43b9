"""A copy that is made while a crowd votes, and restored beside another key.

Prints what it measured: `tools/test tests/common/backup/test_under_load.py -s`.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest
from torture.checker import ACKNOWLEDGED
from torture.storms import ROWS, Storm

from dialogues.served import Served

if TYPE_CHECKING:
    from pathlib import Path

COPIES = 3


def database(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if kind == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{folder}/hiwar.sqlite3"
    url = request.getfixturevalue("postgres_url")
    return urlunsplit(urlsplit(url)._replace(path=f"/hiwar_load_{secrets.token_hex(4)}"))


@pytest.mark.exhaustive("backup")
@pytest.mark.costly("serves two houses, one with a crowd")
@pytest.mark.parametrize(("kind", "other_kind"), [("sqlite", "postgres"), ("postgres", "sqlite")])
def test_copy_under_load_holds_all_that_was_acknowledged_before(
    kind: str,
    other_kind: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("four words on paper")
    house = Served(tmp_path / "house", database(kind, tmp_path / "house", request))
    house.start()
    storm = Storm(house)
    storm.start()
    figures = []
    try:
        for _ in range(COPIES):
            time.sleep(1.1)
            begun, before = time.monotonic(), list(storm.journal)
            house.manage("backup", "--to", str(tmp_path / "to"), "--passphrase-file", str(phrase))
            taken = time.monotonic() - begun
            during = storm.journal[len(before) :]
            figures.append((taken, len(before), sum(v.outcome == ACKNOWLEDGED for v in during)))
    finally:
        storm.end()
        verdict = storm.verdict()
        house.stop()
    assert verdict.is_clean
    assert all(acknowledged for _taken, _before, acknowledged in figures), "votes stood still"
    copies = sorted((tmp_path / "to").glob("hiwar-*"))
    assert len(copies) == COPIES
    other = Served(tmp_path / "other", database(other_kind, tmp_path / "other", request))
    other.manage("restore", str(copies[-1]), "--key-file", str(phrase))
    stored = {(row[0], row[1]): row[2] for row in other.query(ROWS)}
    missing = [
        vote
        for vote in before
        if vote.outcome == ACKNOWLEDGED
        and stored.get((vote.participant, vote.statement), -1) < vote.sequence
    ]
    assert missing == []
    refused = subprocess.run(
        [sys.executable, "-m", "django", "serve", "--bind", f"127.0.0.1:{other.port}"],
        env=other.environment | {"LC_ALL": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode != 0
    assert "hiwar.E113" in refused.stderr
    kept = (tmp_path / "other/restored.env").read_text().splitlines()
    other.environment |= dict(line.split("=", 1) for line in kept)
    other.start()
    assert other.ask("GET", "/en/d/")[0] == 200
    other.stop()
    with capsys.disabled():
        for taken, earlier, acknowledged in figures:
            sys.stdout.write(
                f"\n{kind} → {other_kind}: {taken:.1f} s, {earlier} votes before,"
                f" {acknowledged} acknowledged meanwhile, 0 missing"
            )
