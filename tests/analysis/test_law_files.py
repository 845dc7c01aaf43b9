"""Files of laws: what kind they are, PDF of our own making, and the reader in its own process."""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache

import msgspec
import pytest

from hiwar.analysis.laws import read_law_file
from hiwar.analysis.laws.child import LawAnswer, LawOrder, answer
from hiwar.engine.law.akoma_reader import LawFileError
from hiwar.engine.law.docx_writer import Signature, to_docx
from hiwar.engine.law.reader import read_law

PROBES = ["5(2)", "(3-7)", "2018/10", "26%", "1,500", "٩/٥/٢٠٢١م", "CEDAW (1979)", "«الهيئة»",
          "(أ)", "رقم (1) لسنة 2021م", "12.5", "10:30", "(15)", "(٣)"]  # fmt: skip
PROSE = (
    "تتولى الهيئة تنفيذ الأحكام الواردة في {} وفق ما تقرره اللائحة، ولا يجوز لأي شخص أن يخالفها."
)
PAGE = """<html lang="ar" dir="rtl"><style>@page {{ size: A4; margin: 25mm;
@top-center {{ content: "الجريدة الرسمية" }} @bottom-center {{ content: counter(page) }} }}
body {{ font-family: "{font}"; font-size: 14pt; {columns} }}</style><body>{body}</body></html>"""


@lru_cache(maxsize=2)
def printed(font: str, columns: str) -> bytes:
    body = "".join(
        f"<h3>مادة ({n})</h3><p>{PROSE.format(probe)}</p>" for n, probe in enumerate(PROBES, 1)
    )
    # Imported here: it needs libraries of the system that reading these tests does not.
    from weasyprint import HTML

    content = HTML(string=PAGE.format(font=font, columns=columns, body=body)).write_pdf()
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize(
    ("font", "columns"),
    [("Amiri", ""), ("Noto Naskh Arabic", "column-count: 2; column-gap: 12mm")],
)
def test_printed_law_is_read_from_its_text_layer(font: str, columns: str) -> None:
    law_file = read_law_file(printed(font, columns))
    assert (law_file.kind, law_file.faults) == ("pdf", ())
    articles = list(read_law(law_file.text).law.articles())
    assert [article.eid for article in articles] == [f"art_{n}" for n in range(1, 15)]
    assert [probe for probe in PROBES if probe not in law_file.text] == []
    assert "الجريدة الرسمية" not in law_file.text
    assert "الجريدة الرسمية" in law_file.set_aside
    if not columns:
        assert [article.text for article in articles] == [PROSE.format(probe) for probe in PROBES]


def test_kind_of_a_file_shows_in_its_bytes() -> None:
    draft = to_docx(
        ["مادة (1)", "قديم"], ["مادة (1)", "جديد"], Signature("أ", "2026-01-01T00:00:00Z")
    )
    word = read_law_file(draft)
    assert (word.kind, word.text, word.before) == ("docx", "مادة (1)\nجديد\n", "مادة (1)\nقديم\n")
    assert read_law_file("<html><body><p>مادة (1)</p></body>".encode()).text == "مادة (1)"
    assert read_law_file("مادة (1)\nنص".encode("windows-1256")).text == "مادة (1)\nنص"
    parts = "مادة (1)\nنص\n".encode() + "مادة (2)\nحكم".encode("windows-1256")
    assert read_law_file(parts).text == "مادة (1)\nنص\nمادة (2)\nحكم"
    assert read_law_file("BODY\n\nARTICLE 1\n\n  نص\n".encode()).kind == "bluebell"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\nbroken", "unreadable"), (b"PK\x03\x04", "unreadable"),
        (b"<akomaNtoso", "unreadable"), (bytes(range(256)) * 9, "unreadable"),
        (b"a" * 20_000_001, "too_large"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_a_code(content: bytes, code: str) -> None:
    with pytest.raises(LawFileError) as refused:
        read_law_file(content)
    assert refused.value.code == code
    assert answer(LawOrder("rtl", 1 << 30, 9), content).code == code


def test_reader_answers_from_a_process_without_files_or_sockets() -> None:
    order = msgspec.json.encode(LawOrder("rtl", 768 << 20, 20))
    page = "<html><body><p>مادة (1)</p><p>نص</p></body>".encode("windows-1256")
    for content, expected in ((page, "مادة (1)\nنص"), (printed("Amiri", ""), "مادة (14)")):
        done = subprocess.run(
            [sys.executable, "-m", "hiwar.analysis.laws.child"],
            input=order + b"\n" + content, capture_output=True, check=True, timeout=60,
        )  # fmt: skip
        read = msgspec.json.decode(done.stdout, type=LawAnswer)
        assert read.code == ""
        assert read.file is not None
        assert expected in read.file.text
