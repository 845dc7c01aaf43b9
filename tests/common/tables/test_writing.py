"""Files that leave the house open everywhere, hold no formula and are never shown inside."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hiwar.common.tables import cell, file_response, read_workbook, write_csv, write_xlsx

ROWS = [
    ["Name", "Count"],
    ["first line\x0bsecond line\x07", 3],
    ["=HYPERLINK(1)", None],
    ["رنا\ufffe\ud800", 1.5],
]


def test_both_kinds_say_the_same() -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(ROWS, title="List"))).active
    assert sheet is not None
    packed = [
        ["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)
    ]
    text = list(csv.reader(io.StringIO(write_csv(ROWS).decode("utf-8-sig"))))
    assert packed == text
    assert text[1] == ["first line second line", "3"]
    assert text[2] == ["'=HYPERLINK(1)", ""]
    assert sheet["B2"].value == 3


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(text: str) -> None:
    assert not str(cell(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_can_be_written(texts: list[str]) -> None:
    assert write_xlsx([texts], title="".join(texts))
    assert write_csv([texts]).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(("language", "is_right_to_left"), [("ar", True), ("en", False)])
def test_a_sheet_runs_with_the_language(language: str, is_right_to_left: bool) -> None:
    with translation.override(language):
        content = write_xlsx(ROWS, title="قائمة: [كل]", widths=[30, 12])
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert bool(sheet.sheet_view.rightToLeft) is is_right_to_left
    assert sheet.title == "قائمة   كل"
    assert sheet.column_dimensions["A"].width == 30
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold


def test_what_goes_out_comes_in_again() -> None:
    rows = [["Name", "City"], ["هدى, كتانة", 'say "yes"'], ["Émile\nDupré", "نابلس"]]
    for content in (write_csv(rows), write_xlsx(rows, title="x")):
        assert [list(cells) for _line, cells in read_workbook(content).filled[0].rows] == rows


def test_a_file_is_saved_and_never_shown() -> None:
    answer = file_response(b"x", "قائمة.xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%D9%82" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
