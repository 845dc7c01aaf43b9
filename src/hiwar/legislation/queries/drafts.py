"""Texts read from files: the closed reader, and what it doubts, beside what the file said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.analysis.laws.child import LawAnswer, LawOrder
from hiwar.common.files import FileKind
from hiwar.common.files.closed_process import MEMORY, PROCESSOR_SECONDS, Reader
from hiwar.common.files.types import DOCX, HTML, PDF, TEXT, XML
from hiwar.common.refusals import Refused
from hiwar.engine import law as engine
from hiwar.legislation import rules
from hiwar.legislation.models import DraftRemark, LawDraft
from hiwar.legislation.queries.scans import SCAN, lines_of_scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from hiwar.analysis.laws import LawFile
    from hiwar.common.models import StoredFile
    from hiwar.legislation.models import Law

FILE = "legislation.draft"
LAWS = Reader("hiwar.analysis.laws.child", LawAnswer)
LONGEST = 1_000_000
AROUND = 2
SURE, LIKELY = 0.9, 0.7
# Files that say themselves what is an article.
STRUCTURED = frozenset(["akoma_ntoso", "bluebell"])
SOURCE_KINDS: dict[str, _StrPromise] = {
    "pdf": pgettext_lazy("law file", "a PDF with letters"),
    "docx": pgettext_lazy("law file", "a Word file"),
    "html": pgettext_lazy("law file", "a web page"),
    "akoma_ntoso": pgettext_lazy("law file", "Akoma Ntoso"),
    "bluebell": pgettext_lazy("law file", "a text with markup"),
    "text": pgettext_lazy("law file", "a plain text"),
    SCAN: pgettext_lazy("law file", "a scan"),
}


class LawUnread(Refused):
    """A file out of which no text of a law comes."""

    code = "law_unread"
    message = _("No text could be read from this file. A scan has no letters: type it or paste it.")


class LawEncrypted(Refused):
    """A file that is locked."""

    code = "law_encrypted"
    message = _("This file is protected by a password. Save it without one and try again.")


class LawTooLong(Refused):
    """A file beyond what is read at once."""

    code = "law_too_long"
    message = _("This file is too long to be read at once. Split it and bring the parts in.")


def read_law_file(content: bytes, direction: str) -> LawFile:
    """Return what a file of a law holds, read in the closed process.

    Raises ``LawUnread``, ``LawEncrypted``, ``LawTooLong`` and ``ReaderBusy``.
    """
    answer = LAWS.read(LawOrder(direction, MEMORY, PROCESSOR_SECONDS), content)
    if answer is None or answer.code == "too_large":
        raise LawTooLong
    if answer.code == "encrypted":
        raise LawEncrypted
    file = answer.file
    if file is None or not (file.text.strip() or file.law):
        raise LawUnread
    if max(len(file.text), len(file.before)) > LONGEST:
        raise LawTooLong
    return file


def may_read_draft_file(reader: Any, file: StoredFile) -> bool:
    """Return whether somebody may read a file: its keeper, and who reads the version of it.

    A file in which reviewers wrote remarks is for who may read these.
    """
    if not isinstance(reader, User):
        return False
    drafts = LawDraft.objects.filter(file=file).select_related("version__law__dossier")
    has_remarks = DraftRemark.objects.filter(draft__file=file).exists()
    rule = rules.can_read_remarks if has_remarks else rules.can_read_version
    return any(
        draft.kept_by_id == reader.pk or (draft.version is not None and rule(reader, draft.version))
        for draft in drafts
    )


KIND = FileKind(
    FILE, may_read_draft_file, frozenset([PDF, DOCX, HTML, XML, TEXT]), is_sealed=True
)  # fmt: skip


def drafts_of(user: User, law: Law) -> QuerySet[LawDraft]:
    """Return the texts that somebody puts right for a law, without the texts, oldest first."""
    drafts = LawDraft.objects.filter(law=law, kept_by=user, version=None).select_related("file")
    return drafts.defer("read", "text").order_by("brought_at", "pk")


def reading_of(draft: LawDraft) -> engine.Reading:
    """Return how the text of a draft is read as it is now."""
    writing = draft.law.jurisdiction if draft.language == "ar" else draft.language
    return engine.read_law(draft.text, writing if writing in engine.JURISDICTIONS else "en")


@dataclass(frozen=True, slots=True)
class DraftDoubt:
    """A line of which the reader is not sure.

    Attributes
    ----------
    line : int
        Its place among the lines of the text, from 0.
    start : int
        Where what is doubted begins in the line.
    text : str
        The line.
    turn : int
        The how manieth of the lines with this text it is, from 0; with the text its name.
    kind : str
        ``heading`` for one that was taken, ``left`` for one that stays text, ``scan`` for a line of
        a scan with a number or with letters that are not sure.
    label, heading : str
        What was read, for a heading.
    reasons : tuple of str
        Codes.
    percent : int
        How sure the reader is; 0 for what stays text.
    before, after : tuple of str
        The lines around it.
    is_settled : bool
        Whether its keeper let it stand.
    """

    line: int
    start: int
    text: str
    turn: int
    kind: str
    label: str
    heading: str
    reasons: tuple[str, ...]
    percent: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    is_settled: bool


def doubts_of(draft: LawDraft, reading: engine.Reading) -> list[DraftDoubt]:
    """Return what is doubtful in a draft in the order of its lines; one for each line."""
    lines = draft.text.split("\n")
    starts = _starts(lines)
    by_line: dict[int, tuple[int, str, str, str, tuple[str, ...], int]] = {}
    for part in reading.law.walk():
        if part.start >= 0 and part.confidence < SURE:
            line, start = _place(starts, part.start)
            by_line.setdefault(line, (
                start, "heading", part.label, part.heading, part.reasons,
                round(part.confidence * 100),
            ))  # fmt: skip
    for doubt in reading.doubts:
        line, start = _place(starts, doubt.start)
        by_line.setdefault(line, (start, "left", "", "", (doubt.reason,), 0))
    for line, reason in lines_of_scan(draft, lines).items():
        start, kind, label, heading, reasons, percent = by_line.get(
            line, (0, "scan", "", "", (), 0)
        )
        by_line[line] = (start, kind, label, heading, (*reasons, reason), percent)
    settled = {(repair["before"][0], repair["turn"]) for repair in draft.repairs
               if repair["what"] == "accept"}  # fmt: skip
    turns = _turns(lines)
    return [
        DraftDoubt(
            line, start, lines[line], turns[line], kind, label, heading, reasons, percent,
            tuple(lines[max(0, line - AROUND) : line]), tuple(lines[line + 1 : line + 1 + AROUND]),
            (lines[line], turns[line]) in settled,
        )
        for line, (start, kind, label, heading, reasons, percent) in sorted(by_line.items())
    ]  # fmt: skip


def _starts(lines: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _place(starts: Sequence[int], at: int) -> tuple[int, int]:
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if starts[middle] <= at else (low, middle - 1)
    return low, at - starts[low]


def _turns(lines: Sequence[str]) -> list[int]:
    seen: Counter[str] = Counter()
    turns = []
    for line in lines:
        turns.append(seen[line])
        seen[line] += 1
    return turns
