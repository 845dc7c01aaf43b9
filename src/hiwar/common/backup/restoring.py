"""Putting a copy into an empty house: rows, files and keys, compared before they count."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.utils.translation import gettext_lazy as _

from hiwar.common.backup.archive import KEYS, applied, check, members, opened_for_me
from hiwar.common.backup.rows import LEFT_OUT, Tally, line_of, tables
from hiwar.common.backup.sealing import DamagedError
from hiwar.common.checks import keep_mark
from hiwar.common.personal import ledger
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.db.backends.base.base import BaseDatabaseWrapper

    from hiwar.common.backup.archive import Manifest

KEY_FILE = "restored.env"
_afterwards: list[Callable[[], None]] = []


def register_afterwards(action: Callable[[], None]) -> None:
    """Let a room do what must be done to rows that came from another installation."""
    if action not in _afterwards:
        _afterwards.append(action)


class NotEmpty(Refused):
    """People have accounts here already."""

    code = "not_empty"
    message = _(
        "This house is not empty. A backup goes into a new database and a new data folder:"
        " name them in HIWAR_DATABASE_URL and HIWAR_DATA, and run hiwar prepare with"
        " HIWAR_DEMO=off."
    )


class OtherVersion(Refused):
    """The copy was written by another version of the program."""

    code = "other_version"
    message = _(
        "This backup was written by another version. Install that version, restore there, and"
        " upgrade afterwards."
    )


class NotEqual(Refused):
    """What was written is not what the copy holds; nothing was kept."""

    code = "not_equal"
    message = _("What was written differs from the backup, so nothing was kept.")


def restore(
    *, path: Path, secret: str, connection: BaseDatabaseWrapper, erased: Path | None = None
) -> Manifest:
    """Put a copy into a database with current tables and no people, and files beside it.

    All rows are written in one transaction, read again and compared with the manifest before it
    ends. With the list of who was erased since, the house is not served until it was applied.
    Raises ``WrongKeyError``, ``DamagedError`` and ``Refused``; then nothing was changed.
    """
    manifest = check(path, secret)
    refuse_unless_empty(connection, manifest.head["migrations"])
    known = {table.name: table for table in tables()}
    keys: dict[str, str] = {}
    with filling(connection, manifest):
        for name, content in members(path, secret):
            kind, _slash, rest = name.partition("/")
            if kind == "tables":
                table = known.get(rest.partition("/")[0])
                lines = content.splitlines()
                if table is None or json.loads(lines[0]) != table.columns:
                    raise OtherVersion
                table.insert(connection, [json.loads(line) for line in lines[1:]])
            elif kind == "files":
                keep_file(rest, content)
            elif name == KEYS:
                keys = json.loads(content)
        compare_files(manifest)
        take_up(erased)
    keep_shut(keys)
    return manifest


def take_up(erased: Path | None) -> None:
    """Let a list of erasures wait beside the rows; raises ``OtherHouse`` where it is another's."""
    if erased is not None:
        ledger.take_up(erased)


def refuse_unless_empty(connection: BaseDatabaseWrapper, migrations: list[str]) -> None:
    """Raise ``OtherVersion`` where the tables differ, ``NotEmpty`` where people have accounts."""
    if migrations != applied(connection):
        raise OtherVersion
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")
        if cursor.fetchone()[0]:
            raise NotEmpty


@contextmanager
def filling(connection: BaseDatabaseWrapper, manifest: Manifest) -> Iterator[None]:
    """Empty the tables and let them be filled; raises ``NotEqual`` where they then differ."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        _empty(connection)
        yield
        compare(connection, manifest)
        _set_sequences(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        ledger.settle()
        raise
    finally:
        connection.set_autocommit(True)


def keep_shut(keys: dict[str, Any]) -> None:
    """Lay former keys down and keep all channels shut until somebody lets the house in."""
    _keep_keys(keys)
    # The channels of the copy were opened under the key of another installation, and stay shut.
    (settings.DATA / "installation.key").unlink(missing_ok=True)
    for action in _afterwards:
        action()


def keep_file(inside: str, content: bytes) -> None:
    """Write a file of the data folder by its path in it."""
    _write_file(settings.DATA / inside, content)


def compare(connection: BaseDatabaseWrapper, manifest: Manifest) -> None:
    """Count all rows again; raises ``NotEqual`` where a count or a checksum differs."""
    for table in tables():
        tally = Tally()
        for row in table.read(connection):
            tally.add(line_of(row))
        if tally.summary != manifest.tables.get(table.name, Tally().summary):
            raise NotEqual


def compare_files(manifest: Manifest) -> None:
    """Read all files again from where they lie; raises ``NotEqual`` where one differs."""
    for name, (size, sha256) in manifest.files.items():
        content = (settings.DATA / name).read_bytes()
        if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
            raise NotEqual


def _empty(connection: BaseDatabaseWrapper) -> None:
    """Take out what migrating and preparing wrote: roles, kinds of content, duties."""
    with connection.cursor() as cursor:
        for name in [table.name for table in tables()] + sorted(LEFT_OUT):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608


def _set_sequences(connection: BaseDatabaseWrapper) -> None:
    models = apps.get_models(include_auto_created=True)
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with opened_for_me(part) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def _keep_keys(keys: dict[str, Any]) -> None:
    """Lay the keys beside the data where they differ from those of the settings."""
    secret_key = keys.get("HIWAR_SECRET_KEY", "")
    if not secret_key:
        raise DamagedError
    keep_mark(secret_key)
    if secret_key != settings.SECRET_KEY:
        lines = "".join(f"{name}={value}\n" for name, value in keys.items() if value)
        _write_file(settings.DATA / KEY_FILE, lines.encode())
