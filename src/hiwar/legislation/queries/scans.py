"""Scanned laws: pages read or drawn in a process apart, and which numbers nobody confirmed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.analysis.laws.scan_child import ScanAnswer, ScanOrder
from hiwar.analysis.laws.scans import draws_pages, letters_read
from hiwar.common.files.actions import read_file
from hiwar.common.files.closed_process import MEMORY, PROCESSOR_SECONDS, Reader
from hiwar.common.health.findings import green

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hiwar.common.health.findings import Finding
    from hiwar.legislation.models import LawDraft

SCAN = "scan"
SCANS = Reader("hiwar.analysis.laws.scan_child", ScanAnswer)
PACKAGES = "tesseract-ocr tesseract-ocr-ara poppler-utils"


def read_scan(content: bytes, direction: str) -> ScanAnswer | None:
    """Return the pages of a scanned PDF, read or empty; None where this machine draws none.

    Raises ``ReaderBusy``.
    """
    if not draws_pages():
        return None
    answer = SCANS.read(ScanOrder(direction, 0, MEMORY, PROCESSOR_SECONDS), content)
    return answer if answer is not None else ScanAnswer(code="too_large")


def picture_of_page(draft: LawDraft, page: int) -> bytes:
    """Return a page of the file of a draft as PNG; empty where it cannot be drawn.

    Raises ``ReaderBusy``.
    """
    if draft.source_kind not in {SCAN, "pdf"} or page < 1 or not draws_pages():
        return b""
    order = ScanOrder(draft.direction, page, MEMORY, PROCESSOR_SECONDS)
    answer = SCANS.read(order, read_file(draft.file))
    return answer.picture if answer is not None else b""


def page_at(draft: LawDraft, line: int) -> int:
    """Return on which page of a scan a line of the text as it was read stands, from 1."""
    begun: int = sum(first <= line for first, _weak in draft.pages)
    return max(1, begun)


def lines_of_scan(draft: LawDraft, lines: Sequence[str]) -> dict[int, str]:
    """Return the lines of a scan that a person must look at, each with the code of the reason."""
    if draft.source_kind != SCAN:
        return {}
    was = draft.read.split("\n")
    weak = {was[at] for _first, unsure in draft.pages for at in unsure if at < len(was)}
    reasons: dict[int, str] = {}
    for at, line in enumerate(lines):
        if any(letter.isdigit() for letter in line):
            reasons[at] = "scanned_number"
        elif line and line in weak:
            reasons[at] = "scanned_letters"
    return reasons


def look_at_scans(_now: datetime) -> Iterable[Finding]:
    """Say whether scans of laws are read here; it is well without, for they can be typed."""
    if {"rtl", "ltr"} <= letters_read():
        text = _("Pages are drawn and read.")
    elif draws_pages():
        text = _("Pages are drawn and typed by hand; to have them read: apt-get install %(names)s")
    else:
        text = _("Scans are not taken; to have them: apt-get install %(names)s")
    return [green("scans", _("Scans of laws"), text % {"names": PACKAGES} if "%" in text else text)]
