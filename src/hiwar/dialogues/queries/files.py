"""How a file of a dialogue is taken: its limits, and how it is kept until it is decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hiwar.common.tables import FileEmpty, FileUnreadable, Limits, Table, take

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.common.tables import Upload

LIMITS = Limits(rows=500_000, columns=1000, cell=10_000)


class Kept(msgspec.Struct):
    """A table as it waits, sealed, and what is told of how it was read."""

    table: Table
    about: dict[str, object]


def table_of_upload(upload: Upload, words: Mapping[str, Sequence[str]]) -> Kept:
    """Return what is taken of a file; raises ``FileEmpty`` and ``FileUnreadable``."""
    if upload.workbook is None:
        raise FileUnreadable
    taken = take(upload, words)
    if not any(taken.table.header):
        raise FileEmpty
    return Kept(taken.table, dict(taken.about))


def packed(kept: Kept) -> bytes:
    """Return a table as bytes, to be sealed."""
    return msgspec.json.encode(kept)


def unpacked(content: bytes) -> Kept:
    """Return what ``packed`` made bytes of."""
    return msgspec.json.decode(content, type=Kept)
