"""Languages that say the same, text that is frozen, comments that keep their place."""

from __future__ import annotations

import json

import pytest

from hiwar.engine.blocks import (
    Place,
    Quote,
    canonical_text,
    changed_words,
    checksum,
    cited,
    differences,
    find_place,
)

LONG = "نفذت الوزارة برنامجاً للتدريب شمل خريجي الجامعات في المحافظات كلها"


def unequal_parts(kind: str, arabic: str, english: str) -> list[tuple[str, bool]]:
    unequal = differences(kind, {"ar": arabic, "en": english}, "ar", ["ar", "en"])
    return [(difference.what, difference.is_hard) for difference in unequal]


@pytest.mark.parametrize(
    ("kind", "arabic", "english", "expected"),
    [
        ("paragraph", "نص", "", [("missing", True)]),
        ("paragraph", "", "Text", [("missing", True)]),
        ("paragraph", "", "", []),
        ("paragraph", "قال ٤١ منهم [[1]]", "41 of them said [[1%]]", []),
        ("paragraph", "قال ٤١ منهم [[1]]", "41 of them said", [("citations", True)]),
        ("paragraph", "قال ٤١ منهم", "Forty-one said", [("digits", False)]),
        ("paragraph", "١٬٢٠٠ طالب", "1,200 students", []),
        ("paragraph", LONG, "The ministry ran a programme", [("length", False)]),
        ("table", "أ | ١\nب | ٢", "A | 1\nB | 2", []),
        ("table", "أ | ١\nب | ٢", "A | 1", [("rows", True), ("digits", False)]),
        ("table", "أ | ١", "A | 1 | x", [("columns", True)]),
        ("table", "أ | ١\nب | ٢", "A | 2\nB | 1", [("cells", True)]),
        ("list", "أ\nب", "A\n\nB", []),
        ("list", "أ\nب", "A", [("items", True)]),
    ],
)
def test_languages_are_compared(
    kind: str, arabic: str, english: str, expected: list[tuple[str, bool]]
) -> None:
    assert unequal_parts(kind, arabic, english) == expected


def test_canonical_text_is_written_in_one_way_only() -> None:
    one = {"b": [1, True, None], "a": {"ه": "café", "é": "x"}}
    other = {"a": {"e\u0301": "x", "ه": "cafe\u0301"}, "b": (1, True, None)}
    assert canonical_text(one) == '{"a":{"é":"x","ه":"café"},"b":[1,true,null]}'
    assert checksum(one) == checksum(other) == checksum(json.loads(canonical_text(one)))
    assert checksum(one) != checksum({**one, "b": [2, True, None]})


@pytest.mark.parametrize("content", [0.5, {"a": [1.0]}, {1: "a"}, b"x", {"a": {1, 2}}])
def test_canonical_text_refuses_what_has_two_spellings(content: object) -> None:
    with pytest.raises(TypeError):
        canonical_text(content)


@pytest.mark.parametrize("content", [2**60, {"é": 1, "e\u0301": 2}])
def test_canonical_text_refuses_what_a_browser_reads_otherwise(content: object) -> None:
    with pytest.raises(ValueError, match=r"browser|one after"):
        canonical_text(content)


def test_a_comment_keeps_its_place_or_says_that_it_lost_it() -> None:
    quote = Quote("a", "خريجي الجامعات", "شمل", "في المحافظات")
    other = LONG.replace("شمل خريجي الجامعات في المحافظات كلها", "واسعاً")
    assert find_place(quote, {"a": LONG, "b": "آخر"}) == (Place.SAME, "a")
    assert find_place(quote, {"a": other, "b": f"وقد {LONG}"}) == (Place.MOVED, "b")
    # Words that merely look alike, or that stand in two other blocks, are no place.
    alike = "لم يشمل البرنامج خريجي الجامعات الخاصة"
    assert find_place(quote, {"a": other, "b": alike}) == (Place.CHANGED, "a")
    assert find_place(quote, {"a": other, "b": LONG, "c": LONG}) == (Place.CHANGED, "a")
    assert find_place(quote, {"b": alike}) == (Place.GONE, "")
    assert find_place(Quote("a", ""), {"a": "أي نص"}) == (Place.SAME, "a")


def test_marks_and_changed_words() -> None:
    assert cited("قال [[2%]] ثم [[1]] و[[2]]") == [2, 1]
    assert changed_words("قيل 41 منهم", "قيل 43 منهم") == [
        ("=", "قيل"), ("-", "41"), ("+", "43"), ("=", "منهم"),
    ]  # fmt: skip
