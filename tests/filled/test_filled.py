"""A filled database of the first schema comes up to the newest one whole, and back.

Both files hold the demo, and two rows in every table that the demo leaves empty, as they were at
the `0001_initial` of each room. They are never made again: each later migration brings them up.
Secrets in them are sealed with the key of `.env.example`.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
POSTGRES = os.environ.get("HIWAR_TEST_POSTGRES_URL", "")
LARGEST = 1_500_000

# Where the rows of a table went that is no more: from the table's name to the tables that hold them
# now, or to an empty tuple and a comment that says why nothing was worth keeping.
MOVED: dict[str, tuple[str, ...]] = {
    # Files that were brought in before they had one desk: no house ran, so nothing was kept.
    "contacts_columnmapping": (),
    "contacts_contactfile": (),
    "events_attendancesheet": (),
    # Files of dialogues are runs of the one desk of files; what was only looked at is dropped.
    "dialogues_importbatch": (),
    # Nothing ever wrote it: what is sent leaves through the outbox of the house.
    "dialogues_outgoing": (),
    # Signing has a room of its own.
    "dossiers_signature": ("signatures_signature",),
    "dossiers_signingletter": ("signatures_signingletter",),
    "dossiers_signingrequest": ("signatures_signingrequest",),
}
# Tables whose rows a migration adds to or takes from on purpose, each with a comment that says why.
CHANGED: frozenset[str] = frozenset(
    [
        "contacts_filerow",  # rows of files that are no more
        "common_privatelink",  # each invitation of staff gets one
        "evidence_source",  # each fact and talking point gets the source that its words name
        "evidence_check",  # when these sources were looked at
        "channels_suppression",  # opt-outs of rooms stand in the one list of the house
    ]
)


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """Unpack the filled SQLite database and return its address."""
    path = tmp_path / "filled.sqlite3"
    path.write_bytes(gzip.decompress((HERE / "first.sqlite3.gz").read_bytes()))
    return f"sqlite:///{path}"


@pytest.fixture
def postgres() -> Iterator[str]:
    """Load the filled PostgreSQL database under a name of its own and return its address."""
    if not POSTGRES:
        pytest.skip("HIWAR_TEST_POSTGRES_URL names no PostgreSQL server")
    import psycopg
    from psycopg import sql

    parts = urlsplit(POSTGRES)
    name = sql.Identifier(f"hiwar_filled_{os.getpid()}")
    url = urlunsplit(parts._replace(path=f"/{name.as_string()[1:-1]}"))
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        try:
            with psycopg.connect(url) as link:
                link.execute(gzip.decompress((HERE / "first.sql.gz").read_bytes()))
            yield url
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def stops(url: str, data: Path) -> dict[str, dict[str, int]]:
    """Return the counts before, at the newest schema and after the way back."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HIWAR_")},
        "HIWAR_ENV_FILE": str(ROOT / ".env.example"),
        "HIWAR_DATABASE_URL": url,
        "HIWAR_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.filled.migrate"],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    counts: dict[str, dict[str, int]] = json.loads(done.stdout)
    return counts


def judge(counts: dict[str, dict[str, int]]) -> None:
    """Hold every count before against the newest schema and against the way back."""
    before, newest, back = counts["before"], counts["newest"], counts["back"]
    assert min(before.values()) >= 1, "a table of the first schema is empty"
    gone = before.keys() - newest.keys()
    assert not gone - MOVED.keys(), "say in MOVED where the rows of these tables went"
    same = before.keys() - gone - CHANGED
    assert {name: newest[name] for name in same} == {name: before[name] for name in same}
    for name in gone:
        for target in MOVED[name]:
            assert newest[target] >= before[name], f"rows of {name} are not all in {target}"
    if back:
        assert back.keys() == before.keys()
        assert {name: back[name] for name in same} == {name: before[name] for name in same}


@pytest.mark.exhaustive("filled")
def test_sqlite_comes_up_and_back(sqlite: str, tmp_path: Path) -> None:
    judge(stops(sqlite, tmp_path))


@pytest.mark.exhaustive("filled")
def test_postgres_comes_up_and_back(postgres: str, tmp_path: Path) -> None:
    judge(stops(postgres, tmp_path))


def test_filled_databases_stay_small() -> None:
    for path in HERE.glob("first.*"):
        assert path.stat().st_size <= LARGEST, path.name
