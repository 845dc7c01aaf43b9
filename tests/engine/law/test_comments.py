"""Comments in groups: copies together, opposite meanings and other numbers apart."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from hiwar.engine.law import group_comments

COMMENTS = Path(__file__).resolve().parents[4] / "shared/data/demo/scenario-data/s3-comments.csv"
LETTER = (
    "نطالب الحكومة بإعادة النظر في مشروع القرار بقانون، وبنشر تقرير مفصل عن كلفة الصندوق على"
    " المنشآت الصغيرة في القرى والمخيمات. ونطالب بعرض التقرير على النقابات والغرف التجارية خلال"
    " جلسة مفتوحة يحضرها الإعلام."
)
ENGLISH = (
    "We ask the ministry to publish the cost of the fund for small workshops in villages and camps"
    " and to present the report to unions and chambers of commerce in an open hearing."
)


def sizes(*texts: str) -> list[int]:
    return [len(group.members) for group in group_comments(texts).groups]


@pytest.mark.parametrize(
    ("letter", "copy"),
    [
        (LETTER, LETTER.replace("إ", "ا").replace("،", "") + "!"),
        (LETTER, "السلام عليكم ورحمة الله وبركاته\n" + LETTER),
        (LETTER, LETTER + " أشكركم على اهتمامكم بآراء المواطنين."),
        (LETTER, LETTER.replace("مفصل", "مفصّلل")),
        (ENGLISH, "Dear members of the committee,\n" + ENGLISH),
        (ENGLISH, ENGLISH.replace("workshops", "worskhops")),
    ],
)
def test_a_copy_with_small_edits_joins_its_letter(letter: str, copy: str) -> None:
    assert sizes(letter, letter, copy) == [3]


@pytest.mark.parametrize(
    ("letter", "other"),
    [
        (LETTER, LETTER.replace("ونطالب", "ولا نطالب")),
        (LETTER, LETTER.replace("نطالب الحكومة", "نعارض مطالبة الحكومة")),
        (LETTER, LETTER + " أرفض ما جاء في هذه الرسالة."),
        (LETTER, LETTER.replace("جلسة مفتوحة", "جلسة مفتوحة بعد 30 يوماً")),
        (ENGLISH, ENGLISH.replace("We ask", "We do not ask")),
        (ENGLISH, ENGLISH.replace("open hearing", "closed hearing")),
        ("خفض مساهمة العامل إلى 6%", "خفض مساهمة العامل إلى 5%"),
        ("خفض مساهمة العامل", "رفع مساهمة العامل"),
        ("This is lawful in our view", "This is unlawful in our view"),
    ],
)
def test_what_turns_the_sense_is_never_grouped(letter: str, other: str) -> None:
    assert sizes(letter, letter, other) == [2, 1]


def test_words_in_each_others_place_turn_the_sense() -> None:
    rest = " في قانون الصندوق الذي ننتظره في القرى والمخيمات وفي ورش المدن ومشاغلها كلها"
    letter = "نقل الكلفة من الفقراء إلى الأغنياء" + rest
    swapped = "نقل الكلفة من الأغنياء إلى الفقراء" + rest
    grouping = group_comments([letter, letter, swapped])
    assert [(link.at, link.leader, link.reason) for link in grouping.links] == [(2, 0, "turned")]


DRAFT = (
    "تسري أحكام هذا القرار بقانون على كل منشأة تضم خمسة عاملين أو أكثر ولمجلس الإدارة توسيعها",
    "يتكون المجلس من تسعة أعضاء ثلاثة تسميهم الحكومة وثلاثة تسميهم هيئات أصحاب العمل ويرأسه الوزير",
)


def test_what_is_quoted_from_the_draft_makes_two_comments_no_likelier() -> None:
    comments = [f"{DRAFT[0]} وهذا يظلم ورشتي", f"{DRAFT[0]} وهو خير لأبنائنا"]
    assert group_comments(comments).links
    assert not group_comments(comments, draft=DRAFT).links
    assert len(group_comments(comments, draft=DRAFT).groups) == 2


def test_one_wish_for_two_quotations_is_two_letters() -> None:
    wish = "نرجو أن تعاد صياغة هذا النص بلغة يفهمها الناس في القرى والمخيمات"
    same, other = f"{wish}\n{DRAFT[0]}", f"{wish}\n{DRAFT[1]}"
    grouping = group_comments([same, same + " ونشكركم", other], draft=DRAFT)
    assert [[m.at for m in group.members] for group in grouping.groups] == [[0, 1], [2]]


def test_a_comment_that_is_a_quotation_alone_is_compared_as_it_is() -> None:
    grouping = group_comments([DRAFT[0], DRAFT[0] + ".", DRAFT[1]], draft=DRAFT)
    assert [len(group.members) for group in grouping.groups] == [2, 1]


def test_likeness_makes_no_chains() -> None:
    words = [f"كلمة{letter}" for letter in "ابتثجحخدذرزسشصضطظعغف"]
    steps = [" ".join(words[at:] + [f"{word}ية" for word in words[:at]]) for at in range(20)]
    assert max(sizes(*steps)) < 5


def test_a_letter_with_much_of_its_own_is_shown_beside_it() -> None:
    own = " ".join(f"وأروي لكم حكاية {word}" for word in ("ورشتي", "بلدتي", "أسرتي", "جارتي"))
    grouping = group_comments([LETTER, LETTER, f"{LETTER} {own} {own} {own}"])
    assert [(link.at, link.leader, link.reason) for link in grouping.links] == [(2, 0, "own_words")]


def test_comments_about_different_articles_never_meet() -> None:
    grouping = group_comments(["الصياغة واضحة"] * 3, targets=["art_3", "art_7", "art_3"])
    assert [[member.at for member in group.members] for group in grouping.groups] == [[0, 2], [1]]


def test_empty_comments_are_kept() -> None:
    assert sum(sizes("", " ", "…", "كلام")) == 4


def test_the_comments_of_the_demonstration_come_out_as_counted_by_hand() -> None:
    if not COMMENTS.is_file():
        pytest.skip("the demonstration world of ../shared/data is not here")
    with COMMENTS.open(encoding="utf-8-sig") as lines:
        texts = [row["text_ar"] for row in csv.DictReader(lines)]
    grouping = group_comments(texts)
    assert (grouping.comments, grouping.texts) == (96, 85)
    assert sorted(len(group.members) for group in grouping.groups) == [1] * 84 + [12]
