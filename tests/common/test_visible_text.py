"""What strangers write comes into the house as readers see it, by whatever form or file."""

from __future__ import annotations

import unicodedata

import pytest
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from hiwar.common.middleware import VisibleWords
from hiwar.common.tables import own_upload, take
from hiwar.common.visible_text import visible_text


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Vote for \u202eeerga I\u202c now", "Vote for eerga I now"),
        ("\u200b\u200b\u200b", ""),
        ("\u3164\u2800", ""),
        ("مد\u200bرسة", "مدرسة"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("bell\x07 and \uffff", "bell and "),
        ("first\x0bsecond\u2028third\tand", "first\nsecond\nthird\tand"),
        ("شָלום", "شָלום"),
        ("नेपाल सरकार", "नेपाल सरकार"),
        ("ภาษาไทยที่", "ภาษาไทยที่"),
        ("الآية \u06dd3", "الآية \u06dd3"),
        ("\U0001fae8", "\U0001fae8"),  # newer than the tables of this Python, and no fault
    ],
)
def test_text_is_as_readers_see_it(written: str, seen: str) -> None:
    assert visible_text(written) == seen


def posted(view: object, **fields: str) -> QueryDict:
    request = RequestFactory().post("/", fields)
    VisibleWords(lambda _request: HttpResponse()).process_view(request, view, (), {})
    return request.POST


def test_forms_bring_in_nothing_invisible() -> None:
    fields = {"note": "a\u202eb\r\nc", "name": "\u200b", "nul": "a\0\u200bb", "password": "p\u200b"}
    post = posted(lambda _request: None, **fields)
    assert post.dict() == {
        "note": "ab\r\nc", "name": "", "nul": "a\0b", "password": "p\u200b",
    }  # fmt: skip
    with pytest.raises(AttributeError):
        post["note"] = "changed"
    assert posted(csrf_exempt(lambda _request: None), name="\u200b")["name"] == "\u200b"


def test_files_bring_in_nothing_invisible() -> None:
    upload = own_upload("name,note\nRana\u202e,\u200b\n".encode(), "list.csv")
    assert take(upload, {"name": ["name"], "note": ["note"]}).table.rows == ((2, ("Rana", "")),)


def test_no_sign_that_hides_stays() -> None:
    kept = {chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF}
    hidden = {s for s in kept if unicodedata.category(s) == "Cf" and visible_text(f"a{s}b") != "ab"}
    assert hidden == set(
        "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\u200c\u200d\u200e\u200f"
    )
