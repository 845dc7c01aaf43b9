"""Bringing an export into an empty house: everything is compared before it counts."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from hiwar.common.backup.archive import KEYS, MANIFEST, Manifest, members
from hiwar.common.backup.restoring import (
    OtherVersion,
    filling,
    keep_file,
    keep_shut,
    refuse_unless_empty,
    take_up,
)
from hiwar.common.backup.sealing import DamagedError
from hiwar.common.files.storage import storage
from hiwar.common.moving.leaving import SEALED
from hiwar.common.moving.packing import PIECE, Source
from hiwar.common.moving.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

    from hiwar.common.moving.parts import Part

STEP = 500


def arrive(
    *, path: Path, secret: str, connection: BaseDatabaseWrapper, erased: Path | None = None
) -> Manifest:
    """Put an export into a database with current tables and no people, and files beside it.

    Every file is compared with the manifest, and every row with what was written, before anything
    counts. Raises ``WrongKeyError``, ``DamagedError`` and ``Refused``; then nothing was changed.
    """
    source = Source(path)
    with tempfile.TemporaryDirectory(prefix="hiwar-") as folder:
        sealed = Path(folder, SEALED)
        try:
            return _arrive(source, sealed, secret, connection, erased)
        finally:
            source.close()


def _arrive(
    source: Source, sealed: Path, secret: str, connection: BaseDatabaseWrapper, erased: Path | None
) -> Manifest:
    try:
        shown = json.loads(source.read(MANIFEST))
    except ValueError as error:
        raise DamagedError from error
    with source.opened(SEALED) as stream, sealed.open("wb") as target:
        while piece := stream.read(PIECE):
            target.write(piece)
    inner = _check(source, shown, sealed, secret)
    refuse_unless_empty(connection, inner["head"]["migrations"])
    manifest = Manifest(inner["head"], inner["tables"], inner["files"], inner["keys"])
    keys: dict[str, str] = {}
    with filling(connection, manifest):
        waiting = {part.table.name: _Open(source, part) for part in parts() if not part.why}
        known = {part.table.name: part for part in parts()}
        for name, content in members(sealed, secret):
            kind, _slash, rest = name.partition("/")
            if kind in {"rows", "columns"}:
                part = known.get(rest.partition("/")[0])
                if part is None:
                    raise OtherVersion
                _insert(connection, part, kind, content, waiting)
            elif kind == "files":
                keep_file(rest, content)
            elif name == KEYS:
                keys = json.loads(content)
        for name in list(waiting):
            for rows in waiting.pop(name).batches():
                known[name].table.insert(connection, rows)
        for key, member in shown["files"].items():
            storage().delete(UUID(key))
            storage().put(UUID(key), source.read(member))
        take_up(erased)
    keep_shut(keys)
    return manifest


def _check(source: Source, shown: dict[str, Any], sealed: Path, secret: str) -> dict[str, Any]:
    """Read everything once and compare it; return the manifest of the sealed part."""
    inner: dict[str, Any] = {}
    files: dict[str, list[Any]] = {}
    keys = ""
    for name, content in members(sealed, secret):
        digest = hashlib.sha256(content).hexdigest()
        if name == MANIFEST:
            inner = json.loads(content)
        elif name == KEYS:
            keys = digest
        elif name.startswith("files/"):
            files[name.removeprefix("files/")] = [len(content), digest]
    if not inner or inner["files"] != files or inner["keys"] != keys:
        raise DamagedError
    listed = {**shown["members"], **inner["open"]}
    for name, summary in listed.items():
        if shown["members"].get(name) != summary or source.summary(name) != summary:
            raise DamagedError
    if not set(shown["files"].values()) <= inner["open"].keys():
        raise DamagedError
    return inner


class _Open:
    """The open rows of a table as they are read, completed by their secret columns."""

    def __init__(self, source: Source, part: Part) -> None:
        self.source, self.part = source, part
        self.lines = self._lines()

    def _lines(self) -> Iterator[bytes]:
        with self.source.opened(f"tables/{self.part.table.name}.jsonl") as stream:
            yield from _whole_lines(stream)

    def completed(self, secrets: list[list[Any]]) -> list[list[Any]]:
        """Return as many rows as there are secrets, in the order of the columns."""
        rows = []
        for values in secrets:
            row = json.loads(next(self.lines, b"null"))
            if row is None:
                raise DamagedError
            hidden = dict(zip(self.part.secret, values, strict=True))
            rows.append(
                [
                    hidden[at] if at in hidden else row[column]
                    for at, column in enumerate(self.part.table.columns)
                ]
            )
        return rows

    def batches(self) -> Iterator[list[list[Any]]]:
        """Yield the rows of a table without secrets; of one with secrets none may be left."""
        held: list[list[Any]] = []
        for line in self.lines:
            if self.part.secret:
                raise DamagedError
            row = json.loads(line)
            held.append([row[column] for column in self.part.table.columns])
            if len(held) == STEP:
                yield held
                held = []
        if held:
            yield held


def _whole_lines(stream: IO[bytes]) -> Iterator[bytes]:
    for line in stream:
        yield line.rstrip(b"\n")


def _insert(
    connection: BaseDatabaseWrapper, part: Part, kind: str, content: bytes,
    waiting: dict[str, _Open],
) -> None:  # fmt: skip
    head, *lines = content.splitlines()
    rows = [json.loads(line) for line in lines]
    if kind == "columns":
        if json.loads(head) != [part.table.columns[at] for at in part.secret]:
            raise OtherVersion
        rows = waiting[part.table.name].completed(rows)
    elif json.loads(head) != part.table.columns:
        raise OtherVersion
    part.table.insert(connection, rows)
