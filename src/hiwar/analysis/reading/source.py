"""Bytes of a file: unpacked, known to be text, with their fingerprint."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hiwar.analysis.conversation import SourceFile
from hiwar.analysis.problems import BadInput, refuse

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 8 << 30
_HEAD = 1 << 16
_OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PIECE = 1 << 20
_PARQUET = b"PAR1"


def reads_columns() -> bool:
    """Tell whether pyarrow is here: an extra, since it is a third of what a house downloads."""
    return find_spec("pyarrow") is not None


@dataclass(frozen=True)
class Source:
    """A file that will be read; `sheet` is that of a workbook, empty for the only one."""

    path: Path
    fingerprint: SourceFile
    is_gzip: bool
    is_parquet: bool
    is_spreadsheet: bool = False
    sheet: str = ""

    @property
    def name(self) -> str:
        """Name of the file, as messages call it."""
        return self.path.name


def open_source(path: Path) -> Source:
    """Fingerprint a file and look at its first bytes.

    Raises
    ------
    BadInput
        If it does not exist, cannot be read or is empty.
    """
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
            stream.seek(0)
            magic = stream.read(8)
    except FileNotFoundError:
        raise refuse("not_found", str(path)) from None
    except OSError as error:
        raise refuse("unreadable", str(path), reason=error.strerror or str(error)) from None
    if not size:
        raise refuse("empty_file", path.name)
    if magic[:4] == _PARQUET and not reads_columns():
        raise refuse("no_parquet_reader", path.name)
    fingerprint = SourceFile(path.name, size, digest)
    return Source(
        path,
        fingerprint,
        is_gzip=magic[:2] == b"\x1f\x8b",
        is_parquet=magic[:4] == _PARQUET,
        is_spreadsheet=magic[:4] == b"PK\x03\x04" or magic == _OLD_SPREADSHEET,
    )


def head(source: Source) -> bytes:
    """Return the first bytes of the text, unpacked."""
    return _read(source, _HEAD)


def text(source: Source) -> bytes:
    """Return the whole text, known to be UTF-8, without a byte-order mark.

    Raises
    ------
    BadInput
        If it cannot be unpacked, is not UTF-8 or holds a NUL byte.
    """
    data = _read(source, LIMIT + 1)
    if len(data) > LIMIT:
        raise refuse("too_large", source.name, limit=LIMIT >> 30)
    if not data:
        raise refuse("empty_file", source.name)
    if _is_utf16(data):
        raise refuse("utf16", source.name)
    nul = data.find(b"\0")
    if nul >= 0:
        raise _at(data, nul, "nul_byte", source)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        kind = "cp1256" if _is_cp1256(data) else "not_utf8"
        raise _at(data, error.start, kind, source) from None
    return data.removeprefix(codecs.BOM_UTF8)


def _read(source: Source, limit: int) -> bytes:
    """Read until the end or just past the limit; asking for it at once would reserve it."""
    parts: list[bytes] = []
    left = limit
    try:
        with gzip.open(source.path) if source.is_gzip else source.path.open("rb") as stream:
            while left > 0 and (part := stream.read(min(left, _PIECE))):
                parts.append(part)
                left -= len(part)
    except EOFError:
        raise refuse("truncated_gzip", source.name) from None
    except (gzip.BadGzipFile, zlib.error):
        raise refuse("corrupt_gzip", source.name) from None
    except OSError as error:
        raise refuse("unreadable", source.name, reason=error.strerror or str(error)) from None
    return b"".join(parts)


def _is_utf16(data: bytes) -> bool:
    """Tell UTF-16 by its mark, or by a NUL in every other byte of Latin letters and digits."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    sample = data[:512]
    half = max(len(sample) // 2, 1)
    return max(sample[::2].count(0), sample[1::2].count(0)) > 0.4 * half


def _is_cp1256(data: bytes) -> bool:
    """Tell Windows Arabic: nearly everything beyond ASCII would be an Arabic letter."""
    letters = codecs.decode(bytes(b for b in data[: 1 << 16] if b > 127), "cp1256", "replace")
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in letters)
    return len(letters) >= 4 and arabic > 0.8 * len(letters)


def _at(data: bytes, offset: int, kind: str, source: Source) -> BadInput:
    """Turn an offset into a line and a column that an editor shows."""
    line_start = data.rfind(b"\n", 0, offset) + 1
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[line_start:offset].decode("utf-8", "replace").lstrip("\ufeff")) + 1
    return refuse(kind, source.name, line, column)
