"""What became of a proposal, read by the words."""

from __future__ import annotations

import pytest

from hiwar.engine.law import read_outcome

OLD = "يدفع صاحب العمل 9% ويدفع المؤمن عليه 7% من الأجر."
ASKED = "يدفع صاحب العمل 9% ويدفع المؤمن عليه 5% من الأجر."


@pytest.mark.parametrize(
    ("published", "result", "words"),
    [
        (ASKED, "same", "5%"),
        (ASKED.replace("الأجر", "الاجر"), "same", "5%"),
        (OLD, "absent", "5%"),
        (OLD.replace("7%", "6%"), "weaker", "6%"),
        (OLD.replace("7%", "4%"), "stronger", "4%"),
        (OLD.replace("7%", "8%"), "unclear", "8%"),
        (f"{ASKED} على ثلاث مراحل.", "weaker", "مراحل"),
        ("تحدد النسب بقرار.", "unclear", "تحدد النسب بقرار"),
        (None, "unclear", ""),
    ],
)
def test_a_figure_is_read_by_its_direction(published: str | None, result: str, words: str) -> None:
    outcome = read_outcome(OLD, ASKED, published)
    assert (outcome.result, outcome.words) == (result, words)


def test_a_wish_is_found_in_another_article() -> None:
    others = [("art_3", "نص آخر"), ("art_14bis", "ينشر الصندوق دليلاً مبسطاً للجمهور.")]
    outcome = read_outcome("", "ينشر دليلاً مبسطاً للجمهور", None, others)
    assert (outcome.result, outcome.eid) == ("elsewhere", "art_14bis")


def test_a_repeal_is_done_when_the_article_is_gone() -> None:
    assert read_outcome(OLD, "", None).result == "same"
    assert read_outcome(OLD, "", OLD).result == "absent"
