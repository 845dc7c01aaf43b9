"""The two things that are switched, and switched back: the folder of the program, the database."""

from __future__ import annotations

import ctypes
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from hiwar.common.upgrading.journal import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

AT_FDCWD, EXCHANGE = -100, 2
Counts = dict[str, int]
# These tables are of one moment: sessions, beats, the index that is made again.
PASSING = ("django_session", "accounts_throttle", "common_worker", "common_searchdocument")


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database in one step, while others write; raises ``sqlite3.Error``."""
    target.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=20)) as reader,
        closing(sqlite3.connect(target)) as writer,
    ):
        reader.backup(writer)
        problem = writer.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if problem != "ok":
            raise sqlite3.DatabaseError(problem)
    os.chown(target, source.stat().st_uid, source.stat().st_gid)
    target.chmod(0o600)


def count_rows(path: Path) -> Counts:
    """Return the rows of each table that lasts."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as reader:
        rows = reader.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        names = [name for (name,) in rows if not name.startswith(PASSING)]
        counts = {}
        for name in names:
            (counts[name],) = reader.execute(
                f'SELECT count(*) FROM "{name}"'  # noqa: S608 -- a name of this database
            ).fetchone()
    return counts


def fewer(before: Counts, after: Counts) -> list[str]:
    """Return what has fewer rows than before, as words."""
    return [
        f"{name}: {count} → {after.get(name, 0)}"
        for name, count in sorted(before.items())
        if after.get(name, 0) < count
    ]


def settle_log(path: Path) -> None:
    """Write what lies in the log of a database into it, so that the one file is all of it."""
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise sqlite3.OperationalError("locked")
    _drop_logs(path)


def put_in_place(upgraded: Path, live: Path, kept: Path) -> None:
    """Let a new database take the place of the live one, which stays beside under its name."""
    settle_log(upgraded)
    kept.unlink(missing_ok=True)
    os.link(live, kept)
    upgraded.rename(live)
    _drop_logs(live)
    sync_folder(live.parent)


def take_back(live: Path, kept: Path) -> None:
    """Put the kept database back in its place, however far ``put_in_place`` came."""
    if kept.exists() and not kept.samefile(live):
        _drop_logs(live)
        kept.rename(live)
    kept.unlink(missing_ok=True)
    sync_folder(live.parent)


def point(link: Path, program: Path, former: Path) -> None:
    """Let the name of the program lead to one folder, at once.

    Where a folder stands under that name itself, as the first installation made it, it goes to
    ``former``; both change places in one call.
    """
    part = link.with_name(f"{link.name}.part")
    _settle_part(part, former)
    if link.is_symlink() and link.readlink() == program:
        return
    part.symlink_to(program)
    if link.is_symlink() or not link.exists():
        part.rename(link)
    else:
        _exchange(part, link)
        _settle_part(part, former)
    sync_folder(link.parent)


def point_back(link: Path, former: Path) -> None:
    """Let the name lead to the program before, however far ``point`` came."""
    part = link.with_name(f"{link.name}.part")
    _settle_part(part, former)
    # A folder under the name itself was never moved away.
    if link.is_symlink() or not link.exists():
        point(link, former, former)


def _settle_part(part: Path, former: Path) -> None:
    if part.is_symlink():
        part.unlink()
    elif part.is_dir():
        former.parent.mkdir(parents=True, exist_ok=True)
        part.rename(former)


def _exchange(part: Path, link: Path) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(part), os.fsencode(link)
    if library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(link))


def _drop_logs(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
