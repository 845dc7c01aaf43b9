"""Where the parts of an export are written to and read from: a ZIP, a folder, a stream."""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Protocol

from hiwar.common.backup.archive import opened_for_me
from hiwar.common.backup.sealing import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

EPOCH = (1980, 1, 1, 0, 0, 0)
PIECE = 1 << 20
PACKED = (".zip", ".hiwar", ".woff2", ".pdf", ".png", ".jpg")


class Sink(Protocol):
    """Takes files by their path, one after the other."""

    def opened(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open one file for writing."""


class ZipSink:
    """Files go into a ZIP, which may be a stream that nobody can go back in."""

    def __init__(self, target: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True)

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file of the ZIP for writing."""
        entry = zipfile.ZipInfo(name, EPOCH)
        is_packed = name.endswith(PACKED)
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with self.archive.open(entry, "w", force_zip64=True) as stream:
            yield stream

    def close(self) -> None:
        """Write the list of what is inside."""
        self.archive.close()


class FolderSink:
    """Files go into a folder that this user alone may enter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True)

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file of the folder for writing."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with opened_for_me(path) as stream:
            yield stream


class Counted:
    """Writes into a sink and keeps size and SHA-256 of each file."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.members = sink, dict[str, list[Any]]()

    @contextmanager
    def opened(self, name: str) -> Iterator[CountedStream]:
        """Open one file for writing; it is counted when it is closed."""
        with self.sink.opened(name) as stream:
            counted = CountedStream(stream)
            yield counted
        self.members[name] = [counted.size, counted.digest.hexdigest()]

    def add(self, name: str, content: bytes) -> None:
        """Write one whole file."""
        with self.opened(name) as stream:
            stream.write(content)

    def copy(self, name: str, path: Path) -> None:
        """Write one file that lies elsewhere, in pieces."""
        with path.open("rb") as source, self.opened(name) as stream:
            while piece := source.read(PIECE):
                stream.write(piece)


class CountedStream:
    """A stream that knows how much went through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.size, self.digest = stream, 0, hashlib.sha256()

    def write(self, content: bytes) -> None:
        """Write bytes and count them."""
        self.stream.write(content)
        self.size += len(content)
        self.digest.update(content)


class Source:
    """An export as it lies there: a ZIP or a folder. Raises ``DamagedError`` for anything else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.archive: zipfile.ZipFile | None = None
        if not path.is_dir():
            try:
                self.archive = zipfile.ZipFile(path)
            except (OSError, zipfile.BadZipFile) as error:
                raise DamagedError from error

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file for reading."""
        parts = PurePosixPath(name).parts
        if ".." in parts or name.startswith("/"):
            raise DamagedError
        try:
            if self.archive is None:
                with (self.path / name).open("rb") as stream:
                    yield stream
            else:
                with self.archive.open(name) as stream:
                    yield stream
        except (KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise DamagedError from error

    def read(self, name: str) -> bytes:
        """Return one whole file."""
        with self.opened(name) as stream:
            return stream.read()

    def summary(self, name: str) -> list[Any]:
        """Return size and SHA-256 of one file."""
        size, digest = 0, hashlib.sha256()
        with self.opened(name) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                digest.update(piece)
        return [size, digest.hexdigest()]

    def close(self) -> None:
        """Close the ZIP."""
        if self.archive is not None:
            self.archive.close()
