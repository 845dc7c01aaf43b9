"""What a run keeps, sealed: the files as they were read, what a page shows, what undoing needs."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from django.utils.translation import gettext_lazy as _

from hiwar.common.crypto import seal, unseal
from hiwar.common.imports.importers import Taking
from hiwar.common.imports.plans import Report
from hiwar.common.refusals import Refused
from hiwar.common.tables import Upload, key_of, take
from hiwar.common.visible_text import visible_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.common.imports.importers import Importer, Part
    from hiwar.common.models import ImportRun

Kept = TypeVar("Kept")


class ContentUnreadable(Refused):
    """What was kept of a file cannot be opened any more."""

    code = "content_unreadable"
    message = _(
        "What was kept of this file cannot be read any more: the software or its key has changed "
        "since. Throw it away and choose the file again."
    )


def keep_files(run: ImportRun, uploads: Mapping[str, Upload]) -> None:
    """Seal the files of a run."""
    run.content = _closed(msgspec.json.encode(dict(uploads)), run, "content")


def files_of(run: ImportRun) -> dict[str, Upload]:
    """Return the files of a run by part; raises ``ContentUnreadable``."""
    return _opened(bytes(run.content), run, "content", dict[str, Upload])


def keep_report(run: ImportRun, report: Report) -> None:
    """Seal what the page of a run shows."""
    run.report = _closed(msgspec.json.encode(report), run, "report")


def report_of(run: ImportRun) -> Report:
    """Return what the page of a run shows; an empty one where there is none or it is too old."""
    try:
        return _opened(bytes(run.report), run, "report", Report) if run.report else Report()
    except ContentUnreadable:
        return Report()


def keep_journal(run: ImportRun, journal: Mapping[str, object]) -> None:
    """Seal what undoing a run needs."""
    run.journal = _closed(msgspec.json.encode(dict(journal)), run, "journal")


def journal_of(run: ImportRun) -> dict[str, Any]:
    """Return what undoing a run needs; raises ``ContentUnreadable``."""
    return _opened(bytes(run.journal), run, "journal", dict[str, Any])


def takings(
    run: ImportRun, importer: Importer, uploads: Mapping[str, Upload] | None = None
) -> dict[str, Taking]:
    """Return each file with the sheet, the headings and the meanings that were chosen.

    Raises ``ContentUnreadable``.
    """
    opened = files_of(run) if uploads is None else uploads
    said = report_of(run).said
    return {
        code: _taking(run, part, opened[code], said)
        for part in importer.parts
        if (code := part.code) in opened
    }


def headings_key(taking: Taking) -> str:
    """Return the key by which what these headings mean is remembered."""
    return key_of(taking.header)


def _taking(run: ImportRun, part: Part, upload: Upload, said: Mapping[str, str]) -> Taking:
    chosen = run.choices.get(part.code, {})
    mapping = dict(chosen.get("mapping") or {})
    if upload.document is not None:
        assert part.entries is not None  # noqa: S101 -- refused when the file was sent
        rows = tuple((at + 1, ()) for at in range(part.entries(upload.document)))
        return Taking(upload.name, (), rows, {}, document=upload.document)
    if upload.references:
        assert part.references is not None  # noqa: S101 -- refused when the file was sent
        header, listed = part.references(upload.references)
        return Taking(
            upload.name,
            tuple(header),
            tuple((line, tuple(map(visible_text, cells))) for line, cells in listed),
            mapping,
        )
    if upload.workbook is None:
        assert part.cards is not None  # noqa: S101 -- refused when the file was sent
        header, cards = part.cards(upload.cards)
        return Taking(
            upload.name,
            tuple(header),
            tuple((line, tuple(map(visible_text, cells))) for line, cells in cards),
            mapping,
        )
    taken = take(upload, part.words(run.options), chosen.get("sheet", ""), chosen.get("line"))
    table = taken.table
    about = dict(taken.about)
    return Taking(upload.name, table.header, table.rows, mapping, about, tuple(table.ragged), said)


def _closed(plain: bytes, run: ImportRun, name: str) -> bytes:
    return seal(zlib.compress(plain), f"{run.reference}:{name}")


def _opened(sealed: bytes, run: ImportRun, name: str, kind: type[Kept]) -> Kept:
    try:
        plain = zlib.decompress(unseal(sealed, f"{run.reference}:{name}"))
        return msgspec.json.decode(plain, type=kind)
    except (InvalidTag, zlib.error, msgspec.MsgspecError, ValueError) as error:
        raise ContentUnreadable from error
