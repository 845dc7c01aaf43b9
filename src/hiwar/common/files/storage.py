"""The one door to where bytes lie: a folder, which may be a shared one.

Another kind of storage (an object store) is another class with the same four functions, and is
chosen here and nowhere else.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.conf import settings

from hiwar.common.waiting import refuse_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


class Storage(Protocol):
    """Where bytes lie, by keys that tell nothing."""

    def put(self, key: UUID, content: bytes, written_at: datetime | None = None) -> None:
        """Keep bytes under a new key, whole or not at all; the disk says ``written_at``."""

    def get(self, key: UUID) -> bytes:
        """Return bytes; raises ``FileNotFoundError``."""

    def delete(self, key: UUID) -> None:
        """Destroy bytes; none there is no fault."""

    def keys(self) -> Iterator[tuple[UUID, float]]:
        """Yield every key with when it was put, in seconds since 1970, for backups and sweeping."""

    def place(self, key: UUID) -> Path:
        """Return where the bytes of a key lie, for copies of the whole house."""


class FolderStorage:
    """Bytes in a folder that only this user may enter; no link in it is ever followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: UUID, content: bytes, written_at: datetime | None = None) -> None:
        """Write beside, bring it to the disk, then give it its name; in no transaction."""
        refuse_transaction()
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._refuse_link(path.parent)
        part = path.with_suffix(".part")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if written_at is not None:
            os.utime(part, (written_at.timestamp(), written_at.timestamp()))
        part.rename(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def get(self, key: UUID) -> bytes:
        """Read the bytes of a key."""
        path = self._path(key)
        self._refuse_link(path.parent)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError as error:
            raise FileNotFoundError(key) from error
        with os.fdopen(handle, "rb") as file:
            return file.read()

    def delete(self, key: UUID) -> None:
        """Take the bytes of a key away, and what a broken write left of it."""
        path = self._path(key)
        for leftover in (path, path.with_suffix(".part")):
            with suppress(FileNotFoundError, NotADirectoryError):
                leftover.unlink()

    def keys(self) -> Iterator[tuple[UUID, float]]:
        """Yield the key of every file, broken writes too, with when it was written."""
        for path in sorted(self.folder.glob("??/*")):
            with suppress(ValueError, FileNotFoundError):
                yield UUID(path.stem), path.lstat().st_mtime

    def place(self, key: UUID) -> Path:
        """Return where the bytes of a key lie."""
        return self._path(key)

    def _path(self, key: UUID) -> Path:
        # A key is a number, so no text of a stranger ever becomes a part of a path.
        return self.folder / key.hex[:2] / key.hex

    def _refuse_link(self, folder: Path) -> None:
        if folder.is_symlink():
            raise FileNotFoundError(folder)


def storage() -> Storage:
    """Return where the installation keeps its files."""
    return FolderStorage(Path(settings.FILES))
