from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.engine.names import (
    digits_as_ascii,
    fold_arabic,
    fold_latin,
    keys,
    normal_name,
    rank,
    search_keys,
    similarity,
    skeleton,
)

ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآةىؤئء ًٌٍَُِّْـ\u200f\u200c", max_size=40)
LATIN = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHéèāīū'’- .", max_size=40)
ANY = st.text(max_size=40)


def test_names_of_marked_alphabets_are_words_and_not_letters():
    assert normal_name("राम यादव") == "राम यादव"
    assert "wयादव" in keys("राम यादव")
    assert normal_name("שָׁלוֹם כהן") == "שלום כהן"


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("أحمد", "احمد"),
        ("إسراء", "اسرا"),
        ("آلاء", "الاء"),
        ("آلاء", "آلاء"),
        ("فاطمة", "فاطمه"),
        ("موسى", "موسي"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("لؤي", "لوي"),
        ("رائد", "رايد"),
        ("علی", "علي"),
        ("کریم", "كريم"),
        ("سعاد\u200f", "سعاد"),
        ("  منى   خالد ", "منى خالد"),
        ("هٰذا", "هذا"),
        ("٢٠٢٦", "2026"),
        ("۲۰۲۶", "2026"),
        ("ﷲ", "الله"),
        ("ﻻ", "لا"),
    ],
)
def test_fold_arabic_bridges_what_is_written_in_several_ways(written, also):
    assert fold_arabic(written) == fold_arabic(also)


def test_fold_arabic_keeps_letters_that_tell_names_apart():
    names = ["حنان", "حنين", "حمد", "أحمد", "محمد", "محمود", "سامر", "سمير", "سمر"]
    assert len({fold_arabic(name) for name in names}) == len(names)


@given(st.one_of(ARABIC, LATIN, ANY))
def test_folding_twice_changes_nothing(text):
    assert fold_arabic(fold_arabic(text)) == fold_arabic(text)
    assert fold_latin(fold_latin(text)) == fold_latin(text)
    assert digits_as_ascii(digits_as_ascii(text)) == digits_as_ascii(text)


@pytest.mark.parametrize(
    "spellings",
    [
        ["عبد الله", "عبدالله", "عَبْدُ الله", "عبد  الله"],
        ["أبو شمالة", "ابوشماله", "أبو شمّالة"],
        ["عبد الرحمن القواسمي", "عبدالرحمن القواسمى", "عبد الرحمن قواسمي"],
        ["نور الدين", "نورالدين"],
        ["القواسمي، محمد", "محمد القواسمي", "محمد ال قواسمي"],
        ["محمد بن علي", "محمد علي"],
        ["أبو عبد الله", "ابو عبدالله", "أبي عبد الله"],
        ["أبو النجا", "ابوالنجا", "ابو نجا"],
        ["Abdel Rahman", "ABD AL-RAHMAN", "Abdelrahman", "Abdurrahman", "Abd el Rahman"],
        ["Abdullah", "Abdallah", "Abdulla", "Abd Allah"],
        ["al-Masri", "El Masri", "ELMASRI", "Masri"],
        ["Abu Khalil", "Abou Khalil", "Abo khalil"],
        ["As-Sayyid", "Sayyid"],
        ["Kháled", "khaled", "Khaled "],
    ],
)
def test_normal_name_is_one_for_spellings_of_one_script(spellings):
    assert len({normal_name(name) for name in spellings}) == 1


def test_normal_name_leaves_titles_out_unless_nothing_else_is_there():
    titles = ["د.", "Dr", "معالي", "سعادة السفير"]
    assert normal_name("د. منى خالد", honorifics=titles) == normal_name("منى خالد")
    assert normal_name("سعادة السفير منى خالد", honorifics=titles) == normal_name("منى خالد")
    assert normal_name("Dr. Mona", honorifics=titles) == "mona"
    assert normal_name("معالي", honorifics=titles) == normal_name("معالي")


def test_names_that_begin_like_the_article_keep_their_beginning():
    assert normal_name("إلياس") == "الياس"
    assert normal_name("إلهام") == "الهام"
    assert normal_name("Elias Alaa") == "elias alaa"


@given(st.one_of(ARABIC, LATIN, ANY))
def test_normal_name_twice_changes_nothing_more(text):
    once = normal_name(text)
    assert normal_name(once, ordered=False) == " ".join(sorted(normal_name(once).split()))
    assert set(normal_name(text, ordered=False).split()) == set(once.split())


@given(st.lists(st.sampled_from(["منى", "خالد", "Khaled", "حسن", "Jarrar"]), max_size=5))
def test_normal_name_without_order_is_the_same_for_every_order(words):
    assert normal_name(" ".join(words), ordered=False) == normal_name(
        " ".join(reversed(words)), ordered=False
    )


@given(ARABIC)
def test_marks_and_carriers_change_no_key(text):
    plain = fold_arabic(text)
    assert skeleton(text) == skeleton(plain)
    assert keys(text) == keys(plain)


@given(st.one_of(ARABIC, LATIN, ANY), st.one_of(ARABIC, LATIN, ANY))
def test_similarity_is_symmetric_and_bounded(first, second):
    found = similarity(first, second)
    assert found == pytest.approx(similarity(second, first))
    assert 0 <= found <= 1


@given(ANY, ANY)
def test_nothing_that_is_typed_is_too_odd(text, query):
    assert all(len(key) <= 41 for key in keys(text))
    assert len(search_keys(query)) <= 8
    assert all(0 < found.score <= 1 for found in rank(query, [("a", [text]), ("b", [query])]))
