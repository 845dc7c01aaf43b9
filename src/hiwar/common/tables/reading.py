"""Tables and cards of strangers, read in a process of their own, and why one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.analysis.references import child as references_child
from hiwar.analysis.tables import Card, Limits, Workbook
from hiwar.analysis.tables.child import Answer, Order
from hiwar.common.files.closed_process import MEMORY, PROCESSOR_SECONDS, Reader
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from hiwar.analysis.references import Reference

WORKBOOKS = Reader("hiwar.analysis.tables.child", Answer)
REFERENCES = Reader("hiwar.analysis.references.child", references_child.Answer)

# What is too large, in words; the numbers are those of the limits that were asked for.
TOO_LARGE: dict[str, _StrPromise] = {
    "bytes": _("The file is larger than %(size)s MB. Split it into smaller files."),
    "rows": _("The file has more than %(rows)s rows. Split it into smaller files."),
    "cards": _("The file has more than %(rows)s contacts. Split it into smaller files."),
    "references": _("The file has more than %(rows)s references. Split it into smaller files."),
    "columns": _(
        "Row %(line)s has more than %(columns)s columns. Delete what stands far to the side and "
        "save the file again."
    ),
    "far": _(
        "A cell stands far away from the others, below or to the side of them. Delete it and save "
        "the file again."
    ),
    "merged": _(
        "The file has joined cells without end. Undo the joining in the spreadsheet program and "
        "save the file again."
    ),
}
UNREADABLE: dict[str, _StrPromise] = {
    "password": _(
        "The file is protected by a password. Take the protection away and save it again."
    ),
    "pdf": _("This is a PDF. Choose a spreadsheet (XLSX) or a CSV file."),
    "picture": _("This is a picture. Choose a spreadsheet (XLSX) or a CSV file."),
    "word": _("This is a text document. Choose a spreadsheet (XLSX) or a CSV file."),
    "html": _(
        "This is a web page, even if its name ends in .xls. Open it in a spreadsheet program, save "
        "it as XLSX and try again."
    ),
    "zip": _(
        "This is a packed folder or a damaged spreadsheet. Save the list as XLSX or CSV and try "
        "again."
    ),
    "packed": _("This is a packed folder. Unpack it and choose the spreadsheet in it."),
    "entities": _(
        "The spreadsheet holds what no spreadsheet program writes, so it was not opened. Copy the "
        "rows into a new file."
    ),
    "quote": _(
        "A quotation mark that begins in line %(line)s never ends, so the rows below it cannot be "
        "told apart. Correct it, or save the list as XLSX."
    ),
    "records_lost": _(
        "The text of this file has %(counted)s references, and %(read)s of them can be read. So "
        "that none is lost in silence, nothing of it is taken. Look at what begins in these lines, "
        "or export the list again: %(lines)s."
    ),
    "references": _("There is no reference in this file. Export the list as RIS or BibTeX."),
    "cards": _("There is no contact in this file. Export the contacts again as vCard (.vcf)."),
}


class FileEmpty(Refused):
    """There is nothing in the file."""

    code = "file_empty"
    message = _("The file is empty. Choose a file with a row of headings and rows below it.")


class HiddenOnly(FileEmpty):
    """All sheets with content are hidden."""

    message = _(
        "Nothing in this file is shown: its sheets are empty or hidden. Show the sheet that holds "
        "the list and save the file again."
    )


class FileTooLarge(Refused):
    """The file, or what it unpacks to, is beyond the limits."""

    code = "file_too_large"
    message = _("The file is too large to be read. Split it into smaller files.")

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        """Return what is too large, in the reader's language."""
        return self.text or str(self.message)


class FileUnreadable(FileTooLarge):
    """The file is neither CSV nor a spreadsheet."""

    code = "file_unreadable"
    message = _("This file cannot be read. Save it as CSV (UTF-8) or as XLSX and try again.")


def read_workbook(content: bytes, limits: Limits | None = None) -> Workbook:
    """Read a file of tables in a process of its own.

    Raises
    ------
    FileEmpty, FileTooLarge, FileUnreadable, ReaderBusy
        With a message that says what to do.
    RuntimeError
        Inside a transaction: what reads for seconds must not hold the lock that votes need.
    """
    answer = _ask("workbook", limits or Limits(), content)
    if answer.workbook is None:
        raise FileUnreadable
    return answer.workbook


def read_cards(content: bytes, limits: Limits | None = None) -> tuple[Card, ...]:
    """Read a file of vCards in a process of its own; raises what ``read_workbook`` raises."""
    answer = _ask("cards", limits or Limits(), content)
    if answer.cards is None:
        raise FileUnreadable
    return answer.cards


def read_references(content: bytes, limits: Limits | None = None) -> tuple[Reference, ...]:
    """Read a list of references in a process of its own; raises what ``read_workbook`` raises."""
    limits = limits or Limits()
    if len(content) > limits.size:
        raise refusal_of("too_large", "bytes", 0, limits)
    order = references_child.Order(limits, MEMORY, PROCESSOR_SECONDS)
    answer = REFERENCES.read(order, content)
    if answer is None:
        raise refusal_of("too_large", "time", 0, limits)
    if answer.references is None:
        raise refusal_of(answer.code, answer.what, answer.line, limits)
    return answer.references


def _ask(kind: str, limits: Limits, content: bytes) -> Answer:
    if len(content) > limits.size:
        raise refusal_of("too_large", "bytes", 0, limits)
    answer = WORKBOOKS.read(Order(kind, limits, MEMORY, PROCESSOR_SECONDS), content)
    if answer is None:
        raise refusal_of("too_large", "time", 0, limits)
    if answer.code:
        raise refusal_of(answer.code, answer.what, answer.line, limits)
    return answer


def refusal_of(code: str, what: str, line: int, limits: Limits) -> Refused:
    """Return why a file is refused, in words, by the code of a ``TableError``."""
    facts = {
        "line": line,
        "size": limits.size >> 20,
        "rows": f"{limits.rows:,}",
        "columns": limits.columns,
    }
    if code == "records_lost":
        counts, _colon, lines = what.partition(": ")
        facts["counted"], _slash, facts["read"] = counts.partition("/")
        facts["lines"] = lines
    if code == "empty":
        return HiddenOnly() if what == "hidden" else FileEmpty()
    if code == "too_large":
        text = TOO_LARGE.get(what)
        return FileTooLarge(str(text) % facts if text else "")
    text = UNREADABLE.get(code) or UNREADABLE.get(what)
    return FileUnreadable(str(text) % facts if text else "")
