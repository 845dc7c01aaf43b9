"""What a law says of itself: the terms that it defines and the articles that it names."""

from __future__ import annotations

import pytest

from hiwar.engine.law import defined_terms, read_law, references

ARABIC = """قانون
مادة (1)
تعريفات
يكون للكلمات الآتية المعاني المبينة:
الصندوق: صندوق العاملين.
المؤمن عليه: العامل المسجل لدى الصندوق.
الوزير: وزير العمل.
مادة (2)
تسري على المؤمن عليه وفقاً للمادة (3) من هذا القانون والمادة (9).
مادة (3)
للصندوق أن يطبق المواد (1) و(٢) والمادة (5) من قانون العمل.
مادة (5)
تلغى المادة (2) من القانون الأصلي.
مادة (14) مكرر
بالصندوق يعمل بالمواد (1-3).
مادة (15)
وفق المادة (14) مكرر والمادة (15).
"""
ENGLISH = """Act
Article 1
Definitions
In this Act, 'Fund' means the Insurance Fund; 'insured person' means a worker registered with it.
Article 2
The Fund pays each insured person under Article 3 and articles 1 and 4, and Article 3 of Law No. 7.
Article 3
Funds and insured things.
Article 4
The end.
"""


def test_terms_are_found_where_they_are_used_with_what_is_written_before_them() -> None:
    law = read_law(ARABIC, "ps").law
    assert [(term.term, term.uses) for term in defined_terms(law)] == [
        ("الصندوق", ("art_3", "art_14bis")), ("المؤمن عليه", ("art_2",)), ("الوزير", ()),
    ]  # fmt: skip
    assert {term.eid for term in defined_terms(law)} == {"art_1"}
    english = read_law(ENGLISH, "en").law
    assert [(term.term, term.meaning, term.uses) for term in defined_terms(english)] == [
        ("Fund", "the Insurance Fund", ("art_2",)),
        ("insured person", "a worker registered with it.", ("art_2",)),
    ]


def test_references_join_articles_and_leave_other_texts_out() -> None:
    pairs = {(each.source, each.target) for each in references(read_law(ARABIC, "ps").law)}
    assert pairs == {
        ("art_2", "art_3"), ("art_3", "art_1"), ("art_3", "art_2"),
        ("art_14bis", "art_1"), ("art_14bis", "art_2"), ("art_14bis", "art_3"),
        ("art_15", "art_14bis"),
    }  # fmt: skip
    english = {(each.source, each.target) for each in references(read_law(ENGLISH, "en").law)}
    assert english == {("art_2", "art_3"), ("art_2", "art_1"), ("art_2", "art_4")}


@pytest.mark.parametrize("text", ["", "مادة (1)\nتعريفات\n:::::\n" + "المادة (1-" * 2000])
def test_texts_without_sense_say_nothing(text: str) -> None:
    law = read_law(text, "ps").law
    assert references(law) == ()
    assert all(term.uses == () for term in defined_terms(law))
