"""Where an export that the desk asked for lies until it is taken: encrypted, for some hours."""

from __future__ import annotations

import io
import os
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from hiwar.common.backup.archive import opened_for_me
from hiwar.common.backup.rows import snapshot
from hiwar.common.backup.sealing import (
    DamagedError,
    SealingWriter,
    UnsealingReader,
    WrongKeyError,
    new_pair,
)
from hiwar.common.moving.leaving import leave
from hiwar.common.moving.packing import ZipSink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

FOLDER = "leaving"


class _Measured(io.RawIOBase):
    """Passes bytes on and counts them, so that a download says how long it will be."""

    def __init__(self, target: IO[bytes] | SealingWriter) -> None:
        super().__init__()
        self.target, self.size = target, 0

    def writable(self) -> bool:
        """Tell that this is written to."""
        return True

    def write(self, data: Any) -> int:
        """Pass bytes on."""
        self.target.write(data)
        self.size += len(data)
        return len(data)


def path_of(key: UUID) -> Path:
    """Return where the file of an export lies."""
    folder: Path = settings.DATA / FOLDER
    return folder / f"{key.hex}.sealed"


def write_file(
    key: UUID, *, recipients: Sequence[str], passphrase: str, now: datetime
) -> tuple[str, int, int]:
    """Write an export; return what opens it, how many rows lie open, and its size in bytes."""
    path = path_of(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    public, private = new_pair()
    part = path.with_suffix(".part")
    try:
        with opened_for_me(part) as target, snapshot(connection) as reader:
            sealed = SealingWriter(target, recipients=[public])
            measured = _Measured(sealed)
            sink = ZipSink(measured)  # type: ignore[arg-type]  # a stream is enough
            manifest = leave(
                sink, reader=reader, scratch=path.with_suffix(".inner.part"),
                recipients=recipients, passphrase=passphrase, now=now,
            )  # fmt: skip
            sink.close()
            sealed.close()
            target.flush()
            os.fsync(target.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    rows = sum(count for count, _checksum in manifest["tables"].values())
    return private, rows, measured.size


def opened_file(key: UUID, private: str) -> io.BufferedReader:
    """Return the plain bytes of an export as a stream; raises ``FileNotFoundError``."""
    source = path_of(key).open("rb")
    try:
        return io.BufferedReader(UnsealingReader(source, private), 1 << 17)
    except (WrongKeyError, DamagedError):
        source.close()
        raise


def destroy_file(key: UUID) -> None:
    """Take the file of an export away."""
    path_of(key).unlink(missing_ok=True)
