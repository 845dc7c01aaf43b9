"""Databases that are migrated once and copied from then on, on SQLite and on PostgreSQL.

All migrations in a row take eight seconds of processor time. A template is made once for
each content of the migrations; a worker of the tests, and each installation that a test starts,
takes a copy.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from lanes import uncharged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

PACKAGE = Path(__file__).resolve().parents[1] / "src/hiwar"
MIGRATE = [sys.executable, "-m", "django", "migrate", "-v0"]
PREFIX = "hiwar_migrated_"
# Other checkouts on this machine have templates of their own, and may be copying them.
KEEP_SECONDS = 2 * 24 * 3600


def digest() -> str:
    """Return a name for what the migrations of all rooms say."""
    content = hashlib.sha256(version("django").encode())
    for path in sorted(PACKAGE.glob("*/migrations/*.py")):
        content.update(str(path.relative_to(PACKAGE)).encode())
        content.update(path.read_bytes())
    return content.hexdigest()[:16]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make what all copy."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"hiwar-migrated-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def template_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the migrated SQLite file that everybody copies, made if there is none yet."""
    folder = _folder()
    kept = folder / f"{digest()}.sqlite3"
    with alone(folder):
        if not kept.exists():
            for old in folder.glob("*.sqlite3"):
                if old.stat().st_mtime < time.time() - KEEP_SECONDS:
                    old.unlink()
            making = folder / f"making-{os.getpid()}"
            _migrate(f"sqlite:///{making}", environment)
            assert not Path(f"{making}-wal").exists(), "not all is in the one file"
            making.rename(kept)
    return kept


def template_database(url: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the name of the migrated database on the server of `url`, made if there is none."""
    import psycopg
    from psycopg import sql

    kept = PREFIX + digest()
    making = f"{kept}_making"
    server = _database_of(url, "postgres")
    with alone(_folder()), psycopg.connect(server, autocommit=True) as link:
        known = {row[0] for row in link.execute("SELECT datname FROM pg_database")}
        if kept not in known:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            link.execute(drop.format(sql.Identifier(making)))
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
            _migrate(_database_of(url, making), environment)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            link.execute(rename.format(sql.Identifier(making), sql.Identifier(kept)))
    return kept


def migrated(url: str, environment: Mapping[str, str]) -> None:
    """Bring the new database at `url` to the newest migration, as an installation would."""
    if url.startswith("sqlite:"):
        shutil.copyfile(template_file(environment), url.removeprefix("sqlite:///"))
        return
    import psycopg
    from psycopg import sql

    kept = template_database(url, environment)
    name = sql.Identifier(urlsplit(url).path.lstrip("/"))
    with (
        alone(_folder()),
        psycopg.connect(_database_of(url, "postgres"), autocommit=True) as link,
    ):
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        link.execute(copy.format(name, sql.Identifier(kept)))


def create_test_database(connection: BaseDatabaseWrapper) -> str:
    """Point `connection` at a migrated database for tests; return the name that it had before."""
    from django.conf import settings

    before = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        kept = template_database(os.environ["HIWAR_DATABASE_URL"])
        connection.settings_dict["TEST"]["TEMPLATE"] = kept
        with alone(_folder()):
            name = connection.creation._create_test_db(verbosity=0, autoclobber=True)
    else:
        name = connection.creation._create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        fill(connection, template_file())
    return before


def fill(connection: BaseDatabaseWrapper, file: Path) -> None:
    """Replace all that an SQLite connection of the tests holds by what `file` holds."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)


def _database_of(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _migrate(url: str, environment: Mapping[str, str]) -> None:
    with uncharged():
        subprocess.run(MIGRATE, env={**environment, "HIWAR_DATABASE_URL": url}, check=True)
