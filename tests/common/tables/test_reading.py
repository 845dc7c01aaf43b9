"""Files are read in a process of their own: refused in words, and nobody else waits."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from factories.spreadsheets import HOSTILE, SLOW, endless_card, xlsx
from hiwar.common.files import closed_process
from hiwar.common.models import AuditEntry
from hiwar.common.tables import (
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    Limits,
    read_cards,
    read_workbook,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HOUSE = str(closed_process.SOURCE)


def test_a_list_is_read_apart() -> None:
    assert read_workbook(xlsx()).filled[0].rows[1][1] == ("رنا عوكل", "0599000001")


def test_cards_are_read_apart() -> None:
    (card,) = read_cards("BEGIN:VCARD\nFN:رنا\nEND:VCARD\n".encode())
    assert card.properties == (("FN", {}, "رنا"),)


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        *((make, (FileTooLarge, FileUnreadable), "") for make in HOSTILE.values()),
        (endless_card, FileTooLarge, ""),
        (lambda: b" ", FileEmpty, "empty"),
        (lambda: xlsx(hidden=[["x"]], shown=[]), FileEmpty, "hidden"),
        (lambda: b'a,b\n"open,1\n', FileUnreadable, "line 2"),
        (lambda: b"%PDF-1.7", FileUnreadable, "PDF"),
    ],
)
def test_refusals_say_what_to_do(
    content: Callable[[], bytes], error: type[Exception], words: str
) -> None:
    data = content()
    with translation.override("en"), pytest.raises(error) as refused:
        (read_cards if data.startswith(b"BEGIN") else read_workbook)(data)
    with translation.override("en"):
        assert words in str(refused.value)
        assert len(str(refused.value)) > 40


@pytest.mark.parametrize("name", SLOW)
def test_what_takes_long_to_compare_is_only_read(name: str) -> None:
    assert read_workbook(SLOW[name].encode()).filled


def test_too_many_rows_are_told_with_their_number() -> None:
    with translation.override("en"), pytest.raises(FileTooLarge, match="3 rows"):
        read_workbook(b"a\n1\n2\n3\n4\n", Limits(rows=3))


@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_file_is_read(now: object) -> None:
    refusals: list[Exception] = []

    def read() -> None:
        try:
            read_workbook(HOSTILE["20 MB of rows"]())
        except FileTooLarge as refused:
            refusals.append(refused)

    reader = threading.Thread(target=read)
    reader.start()
    AuditEntry.objects.create(verb="common.test", at=now)
    assert AuditEntry.objects.filter(verb="common.test").exists()
    reader.join(timeout=120)
    assert refusals


CLOSED = """
import sys
sys.path.insert(0, {house!r})
from hiwar.analysis.tables import child
child.close_door(512 << 20, 5)
{attempt}
"""


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        ("import socket; socket.socket()", "Too many open files"),
        ("open('/etc/hostname')", "Too many open files"),
        ("bytearray(600 << 20)", "MemoryError"),
    ],
)
def test_the_closed_process_reaches_nothing(attempt: str, words: str) -> None:
    script = CLOSED.format(house=HOUSE, attempt=attempt).replace(
        "\nfrom hiwar", "\nimport socket, traceback, linecache, tokenize\nfrom hiwar"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert words in done.stderr


def test_a_process_that_takes_too_long_is_ended() -> None:
    script = CLOSED.format(house=HOUSE, attempt="child.close_door(512 << 20, 1)\nwhile True: pass")
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode < 0
