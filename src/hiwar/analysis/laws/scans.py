"""Scanned pages: a picture of each, and what Debian's Tesseract reads in it, where it is there.

Two programs of the system do the work, within limits that they inherit: ``pdftoppm`` draws a page,
``tesseract`` reads it. Without the second a person types beside the picture.
"""

from __future__ import annotations

import csv
import os
import resource
import shutil
import subprocess
from dataclasses import dataclass
from io import StringIO

from hiwar.engine.law.akoma_reader import LawFileError

DRAWS, READS = "pdftoppm", "tesseract"
MOST_PAGES = 30
READ_DPI, SHOWN_DPI = 200, 100
# Below it a word is not believed.
SURE = 80
LETTERS = {"rtl": "ara", "ltr": "eng"}
_FILES, _SECONDS = 64, 60


@dataclass(frozen=True, slots=True)
class ScanPage:
    """What was read in a page: its lines, and which of them, from 0, are not sure."""

    lines: tuple[str, ...]
    weak: tuple[int, ...] = ()


def draws_pages() -> bool:
    """Return whether pictures of pages can be made on this machine."""
    return shutil.which(DRAWS) is not None


def letters_read() -> frozenset[str]:
    """Return for which directions of text pages can be read on this machine."""
    if not draws_pages() or shutil.which(READS) is None:
        return frozenset()
    known = _run([READS, "--list-langs"], b"").decode("utf-8", "replace").split()
    return frozenset(side for side, letters in LETTERS.items() if letters in known)


def read_scan(content: bytes, direction: str) -> tuple[ScanPage, ...]:
    """Read the pages of a scanned PDF; pages without a line where nothing here can read them.

    Raises ``LawFileError``: `too_large` above 30 pages, `unreadable`.
    """
    count = _count(content)
    if direction not in letters_read():
        return (ScanPage(()),) * count
    return tuple(_read(_drawn(content, page, READ_DPI), direction) for page in range(1, count + 1))


def picture_of(content: bytes, page: int) -> bytes:
    """Return a page of a PDF as PNG. Raises ``LawFileError``: `unreadable`."""
    return _drawn(content, page, SHOWN_DPI)


def _count(content: bytes) -> int:
    answer = _run(["pdfinfo", "-"], content).decode("utf-8", "replace")
    pages = [line.split()[-1] for line in answer.splitlines() if line.startswith("Pages:")]
    if not pages or not pages[0].isdecimal():
        raise LawFileError("unreadable")
    if int(pages[0]) > MOST_PAGES:
        raise LawFileError("too_large")
    return int(pages[0])


def _drawn(content: bytes, page: int, dpi: int) -> bytes:
    # A page of any size is drawn no larger than an A3 at this resolution.
    most = str(17 * dpi)
    picture = _run(
        [DRAWS, "-png", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page),
         "-W", most, "-H", most, "-"], content,
    )  # fmt: skip
    if not picture.startswith(b"\x89PNG"):
        raise LawFileError("unreadable")
    return picture


def _read(picture: bytes, direction: str) -> ScanPage:
    command = [READS, "stdin", "stdout", "-l", LETTERS[direction], "--psm", "4", "tsv"]
    table = _run(command, picture).decode("utf-8", "replace")
    lines: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    for row in csv.DictReader(StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row.get("level") == "5" and (row.get("text") or "").strip():
            place = tuple(row[name] for name in ("block_num", "par_num", "line_num"))
            lines.setdefault(place, []).append((row["text"].strip(), float(row["conf"])))
    words = list(lines.values())
    return ScanPage(
        tuple(" ".join(word for word, _sure in line) for line in words),
        tuple(at for at, line in enumerate(words) if min(sure for _word, sure in line) < SURE),
    )


def _run(command: list[str], content: bytes) -> bytes:
    """Return what a program of the system writes; nothing where it fails or takes too long."""
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(  # noqa: S603 -- programs of the system with arguments of our own
            command, input=content, capture_output=True, env=environment, cwd="/",
            timeout=_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout


def keep_to_limits(memory: int, seconds: int) -> None:
    """Give up memory, time and writing for this process and the programs that it starts."""
    for kind, size in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, _FILES),
    ):  # fmt: skip
        resource.setrlimit(kind, (size, size))
