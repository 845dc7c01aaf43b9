"""Files of strangers, read in a process of their own: little memory, little time, no network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from django.db import connections
from django.utils.translation import gettext_lazy as _

from hiwar.analysis.tables import Card, Limits, Workbook
from hiwar.analysis.tables.child import Answer, Order
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MEMORY = 768 << 20
PROCESSOR_SECONDS = 30
SECONDS = 120
AT_ONCE = 2
WAIT_SECONDS = 20
MOST_BACK = 256 << 20
SOURCE = Path(__file__).resolve().parents[3]
COMMAND = (
    "import sys; sys.path[:0] = {paths!r}; from hiwar.analysis.tables.child import main; main()"
)

_free = threading.BoundedSemaphore(AT_ONCE)

# What is too large, in words; the numbers are those of the limits that were asked for.
TOO_LARGE: dict[str, _StrPromise] = {
    "bytes": _("The file is larger than %(size)s MB. Split it into smaller files."),
    "rows": _("The file has more than %(rows)s rows. Split it into smaller files."),
    "cards": _("The file has more than %(rows)s contacts. Split it into smaller files."),
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


class ReaderBusy(Refused):
    """Other files are being read."""

    code = "reader_busy"
    message = _("Other files are being read at this moment. Try again in a minute.")


def read_workbook(content: bytes, limits: Limits | None = None) -> Workbook:
    """Read a file of tables in a process of its own.

    Raises
    ------
    FileEmpty, FileTooLarge, FileUnreadable, ReaderBusy
        With a message that says what to do.
    RuntimeError
        Inside a transaction: what reads for seconds must not hold the lock that votes need.
    """
    answer = _ask(Order("workbook", limits or Limits(), MEMORY, PROCESSOR_SECONDS), content)
    if answer.workbook is None:
        raise FileUnreadable
    return answer.workbook


def read_cards(content: bytes, limits: Limits | None = None) -> tuple[Card, ...]:
    """Read a file of vCards in a process of its own; raises what ``read_workbook`` raises."""
    answer = _ask(Order("cards", limits or Limits(), MEMORY, PROCESSOR_SECONDS), content)
    if answer.cards is None:
        raise FileUnreadable
    return answer.cards


def _ask(order: Order, content: bytes) -> Answer:
    _refuse_transaction()
    if len(content) > order.limits.size:
        raise refusal_of("too_large", "bytes", 0, order.limits)
    if not _free.acquire(timeout=WAIT_SECONDS):
        raise ReaderBusy
    try:
        answer = _read_apart(order, content)
    finally:
        _free.release()
    if answer.code:
        raise refusal_of(answer.code, answer.what, answer.line, order.limits)
    return answer


def _refuse_transaction() -> None:
    for connection in connections.all(initialized_only=True):
        blocks = [
            block
            for block in connection.atomic_blocks
            if not getattr(block, "_from_testcase", False)
        ]
        if blocks:
            msg = "files are read before a transaction is opened, not inside it"
            raise RuntimeError(msg)


def _read_apart(order: Order, content: bytes) -> Answer:
    """Give a file to a new process and wait for what it says, for as long as it may take."""
    paths = list(dict.fromkeys([str(SOURCE), *map(sysconfig.get_path, ("purelib", "platlib"))]))
    # Without the settings, keys and addresses that the environment of the server holds.
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 -- our own interpreter with our own code
        [sys.executable, "-I", "-S", "-c", COMMAND.format(paths=paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            answer, _errors = process.communicate(
                msgspec.json.encode(order) + b"\n" + content, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return Answer(code="too_large", what="time")
    if process.returncode or len(answer) > MOST_BACK:
        # Out of memory or out of time: the system ended it.
        return Answer(code="too_large", what="time")
    return msgspec.json.decode(answer, type=Answer)


def refusal_of(code: str, what: str, line: int, limits: Limits) -> Refused:
    """Return why a file is refused, in words, by the code of a ``TableError``."""
    facts = {
        "line": line,
        "size": limits.size >> 20,
        "rows": f"{limits.rows:,}",
        "columns": limits.columns,
    }
    if code == "empty":
        return HiddenOnly() if what == "hidden" else FileEmpty()
    if code == "too_large":
        text = TOO_LARGE.get(what)
        return FileTooLarge(str(text) % facts if text else "")
    text = UNREADABLE.get(code) or UNREADABLE.get(what)
    return FileUnreadable(str(text) % facts if text else "")
