"""Lines out of glyphs: order, brackets, columns, heads, notes, and pages that cannot be trusted."""

from __future__ import annotations

import pytest

from hiwar.engine.law.glyphs import Glyph, PrintedPage, read_pages, text_of_pages
from hiwar.engine.law.lines import logical_order, repaired


def drawn(text: str, y: float, *, right: float = 540, size: float = 12) -> list[Glyph]:
    """Return glyphs of a line as it is drawn, from left to right, ending at the right."""
    glyphs = []
    x = right - 6 * len(text)
    for letter in text:
        if letter != " ":
            glyphs.append(Glyph(letter, x, x + 5.5, y, y + 8, size))
        x += 6
    return glyphs


def page(*lines: list[Glyph]) -> PrintedPage:
    return PrintedPage(595, 842, tuple(glyph for line in lines for glyph in line))


# As drawn from left to right, and as read.
PROBES = [
    ("(7-3) ةداملا", "المادة (3-7)"),
    ("(2)5 ةداملا", "المادة 5(2)"),
    ("2018/10 نوناقلا", "القانون 2018/10"),
    ("26% ةبسن", "نسبة 26%"),
    ("1,500 غلبم", "مبلغ 1,500"),
    ("م٩/٥/٢٠٢١ خيرات", "تاريخ ٩/٥/٢٠٢١م"),
    ("CEDAW (1979) ةيقافتا", "اتفاقية CEDAW (1979)"),
    (")10( ةدام", "مادة (10)"),
    ("3-7", "3-7"),
    ("CEDAW text", "CEDAW text"),
]


@pytest.mark.parametrize(("visual", "expected"), PROBES)
def test_order_of_reading(visual: str, expected: str) -> None:
    assert repaired([logical_order(list(visual))]) == [expected]


def test_ligature_stays_whole_and_marks_follow_their_letter() -> None:
    line = [
        Glyph("دا", 20, 31.5, 100, 108, 12), Glyph("ﻻ", 32, 40, 100, 108, 12),
        Glyph("ال", 50, 58, 100, 108, 12), Glyph("\u0651", 51, 54, 108, 112, 12),
        Glyph("\u200b", 45, 45, 100, 108, 12),
    ]  # fmt: skip
    [read] = read_pages([page(line)])
    assert read.lines[0].text == "لاّ لادا"


def test_two_columns_are_read_from_the_right() -> None:
    rows = []
    for at in range(12):
        rows.append(drawn(f"نيمي {at:02d}", 700 - 20 * at, right=540))
        rows.append(drawn(f"راسي {at:02d}", 700 - 20 * at + 3 * (at % 2), right=250))
    [read] = read_pages([page(drawn("ناونع" * 12, 750, right=500), *rows)])
    texts = [line.text for line in read.lines]
    assert texts[1:13] == [f"{at:02d} يمين" for at in range(12)]
    assert texts[13:] == [f"{at:02d} يسار" for at in range(12)]


def test_running_heads_and_notes_are_set_aside() -> None:
    pages = [
        page(
            drawn("ةيمسرلا ةديرجلا", 810), drawn("ةداملا صن", 700), drawn("ةداملا صن", 680),
            drawn("ةيشاح (1)", 120, size=9), drawn(str(at), 30, right=300),
        )
        for at in (1, 2, 3)
    ]  # fmt: skip
    read = read_pages(pages)
    assert [line.text for line in read[0].lines] == ["نص المادة"] * 2
    assert [line.text for line in read[0].notes] == ["(1) حاشية"]
    assert [line.text for line in read[2].heads] == ["الجريدة الرسمية", "3"]


def test_line_that_had_no_room_is_joined_with_the_next() -> None:
    full, short = "ةملك " * 16 + "لوأ", "ةيقب ةرصتخم"
    [read] = read_pages([page(drawn(full, 700), drawn(short, 680), drawn("ناث رطس", 660))])
    text = text_of_pages([read])
    assert text.splitlines() == ["أول" + " كلمة" * 16 + " مختصرة بقية", "سطر ثان"]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["ةداملا ماكحأ نم يف ىلع صن"] * 9, ""),
        (["(cid:12)"], "unmapped"),
        (["\ue001\ue002 ةداملا"], "strange"),
        (["abc def ghi jkl mno pqr"] * 5, "few_arabic"),
        (["سصض طظع غفق كلم خذد زرش"] * 10, "implausible"),
        ([], "no_text"),
    ],
)
def test_broken_layer_is_said(lines: list[str], fault: str) -> None:
    glyphs = [
        drawn(line, 700 - 20 * at) if not line.startswith("(cid") else
        [Glyph(line, 20, 30, 700, 708, 12)]
        for at, line in enumerate(lines)
    ]  # fmt: skip
    [read] = read_pages([page(*glyphs)])
    assert read.fault == fault


def test_brackets_that_were_turned_are_set_right() -> None:
    lines = ["أ( نص )2(", "»الهيئة«", "نص طويل يبدأ فيه قوس (يمتد إلى السطر", "التالي) ثم"]
    assert repaired(lines) == ["أ) نص (2)", "«الهيئة»", *lines[2:]]
