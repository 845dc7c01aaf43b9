"""Files of tables as people save them, and as nobody should."""

from __future__ import annotations

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.spreadsheets import HOSTILE, ROWS, below, with_part, xlsx
from hiwar.analysis.tables import Limits, TableError, clean, read_workbook

LIST = "كشف الحضور\n\nالاسم{0}رقم الجوال\nرنا عوكل{0}0599000001\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859_6"],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_texts_of_every_usual_encoding_and_separator(encoding: str, delimiter: str) -> None:
    book = read_workbook(LIST.format(delimiter).encode(encoding))
    assert book.encoding is not None
    assert book.encoding.name.replace("-sig", "") == encoding.removesuffix("-sig")
    assert (book.kind, book.delimiter) == ("text", delimiter)
    (sheet,) = book.sheets
    assert sheet.rows == (
        (1, ("كشف الحضور",)),
        (3, ("الاسم", "رقم الجوال")),
        (4, ("رنا عوكل", "0599000001")),
    )
    assert sheet.blank == 1


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Prénom;Ville\nÉloïse Gérard;Orléans\nÅsa Öberg;Malmö\n"),
        ("cp1254", "ad;şehir\nİbrahim Yıldız;Eskişehir\nGülşah Çağlar;Muğla\n"),
        ("cp1251", "имя;город\nАлександр Ковальчук;Москва\n"),
        ("cp1256", "الاسم;المدينة\nهدى كتانة;رام الله\nHélène Dupré;نابلس\n"),
    ],
)
def test_old_encodings_are_told_apart_by_their_words(encoding: str, words: str) -> None:
    book = read_workbook(words.encode(encoding))
    assert book.encoding is not None
    assert book.encoding.name == encoding
    assert book.encoding.confidence < 1
    assert book.sheets[0].rows[1][1][0] == words.splitlines()[1].partition(";")[0]


def test_doubt_about_an_encoding_is_told() -> None:
    sure = read_workbook("الاسم\nهدى كتانة\nسليم فرحات\n".encode("cp1256")).encoding
    unsure = read_workbook("name\nSøren\n".encode("cp1252")).encoding
    assert sure is not None
    assert unsure is not None
    assert sure.confidence > 0.9
    assert unsure.confidence < 0.6
    assert "cp1250" in unsure.others


def test_a_file_may_say_its_separator() -> None:
    book = read_workbook(b'sep=;\r\nname;note\r\nRana;"a, b, c"\r\n')
    assert book.sheets[0].rows == ((2, ("name", "note")), (3, ("Rana", "a, b, c")))


def test_commas_inside_text_do_not_divide() -> None:
    book = read_workbook(b"name;note\nRana;a, b, c\nHuda;d, e\nSami;f\n")
    assert book.delimiter == ";"


def test_lines_are_counted_as_an_editor_does() -> None:
    (sheet,) = read_workbook(b'a,b\n"one\ntwo",2\n\nlast,3\n').sheets
    assert [line for line, _cells in sheet.rows] == [1, 2, 5]


def test_letters_behind_a_closing_mark_are_forgiven() -> None:
    (sheet,) = read_workbook(b'name,note\n"Abu" Ahmad,1\nRana,2\n').sheets
    assert [cells[0] for _line, cells in sheet.rows] == ["name", "Abu Ahmad", "Rana"]


@pytest.mark.parametrize("old", ["cp1256", "iso8859_6"])
def test_lines_of_two_encodings_in_one_file_are_each_read_in_their_own(old: str) -> None:
    rows = ["الاسم,المنصب", "هدى كتانة,مديرة البرامج", "سليم فرحات,باحث قانوني", "Rana,officer"]
    mixed = "\n".join(rows[:2]).encode() + b"\n" + "\n".join(rows[2:]).encode(old)
    book = read_workbook(mixed)
    assert [",".join(cells) for _, cells in book.sheets[0].rows] == rows
    assert book.encoding is not None
    assert book.encoding.confidence <= 0.6
    assert book.encoding.name == f"utf-8, {old}"


def test_all_sheets_are_read_and_hidden_ones_named() -> None:
    book = read_workbook(xlsx(hidden_notes=[["do not"]], one=ROWS, two=ROWS, empty=[]))
    assert [sheet.name for sheet in book.filled] == ["one", "two"]
    assert book.hidden == ("hidden_notes",)
    assert "do not" not in str(book)


def test_cells_keep_their_kind_as_text() -> None:
    day, instant = date(1987, 8, 23), datetime.fromisoformat("2027-02-14T09:30:00")
    (sheet,) = read_workbook(xlsx(list=[["a"] * 5, [599123999, 1.5, day, instant, True]])).sheets
    assert sheet.rows[1][1] == ("599123999", "1.5", "1987-08-23", "2027-02-14T09:30:00", "True")


def test_cells_joined_downwards_speak_in_every_row() -> None:
    areas = b'</sheetData><mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A1:B1"/></mergeCells>'
    content = with_part(
        xlsx(list=[["head", ""], ["Ramallah", "Rana"], ["", "Huda"]]),
        lambda data: data.replace(b"</sheetData>", areas),
    )
    (sheet,) = read_workbook(content).sheets
    assert sheet.rows[1:] == ((2, ("Ramallah", "Rana")), (3, ("Ramallah", "Huda")))
    assert sheet.joined == ((1, 0, 1),)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_fill_the_memory_is_refused_before_it_is_read(name: str) -> None:
    with pytest.raises(TableError) as refused:
        read_workbook(HOSTILE[name]())
    assert refused.value.code in {"too_large", "unreadable"}
    assert refused.value.what in {"merged", "rows", "far", "entities"}


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(size=10), "bytes"),
        (Limits(rows=1), "rows"),
        (Limits(columns=1), "columns"),
        (Limits(cells=3), "cells"),
        (Limits(characters=9), "characters"),
        (Limits(sheets=0), "sheets"),
        (Limits(unpacked=1000), "unpacked"),
    ],
)
def test_every_limit_stops_a_spreadsheet(limits: Limits, what: str) -> None:
    with pytest.raises(TableError) as refused:
        read_workbook(xlsx(), limits)
    assert (refused.value.code, refused.value.what) == ("too_large", what)


def test_long_cells_are_cut_and_counted() -> None:
    (sheet,) = read_workbook(b"name\n" + b"x" * 50, Limits(cell=10)).sheets
    assert (sheet.rows[1][1], sheet.shortened) == (("x" * 10,), 1)


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"", "empty", ""),
        (b" \r\n\t", "empty", ""),
        (xlsx(hidden=ROWS, shown=[]), "empty", "hidden"),
        (b"PK\x03\x04 no spreadsheet", "unreadable", "zip"),
        (b"%PDF-1.7\n", "other_kind", "pdf"),
        (b"<html><table><tr><td>a</table>", "other_kind", "html"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "unreadable", "zip"),
        (b"\x00\x01\x02\x03,\x81", "unreadable", "binary"),
        (b'a,b\n1,2\n"open,1\n2,3\n', "malformed", "quote"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(content: bytes, code: str, what: str) -> None:
    with pytest.raises(TableError) as refused:
        read_workbook(content)
    assert (refused.value.code, refused.value.what) == (code, what)


def test_a_mark_that_never_closes_is_found() -> None:
    with pytest.raises(TableError) as refused:
        read_workbook(b'a,b\n1,2\n"open,1\n2,3\n')
    assert refused.value.line == 3


def test_rows_that_are_only_formatted_do_not_count() -> None:
    (sheet,) = read_workbook(below(b'<row r="9" ht="15"/>' * 30_000)).sheets
    assert len(sheet.rows) == 2


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(TableError):
        assert read_workbook(content).filled


@given(st.text(max_size=60))
def test_clean_text_can_stand_in_any_file(text: str) -> None:
    kept = clean(text)
    assert clean(kept) == kept
    kept.encode()
    allowed = {"\t", "\n", "\r"}
    assert not [c for c in kept if (ord(c) < 32 and c not in allowed) or ord(c) & 0xFFFE == 0xFFFE]


def test_the_line_break_of_a_word_processor_becomes_a_blank() -> None:
    assert clean("first line\x0bsecond line\x07") == "first line second line"
