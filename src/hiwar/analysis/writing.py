"""Write results so that a reader finds all of them or none.

Everything is written beside its target under a name that starts with a dot, brought to the disk,
and only then renamed. What a killed run left behind is cleaned by the next one.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import secrets
import shutil
from typing import TYPE_CHECKING

from hiwar.analysis.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

DOCUMENT = "analysis.json"
PAGES = {"index.html", "index.ar.html", "index.en.html"}
_OURS = b'"hiwar.engine.opinion"'
_LEFT = re.compile(r"\.(?P<target>.+)\.hiwar-(?P<pid>[0-9]+)-[0-9a-f]{8}\.(?P<kind>part|old)")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def check_file(target: Path) -> None:
    """Refuse a target for a document that can only fail later."""
    if target.is_dir():
        raise refuse("is_a_folder", str(target))
    _check_parent(target)


def check_folder(target: Path) -> None:
    """Refuse a target for a report that is a file, or a folder with anything not ours in it."""
    if target.exists() and not target.is_dir():
        raise refuse("not_a_folder", str(target))
    _check_parent(target)
    if not target.is_dir():
        return
    names = sorted(entry.name for entry in target.iterdir())
    if not names:
        return
    foreign = next((name for name in names if name not in PAGES | {DOCUMENT}), None)
    if foreign is None and not _is_ours(target / DOCUMENT):
        foreign = names[0]
    if foreign is not None:
        raise refuse("folder_not_ours", str(target), name=foreign)


class Staging:
    """Files and folders that are written but not yet in their place."""

    def __init__(self) -> None:
        self._ready: list[tuple[Path, Path]] = []
        self._open: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for path in self._open:
            _remove(path)

    def file(self, target: Path, chunks: Iterable[bytes], mode: int = 0o666) -> None:
        """Write a file beside its target, with the permissions that the system leaves of a mode."""
        with _explained(target):
            _clean_up(target)
            part = _beside(target, "part")
            self._open.append(part)
            _write(part, chunks, mode)
            self._ready.append((part, target))

    def folder(self, target: Path, contents: Mapping[str, Iterable[bytes]]) -> None:
        """Write a folder of files beside its target."""
        with _explained(target):
            _clean_up(target)
            part = _beside(target, "part")
            self._open.append(part)
            part.mkdir()
            for name, chunks in contents.items():
                _write(part / name, chunks)
            _sync(part)
            self._ready.append((part, target))

    def publish(self) -> None:
        """Put everything in its place."""
        for part, target in self._ready:
            with _explained(target):
                if part.is_dir():
                    check_folder(target)
                    _swap_folder(part, target)
                else:
                    part.replace(target)
                _sync(target.absolute().parent)


def _is_ours(document: Path) -> bool:
    try:
        with document.open("rb") as stream:
            return _OURS in stream.read(200)
    except OSError:
        return False


def _check_parent(target: Path) -> None:
    parent = target.absolute().parent
    if not parent.is_dir():
        raise refuse("not_found", str(parent))
    if not os.access(parent, os.W_OK):
        raise refuse("cannot_write", str(target), reason=os.strerror(errno.EACCES))


@contextlib.contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise refuse("cannot_write", str(target), reason=reason) from None


def _beside(target: Path, kind: str) -> Path:
    name = f".{target.name}.hiwar-{os.getpid()}-{secrets.token_hex(4)}.{kind}"
    return target.absolute().parent / name


def _write(path: Path, chunks: Iterable[bytes], mode: int = 0o666) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap_folder(part: Path, target: Path) -> None:
    """Exchange two folders in one step where the system can, else in two that can be undone."""
    if not target.is_dir() or not any(target.iterdir()):
        part.rename(target)
    elif _exchange(part, target):
        _remove(part)
    else:
        old = _beside(target, "old")
        target.rename(old)
        part.rename(target)
        _remove(old)


def _exchange(first: Path, other: Path) -> bool:
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    names = os.fsencode(first), os.fsencode(other)
    return bool(call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)


def _clean_up(target: Path) -> None:
    """Remove what runs that are no longer alive left beside the target."""
    for entry in sorted(target.absolute().parent.iterdir()):
        left = _LEFT.fullmatch(entry.name)
        if not left or left["target"] != target.name or _is_alive(int(left["pid"])):
            continue
        if left["kind"] == "old" and not target.exists():
            entry.rename(target)
        else:
            _remove(entry)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
