"""The copied database of a test's own installation is what an installation would have."""

from __future__ import annotations

import os
import secrets
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest

from databases import asked
from migrated import MIGRATE, migrated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.costly("asks Django for all migrations, in a process of its own")
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_copy_stands_at_the_newest_migration(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/a.sqlite3"
    if kind == "postgres":
        server = urlsplit(request.getfixturevalue("postgres_url"))
        url = urlunsplit(server._replace(path=f"/copy_{secrets.token_hex(4)}"))
    environment = os.environ | {"HIWAR_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
    migrated(url, environment)
    assert subprocess.run([*MIGRATE, "--check"], env=environment, check=False).returncode == 0
    if kind == "postgres":
        import psycopg

        with psycopg.connect(urlunsplit(server), autocommit=True) as link:
            link.execute(f"DROP DATABASE {urlsplit(url).path[1:]}")


def test_copies_are_apart(tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in ("a.sqlite3", "b.sqlite3"))
    for path in (one, other):
        migrated(f"sqlite:///{path}", os.environ)
    asked(one, "CREATE TABLE planted (x)")
    assert asked(other, "SELECT 1 FROM sqlite_master WHERE name = 'planted'") == []
