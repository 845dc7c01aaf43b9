from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.common.search.folding import fold, query_stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إدارة", "الادارة"),
        ("البلدية", "بلديات"),
        ("معلومات", "المعلومات"),
        ("والمجالس", "مجالس"),
        ("المشاركون", "مشاركين"),
        ("القواسمي", "القواسمى"),
        ("مُشَارَكَة", "مشاركة"),
        ("عبد الرحمن", "عبدالرحمن"),
        ("٢٠٢٦", "2026"),
        ("Meetings", "meeting"),
        ("policies", "Policy"),
        ("Café", "cafe"),
        ("recommendations", "recommendation"),
        ("promised", "promise"),
        ("houses", "house"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_fold_brings_together(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("وزارات", "زارات"),
        ("ولايات", "لايات"),
        ("قانون", "قناة"),
        ("string", "strive"),
        ("status", "statue"),
        ("بلد", "بلاد"),
    ],
)
def test_fold_keeps_apart(one, other):
    assert fold(one) != fold(other)


def test_words_of_marked_alphabets_stay_whole():
    for text in ("नेपाल सरकार", "ভাষা আন্দোলন", "இந்திய அரசு", "ภาษาไทย ที่ดี"):
        assert len(fold(text).split()) == 2


@given(st.text(max_size=60))
def test_stems_are_letters_and_digits_alone(text):
    assert all(part.isalnum() for stem in query_stems(text) for part in stem)


@given(st.text(max_size=60))
def test_words_lie_in_the_text_and_in_order(text):
    found = list(words(text))
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [w.start for w in found] == sorted(w.start for w in found)
    assert " ".join(stem for word in found for stem in word.stems) == fold(text)


def test_a_query_is_no_longer_than_it_helps():
    assert len(query_stems(" ".join(f"word{n}x" for n in range(100)))) == 12
    assert len(query_stems("قانون القانون")) == 1
