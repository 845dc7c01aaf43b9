"""The list of who was erased, outside of the database: what an older copy brings back goes again.

Each line seals under a key of its own the kind and the keys of the rows that one erasure took;
no name, number or day. The key travels inside every backup, the list beside the backups, so that
the newest list opens with what the oldest backup holds. Lists are only ever joined.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hiwar.common import crypto
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NAME, KEY_NAME, PENDING, LOCK = "erased.list", "erased.key", "erased.pending", "erased.lock"
HEAD = "hiwar erased, form 1"
PLACE = "common.erased"


class OtherHouse(Refused):
    """The list belongs to another house, or its key is not there."""

    code = "other_house"
    message = _(
        "This list of erasures does not belong to the house that was restored, or it is damaged."
    )


def note(*, erasure: str, kind: str, keys: Sequence[str]) -> None:
    """Add to the list what an erasure took, once; also beside the backups where they lie.

    Raises ``OSError`` where it cannot be written.
    """
    with _locked():
        lines = _lines(settings.DATA / NAME)
        if erasure not in {line.partition(" ")[0] for line in lines}:
            content = json.dumps([kind, list(keys)]).encode()
            sealed = crypto.seal(content, f"{PLACE}:{erasure}", key=_key())
            lines.append(f"{erasure} {base64.b64encode(sealed).decode()}")
            _write(settings.DATA / NAME, lines)
    if settings.BACKUP_TO.is_dir():
        keep_beside(settings.BACKUP_TO)


def keep_beside(folder: Path) -> None:
    """Join the list into the one of a folder, so that it lies beside the backups there."""
    with _locked():
        _key()
        ours, path = _lines(settings.DATA / NAME), folder / NAME
        joined = _joined(_lines(path), ours)
        if joined != _lines(path) or not path.exists():
            _write(path, joined)


def count_in(folder: Path) -> int:
    """Return how many erasures the list of a folder holds; raises ``OSError``, ``OtherHouse``."""
    return len(_lines(folder / NAME))


def try_writing() -> None:
    """Open the list for one more line, and write none; raises ``OSError`` where that fails."""
    with _locked(), suppress(FileNotFoundError), (settings.DATA / NAME).open("r+b"):
        pass


def take_up(path: Path) -> None:
    """Take a list into a new house that is being restored, and note that it must be applied.

    Raises ``OtherHouse`` where the key of the restored house does not open it.
    """
    with _locked():
        _write(settings.DATA / PENDING, [])
        _write(settings.DATA / NAME, _read(path))
    for _kind, _keys in erased():
        pass


def is_pending() -> bool:
    """Tell whether a restored house was not yet rid of those who had been erased."""
    pending: Path = settings.DATA / PENDING
    return pending.exists()


def settle() -> None:
    """Note that the list was applied."""
    (settings.DATA / PENDING).unlink(missing_ok=True)


def erased() -> Iterator[tuple[str, list[str]]]:
    """Yield kind and keys of each erasure, the earliest first; raises ``OtherHouse``."""
    for line in _lines(settings.DATA / NAME):
        erasure, _space, sealed = line.partition(" ")
        try:
            content = crypto.unseal(
                base64.b64decode(sealed, validate=True), f"{PLACE}:{erasure}", key=_key()
            )
        except (InvalidTag, ValueError) as error:
            raise OtherHouse from error
        kind, keys = json.loads(content)
        yield kind, keys


def _key() -> str:
    """Return the key of the list, made where there is none yet."""
    path: Path = settings.DATA / KEY_NAME
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        _write_text(path, secrets.token_hex(32) + "\n")
        return path.read_text("ascii").strip()


@contextmanager
def _locked() -> Iterator[None]:
    """Let one process at a time write; the lock ends with the process."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with (settings.DATA / LOCK).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _joined(first: list[str], second: list[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


def _lines(path: Path) -> list[str]:
    try:
        return _read(path)
    except FileNotFoundError:
        return []


def _read(path: Path) -> list[str]:
    head, *lines = path.read_text("utf-8", "replace").splitlines() or [""]
    if head != HEAD:
        raise OtherHouse
    return [line for line in lines if line]


def _write(path: Path, lines: list[str]) -> None:
    _write_text(path, "\n".join([HEAD, *lines]) + "\n")


def _write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, for nobody else on this machine."""
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
