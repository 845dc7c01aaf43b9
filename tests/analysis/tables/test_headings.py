"""Which line holds the headings, and what the columns mean."""

from __future__ import annotations

import pytest

from factories.spreadsheets import SLOW, with_part, xlsx
from hiwar.analysis.tables import Headings, Limits, Sheet, Table, read_workbook, table_of
from hiwar.analysis.tables.headings import key_of

WORDS = {
    "name": ["الاسم", "الاسم الكامل", "name", "full name"],
    "name_ar": ["الاسم بالعربية", "name (arabic)"],
    "phone": ["رقم الجوال", "الجوال", "phone", "mobile no"],
    "place": ["المحافظة", "governorate"],
}


def table(*rows: tuple[str, ...], line: int | None = None) -> Table:
    sheet = Sheet("", tuple((at, cells) for at, cells in enumerate(rows, 1) if any(cells)))
    return table_of(sheet, Headings(WORDS), line)


def test_titles_above_the_headings_are_kept_apart() -> None:
    found = table(("كشف حضور", "ورشة"), ("رام الله",), ("الاسم", "الجوال"), ("رنا", "1"))
    assert found.header == ("الاسم", "الجوال")
    assert found.line == 3
    assert found.titles == ("كشف حضور ورشة", "رام الله")
    assert found.rows == ((4, ("رنا", "1")),)


def test_totals_and_headings_said_again_are_no_rows() -> None:
    found = table(
        ("الاسم", "الجوال"), ("رنا", "1"), ("الاسم", "الجوال"), ("هدى", "2"), ("المجموع:", "٢")
    )
    assert [cells[0] for _line, cells in found.rows] == ["رنا", "هدى"]
    assert (found.repeated, found.totals) == ((3,), (5,))


def test_somebody_with_a_note_is_no_total() -> None:
    found = table(("name", "phone"), ("Total", "the shop"))
    assert found.rows == ((2, ("Total", "the shop")),)


def test_a_list_without_headings_loses_nobody() -> None:
    found = table(("رنا عوكل", "0599000001"), ("هدى كتانة", "0599000002"))
    assert found.line == 0
    assert found.header == ("", "")
    assert len(found.rows) == 2


def test_a_person_can_say_where_the_headings_are() -> None:
    rows = (("x", "y"), ("a", "b"), ("1", "2"))
    assert table(*rows, line=2).header == ("a", "b")
    assert table(*rows, line=0).rows[0] == (1, ("x", "y"))
    assert table(*rows).header == ("x", "y")


def test_cells_beyond_the_headings_are_told() -> None:
    found = table(("name", "phone"), ("Rana", "1", "and more"))
    assert (found.ragged, found.rows) == ((2,), ((2, ("Rana", "1")),))


def test_headings_over_two_lines_are_put_together() -> None:
    areas = b'</sheetData><mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/></mergeCells>'
    content = with_part(
        xlsx(
            list=[["كشف"], ["الاسم", "العنوان", ""], ["", "المحافظة", "الحي"], ["رنا", "غزة", "ا"]]
        ),
        lambda data: data.replace(b"</sheetData>", areas),
    )
    found = table_of(read_workbook(content).sheets[0], Headings(WORDS))
    assert found.header == ("الاسم", "العنوان / المحافظة", "العنوان / الحي")
    assert found.rows == ((4, ("رنا", "غزة", "ا")),)
    assert Headings(WORDS).proposals(found.header) == {0: "name", 1: "place"}


@pytest.mark.parametrize(
    ("header", "meanings"),
    [
        (("الإسم الكامل", "Mobile No.", "المحافظه"), {0: "name", 1: "phone", 2: "place"}),
        (("Name (Arabic) / الاسم بالعربية", "Phone number"), {0: "name_ar"}),
        (("x", "y"), {}),
    ],
)
def test_odd_headings_are_understood(header: tuple[str, ...], meanings: dict[int, str]) -> None:
    assert Headings(WORDS).proposals(header) == meanings


def test_the_same_headings_have_the_same_key() -> None:
    assert key_of(["الإسم ", "Phone"]) == key_of(["الاسم", "phone"]) != key_of(["phone"])


@pytest.mark.parametrize("name", SLOW)
def test_comparing_is_bounded(name: str) -> None:
    words = {f"{field}{at}": [f"{word} {at}" for word in listed]
             for at in range(40) for field, listed in WORDS.items()}  # fmt: skip
    headings = Headings(words)
    table_of(read_workbook(SLOW[name].encode(), Limits()).sheets[0], headings)
    assert headings.comparisons <= 20_000
    many = [tuple(f"phon{at}x{row}" for at in range(200)) for row in range(15)]
    headings.line_of(tuple(enumerate(many)))
    assert headings.comparisons == 20_000
