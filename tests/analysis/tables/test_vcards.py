"""Cards of contacts as telephones and mail programs write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.spreadsheets import endless_card
from hiwar.analysis.tables import Limits, TableError, read_cards

QUOTED = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D8=B3=D9=\r\n=87=D9=89\r\n"
    "TEL;CELL:0599300001\r\nPHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n SkZJRg==\r\nEND:VCARD\r\n"
)


def test_quoted_cards_with_soft_breaks_are_decoded() -> None:
    (card,) = read_cards(QUOTED.encode())
    assert card.line == 1
    assert [(name, value) for name, _parameters, value in card.properties] == [
        ("VERSION", "2.1"), ("FN", "سهى"), ("TEL", "0599300001"),
    ]  # fmt: skip
    assert card.properties[2][1] == {"TYPE": "cell"}


def test_folded_lines_and_groups_are_read() -> None:
    text = 'BEGIN:VCARD\nitem1.TEL;TYPE=home,voice;PREF=1:+970\n  2295\nX;A="b:c":d\nEND:VCARD\n'
    (card,) = read_cards(text.encode())
    assert card.properties == (
        ("TEL", {"TYPE": "home,voice", "PREF": "1"}, "+970 2295"),
        ("X", {"A": "b:c"}, "d"),
    )


def test_each_card_has_its_line_and_a_broken_one_is_left_out() -> None:
    text = "BEGIN:VCARD\nFN:a\nEND:VCARD\nBEGIN:VCARD\nFN:b\nBEGIN:VCARD\nFN:c\nEND:VCARD\n"
    assert [card.line for card in read_cards(text.encode())] == [1, 6]


def test_what_never_ends_is_refused() -> None:
    with pytest.raises(TableError) as refused:
        read_cards(endless_card())
    assert (refused.value.code, refused.value.what) == ("too_large", "lines")


def test_too_many_cards_are_refused() -> None:
    with pytest.raises(TableError) as refused:
        read_cards(b"BEGIN:VCARD\nFN:a\nEND:VCARD\n" * 3, Limits(rows=2))
    assert refused.value.what == "cards"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(TableError):
        assert read_cards(content)
