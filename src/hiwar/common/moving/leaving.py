"""Writing the whole house out: tables, files and pages lie open, what is secret lies sealed."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from contextlib import closing
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from hiwar import __version__
from hiwar.common.backup.archive import (
    FORM,
    KEYS,
    MANIFEST,
    MEMBER,
    add_member,
    applied,
    files_of_the_house,
    keys_of_the_house,
)
from hiwar.common.backup.rows import Tally, line_of
from hiwar.common.backup.sealing import SealingWriter
from hiwar.common.files.actions import FileDamaged, read_unsealed
from hiwar.common.files.storage import storage
from hiwar.common.jobs.current import progress
from hiwar.common.models import StoredFile
from hiwar.common.moving.booklet import Booklet
from hiwar.common.moving.dictionary import dictionary
from hiwar.common.moving.packing import Counted
from hiwar.common.moving.parts import STAYS_BEHIND, hidden_rows, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from django.db.backends.base.base import BaseDatabaseWrapper

    from hiwar.common.moving.packing import Sink
    from hiwar.common.moving.parts import Part

SEALED = "sealed.hiwar"


class Pieces:
    """Lines of one kind on their way into the sealed file, some megabytes at a time."""

    def __init__(self, tar: tarfile.TarFile, folder: str, columns: Sequence[str]) -> None:
        self.tar, self.folder, self.number = tar, folder, 0
        self.head = line_of(list(columns)) + b"\n"
        self.held = bytearray(self.head)

    def add(self, line: bytes) -> None:
        """Take one line."""
        self.held += line + b"\n"
        if len(self.held) > MEMBER:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        if len(self.held) > len(self.head):
            add_member(self.tar, f"{self.folder}/{self.number:06d}.jsonl", bytes(self.held))
            self.number, self.held = self.number + 1, bytearray(self.head)


class Leaving:
    """One export on its way; ``manifest`` is what is told of it in the open."""

    def __init__(self, sink: Sink, reader: BaseDatabaseWrapper, now: datetime) -> None:
        self.sink, self.reader = Counted(sink), reader
        self.parts = parts()
        self.hidden = hidden_rows(reader, self.parts)
        self.full: dict[str, list[Any]] = {}
        self.manifest: dict[str, Any] = {
            "form": FORM,
            "version": __version__,
            "database": reader.vendor,
            "migrations": applied(reader),
            "begun": now.isoformat(),
            "tables": {},
            "sealed_tables": {part.table.name: str(part.why) for part in self.parts if part.why},
            "hidden_rows": sum(map(len, self.hidden.values())),
            "left_behind": {name: str(why) for name, why in STAYS_BEHIND.items()},
            "files": {},
            "damaged": [],
        }

    def write_sealed(self, target: IO[bytes], recipients: Sequence[str], passphrase: str) -> None:
        """Write all tables: what is open into the sink, the rest encrypted into ``target``."""
        with (
            closing(SealingWriter(target, recipients=recipients, passphrase=passphrase)) as sealed,
            gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=1, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            for number, part in enumerate(self.parts):
                self._write_table(tar, part)
                progress(0.7 * number / len(self.parts))
            files = self._write_files(tar)
            keys = json.dumps(keys_of_the_house()).encode()
            add_member(tar, KEYS, keys)
            inner = {
                "head": {"form": FORM, "migrations": self.manifest["migrations"]},
                "tables": self.full,
                "files": files,
                "keys": hashlib.sha256(keys).hexdigest(),
                # Binds what lies open to what is sealed: neither can be changed alone.
                "open": dict(self.sink.members),
            }
            add_member(tar, MANIFEST, json.dumps(inner, ensure_ascii=False).encode())

    def _write_table(self, tar: tarfile.TarFile, part: Part) -> None:
        name, whole, shown = part.table.name, Tally(), Tally()
        rows = Pieces(tar, f"rows/{name}", part.table.columns)
        secrets = Pieces(tar, f"columns/{name}", [part.table.columns[at] for at in part.secret])
        if part.why:
            for row in part.table.read(self.reader):
                line = line_of(row)
                whole.add(line)
                rows.add(line)
        else:
            with self.sink.opened(f"tables/{name}.jsonl") as stream:
                for row in part.table.read(self.reader):
                    whole.add(line_of(row))
                    if row[part.key] in self.hidden[name]:
                        rows.add(line_of(row))
                        continue
                    line = line_of({part.table.columns[at]: row[at] for at in part.shown})
                    shown.add(line)
                    stream.write(line + b"\n")
                    if part.secret:
                        secrets.add(line_of([row[at] for at in part.secret]))
            self.manifest["tables"][name] = shown.summary
        rows.flush()
        secrets.flush()
        self.full[name] = whole.summary

    def _write_files(self, tar: tarfile.TarFile) -> dict[str, list[Any]]:
        """Write kept files by their names, and what else the data folder holds sealed."""
        hidden = self.hidden[StoredFile._meta.db_table]
        part = next(part for part in self.parts if part.model is StoredFile)
        columns = ("id", "kind", "name", "is_sealed", "sha256")
        for key, kind, name, is_sealed, digest in part.table.read(self.reader, columns):
            if is_sealed or key in hidden:
                continue
            try:
                content = read_unsealed(UUID(key), digest)
            except FileDamaged:
                self.manifest["damaged"].append(key)
                continue
            member = f"files/{kind}/{key}-{name}"
            self.sink.add(member, content)
            self.manifest["files"][key] = member
        lies_open = {storage().place(UUID(key)) for key in self.manifest["files"]}
        held: dict[str, list[Any]] = {}
        for name, path in files_of_the_house():
            if path not in lies_open:
                content = path.read_bytes()
                add_member(tar, f"files/{name}", content)
                held[name] = [len(content), hashlib.sha256(content).hexdigest()]
        return held

    def write_pages(self) -> None:
        """Write what is for reading: tables as CSV, the dictionary, pages."""
        words = dictionary(self.parts)
        self.sink.add("dictionary.json", json.dumps(words, ensure_ascii=False, indent=1).encode())
        booklet = Booklet(self.sink, self.parts, words, self.manifest)
        shown = [part for part in self.parts if not part.why]
        for part in shown:
            booklet.learn_names(part, self._open_rows(part))
        for number, part in enumerate(shown):
            booklet.write_table(part, self._open_rows(part))
            progress(0.7 + 0.3 * number / len(shown))
        booklet.write_covers()

    def _open_rows(self, part: Part) -> Callable[[], Iterator[list[Any]]]:
        hidden = self.hidden[part.table.name]

        def rows() -> Iterator[list[Any]]:
            for row in part.table.read(self.reader):
                if row[part.key] not in hidden:
                    yield row

        return rows


def leave(
    sink: Sink, *, reader: BaseDatabaseWrapper, scratch: Path, recipients: Sequence[str],
    passphrase: str, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Write the whole house as ``reader`` sees it; return the manifest.

    ``scratch`` is a path beside the target at which the sealed part lies until it is whole.
    """
    leaving = Leaving(sink, reader, now)
    try:
        with scratch.open("wb") as target:
            leaving.write_sealed(target, recipients, passphrase)
        leaving.write_pages()
        leaving.sink.copy(SEALED, scratch)
    finally:
        scratch.unlink(missing_ok=True)
    leaving.manifest["languages"] = [code for code, _name in settings.LANGUAGES]
    leaving.manifest["members"] = dict(leaving.sink.members)
    content = json.dumps(leaving.manifest, ensure_ascii=False, indent=1).encode()
    leaving.sink.add(MANIFEST, content)
    return leaving.manifest
