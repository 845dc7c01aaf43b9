"""A migrated database for an installation of a test's own: made once, then copied.

All migrations in a row take half a minute of processor time, and a run starts twenty installations.
The copy is of the code as it stands: a changed line makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PACKAGE = Path(__file__).resolve().parents[1] / "src/hiwar"
MIGRATE = [sys.executable, "-m", "django", "migrate", "-v0"]
PREFIX = "hiwar_migrated_"


def digest() -> str:
    """Return a name for the code as it stands."""
    told = hashlib.sha256(sys.version.encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make what all copy."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrated(url: str, environment: Mapping[str, str]) -> None:
    """Bring the new database at `url` to the newest migration, as an installation would."""
    folder = Path(tempfile.gettempdir()) / f"hiwar-migrated-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with alone(folder):
        if url.startswith("sqlite:"):
            _copy_file(url, environment, folder)
        else:
            _copy_database(url, environment)


def _copy_file(url: str, environment: Mapping[str, str], folder: Path) -> None:
    kept = folder / f"{digest()}.sqlite3"
    if not kept.exists():
        for old in folder.glob("*.sqlite3*"):
            old.unlink()
        making = folder / "making.sqlite3"
        _migrate(f"sqlite:///{making}", environment)
        assert not making.with_name("making.sqlite3-wal").exists(), "not all is in the one file"
        making.rename(kept)
    shutil.copyfile(kept, url.removeprefix("sqlite:///"))


def _copy_database(url: str, environment: Mapping[str, str]) -> None:
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name, kept = parts.path.lstrip("/"), PREFIX + digest()
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as link:
        known = {row[0] for row in link.execute("SELECT datname FROM pg_database")}
        if kept not in known:
            for old in (one for one in known if one.startswith(PREFIX)):
                link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{kept}_making")))
            _migrate(urlunsplit(parts._replace(path=f"/{kept}_making")), environment)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            link.execute(rename.format(sql.Identifier(f"{kept}_making"), sql.Identifier(kept)))
        if name in known:
            link.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        link.execute(copy.format(sql.Identifier(name), sql.Identifier(kept)))


def _migrate(url: str, environment: Mapping[str, str]) -> None:
    subprocess.run(MIGRATE, env={**environment, "HIWAR_DATABASE_URL": url}, check=True)
