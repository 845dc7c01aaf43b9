"""What rooms have registered: the kinds of files that they keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from hiwar.common.models import StoredFile


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that a room keeps.

    Parameters
    ----------
    code : str
        ``room.kind``.
    may_read : callable
        Whether somebody may read a file; it asks the room's record that points to it.
    types : frozenset of str
        Content types, as the content itself says, that are taken.
    size : int
        Bytes at most.
    kept : timedelta or None
        After so long a file is destroyed, whatever points to it; None keeps it until it is erased.
    is_sealed : bool
        Whether the bytes are sealed under the installation's key.
    is_of_strangers : bool
        Whether people send it who are promised that nobody learns who they are: the row, the log
        and the disk then tell the day alone, and not the hour.
    reader : callable or None
        What reads a file before it is kept, in the closed process; its answer goes with the file
        to the room, and what it refuses is refused.
    """

    code: str
    may_read: Callable[[Any, StoredFile], bool]
    types: frozenset[str]
    size: int = 20 << 20
    kept: timedelta | None = None
    is_sealed: bool = False
    is_of_strangers: bool = False
    reader: Callable[[bytes], object] | None = None


_kinds: dict[str, FileKind] = {}


def register_kind(kind: FileKind) -> None:
    """Let a room keep a kind of file."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> FileKind | None:
    """Return what a room registered, or None."""
    return _kinds.get(code)
