"""A file that somebody brings in: read apart, with what was taken of it and what was left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.analysis import references as core_references
from hiwar.analysis import tables as core
from hiwar.analysis.references import Reference, is_references
from hiwar.analysis.tables import Card, Headings, Limits, Table, Workbook
from hiwar.common.tables.reading import (
    FileTooLarge,
    FileUnreadable,
    read_cards,
    read_references,
    read_workbook,
    refusal_of,
)
from hiwar.common.visible_text import visible_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARK_OF_CARDS = b"BEGIN:VCARD"
UNSURE = 0.7
MOST_TITLES = 5
SHOWN_LENGTH = 100
LONGEST_OBJECT = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was read: name, fingerprint, and a workbook, cards, references or an object."""

    name: str
    sha256: str
    workbook: Workbook | None = None
    cards: tuple[Card, ...] = ()
    document: dict[str, Any] | None = None
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The sheet that is taken of an upload, and all that have content, by name."""

    name: str
    table: Table
    tables: Mapping[str, Table]
    about: Mapping[str, Any]


def read_upload(content: bytes, name: str, limits: Limits | None = None) -> Upload:
    """Read what a person sent, in a process of its own; raises what ``read_workbook`` raises.

    A JSON object is read here: it is small, and its reader makes plain values of it alone.
    """
    mark = sha256(content).hexdigest()
    if content[:20].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return Upload(name, mark, document=_object(content))
    if _is_cards(content):
        return Upload(name, mark, cards=read_cards(content, limits))
    if is_references(content):
        return Upload(name, mark, references=read_references(content, limits))
    return Upload(name, mark, read_workbook(content, limits))


def own_upload(content: bytes, name: str, limits: Limits | None = None) -> Upload:
    """Read a file of the installation itself, here and now; raises what ``read_upload`` raises."""
    mark = sha256(content).hexdigest()
    limits = limits or Limits()
    try:
        if _is_cards(content):
            return Upload(name, mark, cards=core.read_cards(content, limits))
        if is_references(content):
            read = core_references.read_references(content, limits)
            return Upload(name, mark, references=read)
        return Upload(name, mark, core.read_workbook(content, limits))
    except core.TableError as error:
        raise refusal_of(error.code, error.what, error.line, limits) from error


def take(
    upload: Upload, words: Mapping[str, Sequence[str]], sheet: str = "", line: int | None = None
) -> Taken:
    """Return the sheet that is taken: the named one, else the one whose headings are known best.

    ``line`` says where its headings are, 0 for none; without it they are looked for.
    """
    assert upload.workbook is not None  # noqa: S101 -- cards have no sheets
    sheets = {filled.name: filled for filled in upload.workbook.filled}
    tables = {name: core.table_of(filled, Headings(words)) for name, filled in sheets.items()}
    name = sheet if sheet in tables else max(tables, key=lambda title: _worth(tables[title], words))
    if line is not None:
        tables[name] = core.table_of(sheets[name], Headings(words), line)
    table = tables[name]
    encoding = upload.workbook.encoding
    about = {
        "sheet": name,
        "left": [title for title in tables if title != name],
        "hidden": list(upload.workbook.hidden),
        "encoding": encoding.name if encoding else "",
        "confidence": encoding.confidence if encoding else 1,
        "others": list(encoding.others) if encoding else [],
        "titles": [text[:SHOWN_LENGTH] for text in table.titles[:MOST_TITLES]],
        "line": table.line,
        "blank": table.blank,
        "totals": list(table.totals),
        "repeated": list(table.repeated),
        "ragged": list(table.ragged[:SHOWN_LENGTH]),
        "shortened": sheets[name].shortened,
    }
    rows = tuple((at, tuple(visible_text(cell) for cell in cells)) for at, cells in table.rows)
    return Taken(name, replace(table, rows=rows), tables, about)


def sentences(about: Mapping[str, Any]) -> list[str]:
    """Say in the reader's language what was taken of a file, and what was not."""
    if not about:
        return []
    notes = [*_of_sheets(about), *_of_letters(about), *_of_headings(about)]
    lines = (
        ("totals", ngettext("%(n)s line of totals is not taken (%(lines)s).",
                            "%(n)s lines of totals are not taken (%(lines)s).",
                            len(about["totals"]))),
        ("repeated", ngettext("%(n)s line that says the headings again is not taken (%(lines)s).",
                              "%(n)s lines that say the headings again are not taken (%(lines)s).",
                              len(about["repeated"]))),
        ("ragged", ngettext("In %(n)s row, cells beyond the headings are not taken (%(lines)s).",
                            "In %(n)s rows, cells beyond the headings are not taken (%(lines)s).",
                            len(about["ragged"]))),
    )  # fmt: skip
    for name, text in lines:
        if about[name]:
            shown = [str(line) for line in about[name][:MOST_TITLES]]
            shown += ["…"] if len(about[name]) > MOST_TITLES else []
            notes.append(text % {"n": len(about[name]), "lines": _(", ").join(shown)})
    if about["blank"]:
        text = ngettext(
            "%(n)s empty line was passed over.",
            "%(n)s empty lines were passed over.",
            about["blank"],
        )
        notes.append(text % {"n": about["blank"]})
    if about["shortened"]:
        text = ngettext(
            "%(n)s cell was too long and has been cut.",
            "%(n)s cells were too long and have been cut.",
            about["shortened"],
        )
        notes.append(text % {"n": about["shortened"]})
    return notes


def _of_sheets(about: Mapping[str, Any]) -> list[str]:
    lines = []
    if about["left"]:
        lines.append(_("The sheet “%(name)s” is taken.") % {"name": about["sheet"]})
        names = _(", ").join(about["left"])
        lines.append(_("These sheets are not taken: %(names)s.") % {"names": names})
    if about["hidden"]:
        names = _(", ").join(about["hidden"])
        lines.append(_("These sheets are hidden and are not taken: %(names)s.") % {"names": names})
    return lines


def _of_letters(about: Mapping[str, Any]) -> list[str]:
    if not about["encoding"] or about["confidence"] == 1:
        return []
    facts = {"name": about["encoding"], "share": round(about["confidence"] * 100)}
    text = _("The letters were read as %(name)s, which is %(share)s%% sure.") % facts
    if about["confidence"] < UNSURE:
        text += " " + _("If names look wrong below, save the file as XLSX or as CSV in UTF-8.")
    return [text]


def _of_headings(about: Mapping[str, Any]) -> list[str]:
    if not about["line"]:
        return [_("No line of headings was found, so every line is taken as a row.")]
    if not about["titles"]:
        return []
    text = _("The headings are in line %(line)s; above them stands: %(titles)s")
    return [text % {"line": about["line"], "titles": " · ".join(about["titles"])}]


def _worth(table: Table, words: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    return len(Headings(words).proposals(table.header)), len(table.rows)


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > LONGEST_OBJECT:
        raise FileTooLarge
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FileUnreadable from error


def _is_cards(content: bytes) -> bool:
    return content[:200].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(MARK_OF_CARDS)
