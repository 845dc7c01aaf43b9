"""The one way in: bytes of a list of references to its records, by what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.analysis.references.bibtex import is_bibtex, read_bibtex
from hiwar.analysis.references.csl import is_csl, read_csl
from hiwar.analysis.references.ris import is_ris, read_ris
from hiwar.analysis.tables.encodings import decode
from hiwar.analysis.tables.workbook import Limits, TableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hiwar.analysis.references.records import Reference

    Read = Callable[[str], tuple[list[Reference], int, list[int]]]

_HEAD = 40_000
_SHOWN = 20
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")
_FORMATS: tuple[tuple[Callable[[str], bool], Read], ...] = (
    (is_ris, read_ris), (is_csl, read_csl), (is_bibtex, read_bibtex),
)  # fmt: skip


def is_references(content: bytes) -> bool:
    """Return whether a file is RIS, BibTeX or CSL-JSON, by how it begins."""
    if content.startswith(_PACKED):
        return False
    head = content if len(content) <= _HEAD else content[:_HEAD].rpartition(b"\n")[0]
    if head.startswith(b"\xfe\xff") and len(head) % 2:
        head = head[:-1]
    try:
        text, _encoding = decode(head)
    except TableError:
        return False
    return any(knows(text) for knows, _read in _FORMATS)


def read_references(content: bytes, limits: Limits | None = None) -> tuple[Reference, ...]:
    """Read a list of references.

    Parameters
    ----------
    content : bytes
        The whole file, in any usual encoding.
    limits : Limits, optional
        ``size`` in bytes, ``rows`` as the most references.

    Returns
    -------
    tuple of Reference
        As many as the text begins, in its order.

    Raises
    ------
    TableError
        `empty`, `unreadable`, `too_large`, or `records_lost` where not every record that the text
        begins was read: ``what`` is `BEGUN/READ: LINES`, so that nothing goes in silence.
    """
    limits = limits or Limits()
    if len(content) > limits.size:
        raise TableError("too_large", what="bytes")
    text, _encoding = decode(content)
    read = next((read for knows, read in _FORMATS if knows(text)), None)
    if read is None:
        raise TableError("unreadable" if text.strip() else "empty", what="references")
    references, begun, lost = read(text)
    if lost or begun != len(references):
        shown = ", ".join(map(str, lost[:_SHOWN])) + (", …" if len(lost) > _SHOWN else "")
        count = max(begun, len(references) + len(lost))
        what = f"{count}/{len(references)}: {shown}"
        raise TableError("records_lost", line=lost[0] if lost else 0, what=what)
    if not references:
        raise TableError("empty", what="references")
    if len(references) > limits.rows:
        raise TableError("too_large", what="references")
    return tuple(references)
