"""Writing a copy of the house and reading one: a tar of tables, files and keys, and a manifest."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from hiwar import __version__
from hiwar.common.backup.rows import Tally, line_of, tables
from hiwar.common.backup.sealing import DamagedError, SealingWriter, UnsealingReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from django.db.backends.base.base import BaseDatabaseWrapper

FORM = 1
MEMBER = 4 << 20
HEAD, KEYS, MANIFEST = "head.json", "keys.json", "manifest.json"
# Of one machine, or made again; a restored house turns its letters on by itself, so it gets a new
# `installation.key`.
NOT_COPIED = frozenset(
    [
        "static",
        "outbox",
        "serve.lock",
        "node",
        "jobs.bell",
        "installation.key",
        "secret.mark",
        "restored.env",
        # Newer beside an old copy than in it: `erased.key`, which opens the list, is copied.
        "erased.list",
        "erased.pending",
        "erased.lock",
        "backups",
        "leaving",
        "proof",
        "proof.lock",
    ]
)
SUFFIXES_NOT_COPIED = (".part", ".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal")


@dataclass(slots=True)
class Manifest:
    """What a copy holds: rows and checksum of each table, size and SHA-256 of each file."""

    head: dict[str, Any]
    tables: dict[str, list[Any]] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    keys: str = ""

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(count for count, _checksum in self.tables.values())

    def as_json(self) -> bytes:
        """Return it as it is written."""
        summary = {"head": self.head, "tables": self.tables, "files": self.files, "keys": self.keys}
        return json.dumps(summary, ensure_ascii=False, indent=1).encode()


def opened_for_me(path: Path) -> IO[bytes]:
    """Open a new file that nobody else on this machine may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def applied(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the migrations of a database, as ``room.name``."""
    return sorted(
        f"{room}.{name}" for room, name in MigrationRecorder(connection).applied_migrations()
    )


def files_of_the_house() -> Iterator[tuple[str, Path]]:
    """Yield the files of the data folder that belong into a copy, by their path in it."""
    for folder, folders, names in os.walk(settings.DATA):
        inside = Path(folder).relative_to(settings.DATA)
        if inside == Path():
            folders[:] = [name for name in folders if name not in NOT_COPIED]
        for name in sorted(names):
            path = Path(folder, name)
            is_ours = inside == Path() and name in NOT_COPIED
            if not is_ours and not name.endswith(SUFFIXES_NOT_COPIED) and path.is_file():
                yield (inside / name).as_posix(), path


def write(
    sink: IO[bytes], *, reader: BaseDatabaseWrapper, recipients: Sequence[str], passphrase: str,
    now: datetime,
) -> Manifest:  # fmt: skip
    """Write everything into an encrypted stream; ``reader`` sees one moment of the database."""
    manifest = Manifest(
        {
            "form": FORM,
            "version": __version__,
            "database": reader.vendor,
            "migrations": applied(reader),
            "begun": now.isoformat(),
        }
    )
    with (
        closing(SealingWriter(sink, recipients=recipients, passphrase=passphrase)) as sealed,
        gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        add_member(tar, HEAD, json.dumps(manifest.head).encode())
        for table in tables():
            tally = Tally()
            lines = _counted(table.read(reader), tally)
            for number, content in enumerate(_members(table.columns, lines)):
                add_member(tar, f"tables/{table.name}/{number:06d}.jsonl", content)
            manifest.tables[table.name] = tally.summary
        for name, path in files_of_the_house():
            content = path.read_bytes()
            add_member(tar, f"files/{name}", content)
            manifest.files[name] = [len(content), hashlib.sha256(content).hexdigest()]
        keys = json.dumps(keys_of_the_house()).encode()
        manifest.keys = hashlib.sha256(keys).hexdigest()
        add_member(tar, KEYS, keys)
        add_member(tar, MANIFEST, manifest.as_json())
    return manifest


def keys_of_the_house() -> dict[str, Any]:
    """Return the keys without which sealed columns cannot be read, by their settings."""
    return {
        "HIWAR_SECRET_KEY": settings.SECRET_KEY,
        "HIWAR_SECRET_KEY_FALLBACKS": ",".join(settings.SECRET_KEY_FALLBACKS),
    }


def _counted(rows: Iterator[list[Any]], tally: Tally) -> Iterator[bytes]:
    for row in rows:
        line = line_of(row)
        tally.add(line)
        yield line


def _members(columns: list[str], lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces of some megabytes that begin with the names of the columns."""
    head = line_of(columns) + b"\n"
    held = bytearray(head)
    for line in lines:
        held += line + b"\n"
        if len(held) > MEMBER:
            yield bytes(held)
            held = bytearray(head)
    if len(held) > len(head):
        yield bytes(held)


def add_member(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add one file to a tar that is written as a stream."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def members(path: Path, secret: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of all that a copy holds, to its very end.

    Raises ``WrongKeyError`` where the secret does not open it, and ``DamagedError``.
    """
    with path.open("rb") as source:
        reader = UnsealingReader(source, secret)
        try:
            with (
                gzip.GzipFile(fileobj=io.BufferedReader(reader, 1 << 17), mode="rb") as packed,
                tarfile.open(fileobj=packed, mode="r|") as tar,
            ):
                for entry in tar:
                    file = tar.extractfile(entry)
                    parts = PurePosixPath(entry.name).parts
                    if file is None or ".." in parts or entry.name.startswith("/"):
                        raise DamagedError
                    yield entry.name, file.read()
                while packed.read(1 << 16):
                    pass
        except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
            raise DamagedError from error


def check(path: Path, secret: str) -> Manifest:
    """Read a whole copy and compare everything in it with its manifest; raises ``DamagedError``."""
    counts: dict[str, Tally] = {}
    files: dict[str, list[Any]] = {}
    keys, manifest = "", None
    for name, content in members(path, secret):
        kind, _slash, rest = name.partition("/")
        if kind == "tables":
            tally = counts.setdefault(rest.partition("/")[0], Tally())
            for line in content.splitlines()[1:]:
                tally.add(line)
        elif kind == "files":
            files[rest] = [len(content), hashlib.sha256(content).hexdigest()]
        elif name == KEYS:
            keys = hashlib.sha256(content).hexdigest()
        elif name == MANIFEST:
            manifest = Manifest(**json.loads(content))
    if manifest is None:
        raise DamagedError
    held = {name: tally.summary for name, tally in counts.items()}
    expected = {name: summary for name, summary in manifest.tables.items() if summary[0]}
    if held != expected or files != manifest.files or keys != manifest.keys:
        raise DamagedError
    return manifest
