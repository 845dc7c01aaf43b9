"""The reader of Arabic law (and of English and French): every way of writing a heading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.decree_laws import decree_law, ordinal
from hypothesis import given, settings
from hypothesis import strategies as st

from hiwar.engine.law.folding import fold
from hiwar.engine.law.lexicon import JURISDICTIONS, lexicon
from hiwar.engine.law.lists import definitions
from hiwar.engine.law.marks import read_number
from hiwar.engine.law.numbers import Number, arabic_number, roman_number
from hiwar.engine.law.reader import read_law

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "laws"
DECREE = """قرار بقانون رقم (10) لسنة 2018م
بشأن الجرائم الإلكترونية
رئيـــــس دولـــــة فلسطـــــين
استناداً لأحكام القانون الأساسي المعدل لسنة 2003م، ولا سيما المادة (43) منه،
أصدرنا القرار بقانون الآتي:
الفصل الأول
تعاريفمادة (1)
الوزارة: وزارة العدل. الوزير: وزير العدل.
مادة )2
تسري أحكامه:
أ- على الأول.
ب- على الثاني:
١. فرع أول.
٢. فرع ثان.
ج- ثالث.
المادة - 3
وفقاً للمادة (5) من هذا القرار بقانون:
(1)
نص أول
(2)
نص ثان
مـــادة (4) مكرر
نص المكرر.
الفصل الثاني أحكام ختامية
املادة 5
كلام. مادة (6) يلغى كل ما يتعارض. مادة (7) يعمل به من تاريخ نشره.
صدر في مدينة رام الله بتاريخ: 29/04/2018 ميلادية
رئيس دولة فلسطين"""


def eids(text: str, jurisdiction: str = "ps") -> list[str]:
    return [article.eid for article in read_law(text, jurisdiction).law.articles()]


def test_decree_law_is_read_with_its_frame_chapters_and_points() -> None:
    law = read_law(DECREE).law
    assert law.preface.splitlines()[0] == "قرار بقانون رقم (10) لسنة 2018م"
    assert law.preamble.endswith("أصدرنا القرار بقانون الآتي:")
    assert law.conclusion.startswith("صدر في مدينة رام الله")
    assert [(part.eid, part.heading) for part in law.body] == [
        ("chp_1", "تعاريف"),
        ("chp_2", "أحكام ختامية"),
    ]
    assert [article.eid for article in law.articles()] == [
        "art_1", "art_2", "art_3", "art_4bis", "art_5", "art_6", "art_7",
    ]  # fmt: skip
    inside = {provision.eid: (provision.label, provision.text) for provision in law.walk()}
    assert inside["art_2__point_b"] == ("ب-", "على الثاني:")
    assert inside["art_2__point_b__point_2"] == ("٢.", "فرع ثان.")
    assert inside["art_3__para_2"] == ("(2)", "نص ثان")
    assert inside["art_4bis"][0] == "مـــادة (4) مكرر"


def test_headings_have_confidence_and_reasons() -> None:
    articles = {article.eid: article for article in read_law(DECREE).law.articles()}
    assert articles["art_2"].confidence > articles["art_1"].confidence > 0.7
    assert articles["art_1"].reasons == ("glued",)
    assert articles["art_6"].reasons == ("in_line",)


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("مادة (1)", "1"), ("المادة )12(", "12"), ("مادة )2", "2"), ("مادة (3", "3"),
        ("مادة - 4", "4"), ("مادة ٥", "5"), ("مادة رقم (6)", "6"), ("المادة [7]", "7"),
        ("المادة الثانية والثلاثون بعد المائة", "132"), ("المادة المئتان", "200"),
        ("المادة الخامسة والأربعون بعد المائتين", "245"), ("المادة الثلاثمائة والعاشرة", "310"),
        ("المادة الحادية عشرة مكرر", "11bis"), ("مادة (5) مكرر", "5bis"), ("مادة 5 مكررا", "5bis"),
        ("مادة (5) مكرراً (2)", "5bis-2"), ("مادة (5 مكرّر)", "5bis"), ("مادة ١٠ مكررة", "10bis"),
        ("مادة مكرر (9)", "9bis"), ("مادة 12 مكرر (أ)", "12bisa"), ("مادة 8/أ", "8a"),
    ],
)  # fmt: skip
def test_number_is_read_however_it_is_written(label: str, number: str) -> None:
    folded = fold(label)
    read = read_number(folded, folded.index("ماده") + 4, lexicon("ps"))
    assert read is not None
    assert str(read[0]) == number
    assert read[1] == len(folded)


def test_ordinals_are_read_to_299() -> None:
    for n in range(1, 300):
        assert arabic_number(fold(ordinal(n))) == (n, len(fold(ordinal(n))))


def test_roman_figures_and_their_absence() -> None:
    assert [roman_number(figure) for figure in ("iv", "xlii", "et")] == [(4, 2), (42, 4), None]


def test_added_articles_sort_behind_their_own() -> None:
    numbers = [Number(15), Number(14, 1), Number(14), Number(14, 1, 2), Number(14, 2)]
    assert [str(n) for n in sorted(numbers)] == ["14", "14bis", "14bis-2", "14bis2", "15"]


def test_reference_at_the_beginning_of_a_line_is_no_heading() -> None:
    reading = read_law("مادة (1)\nيرخص وفقاً لأحكام\nالمادة (2) من هذا القانون.\nمادة (2)\nنص.")
    assert [article.eid for article in reading.law.articles()] == ["art_1", "art_2"]
    assert [doubt.reason for doubt in reading.doubts] == ["reference"]


@pytest.mark.parametrize("opening", ["“", "«", ""])
def test_text_of_another_law_stays_text(opening: str) -> None:
    closing = {"“": "”", "«": "»", "": ""}[opening]
    text = (
        "المادة الأولى\nيشار إلى القانون.\nالمادة الثانية\nتعدل المادة (54) لتصبح:\n"
        f"{opening}مادة (54)\nيحق له ذلك.{closing}\nالمادة الثالثة\nيعمل به."
    )
    reading = read_law(text)
    assert [article.eid for article in reading.law.articles()] == ["art_1", "art_2", "art_3"]
    assert [doubt.reason for doubt in reading.doubts] == ["quoted"]


def test_table_of_contents_is_set_aside() -> None:
    plain = "مادة (1)\nمادة (2)\nمادة (3)\n\nمادة (1)\nنص.\nمادة (2)\nنص.\nمادة (3)\nنص."
    dotted = "المحتويات\nمادة (1): تعاريف ..... 1\nمادة (2): نطاق ..... 2\n" + DECREE
    assert eids(plain) == ["art_1", "art_2", "art_3"]
    assert len(eids(dotted)) == 7
    assert {segment.role for segment in read_law(dotted).segments} >= {"contents", "conclusion"}


def test_bare_numbers_and_spoilt_words_are_articles_with_less_confidence() -> None:
    bare = "١ الباب الأول: تمهيد\n١ التسمية\nيسمى.\n٢ التعريفات\n(١)\nنص.\n(٢)\nنص.\n٣ النشر\nينشر."
    assert eids(bare) == ["art_1", "art_2", "art_3"]
    reading = read_law("مادة (1)\nنص.\nالماد (2)\nنص.\nمنها (3)\nنص.\nمادة (4)\nنص.")
    assert [article.eid for article in reading.law.articles()] == [f"art_{n}" for n in (1, 2, 3, 4)]
    assert [a.reasons[0] for a in reading.law.articles()] == [
        "alone", "misspelt", "number_alone", "alone",
    ]  # fmt: skip


def test_titles_above_and_below_the_heading() -> None:
    above = "".join(f"عنوان {w}\nمادة ({n})\nنص المادة هنا.\n" for n, w in enumerate("أبجده", 1))
    below = "".join(f"مادة ({n})\nعنوان {w}\nنص المادة هنا.\n" for n, w in enumerate("أبجده", 1))
    for text in (above, below):
        articles = list(read_law("قانون\n" + text).law.articles())
        assert [article.text for article in articles] == ["نص المادة هنا."] * 5
        assert [article.heading for article in articles][1:] == [f"عنوان {w}" for w in "بجده"]


@pytest.mark.parametrize(
    ("jurisdiction", "text", "expected"),
    [
        ("maghreb", "الباب الأول\nأحكام\nالفصل 1\nنص.\nالفصل الثاني\nنص.", ["art_1", "art_2"]),
        ("en", "Chapter I\nGeneral\nArticle 1: Aim\nText.\nArticle 2\nText.\nSection 3A\nText.",
         ["art_1", "art_2", "art_3a"]),
        ("fr", "Titre Ier - De la loi\nArticle premier\nT.\nArticle 2 bis\nT.\nArticle 3 ter\nT.",
         ["art_1", "art_2bis", "art_3bis2"]),
        ("eg", "المادة الأولى\nيعمل.\nالمادة الثانية\nينشر.\n"
         "الباب الأول\nأحكام\nمادة 1\nنص.\nمادة 2\nنص.\nمادة 3\nنص.\nمادة 4\nنص.",
         ["art_1", "art_2", "part_1__art_1", "part_1__art_2", "art_3", "art_4"]),
        ("lb", "المادة الأولى - نص.\nالمادة 2 - نص.", ["art_1", "art_2"]),
        ("jo", "المادة 1- يسمى.\nالمادة 2- يكون.", ["art_1", "art_2"]),
    ],
)  # fmt: skip
def test_each_jurisdiction_has_its_words(jurisdiction: str, text: str, expected: list[str]) -> None:
    assert eids(text, jurisdiction) == expected


def test_arabic_and_english_share_addresses() -> None:
    arabic = "الفصل الأول\nعام\nالمادة الأولى\nنص:\n(أ) أول.\n(ب) ثان.\nالمادة ٢\nنص."
    english = "Chapter I\nGeneral\nArticle 1\nText:\n(a) one.\n(b) two.\nArticle 2\nText."
    addresses = [
        [provision.eid for provision in read_law(text, jurisdiction).law.walk()]
        for text, jurisdiction in ((arabic, "ps"), (english, "en"))
    ]
    assert addresses[0] == addresses[1]


def test_definitions_in_one_line() -> None:
    text = "يكون للكلمات الآتية المعاني:\nالوزارة: وزارة العدل. الوزير: وزير العدل."
    assert definitions(text) == [("الوزارة", "وزارة العدل."), ("الوزير", "وزير العدل.")]


def test_text_without_headings_is_one_unit() -> None:
    [unit] = read_law("عنوان\nنص طويل بلا مواد.").law.body
    assert (unit.kind, unit.confidence, unit.reasons) == ("unit", 0.0, ("no_heading",))


def test_unknown_jurisdiction_is_refused() -> None:
    with pytest.raises(ValueError, match="no lexicon 'xx'"):
        read_law("نص", "xx")
    assert {lexicon(code).direction for code in JURISDICTIONS} == {"rtl", "ltr"}


LINES = st.sampled_from(
    ["مادة (1)", "المادة )2(", "مـــادة ٣ مكرر", "الفصل الأول", "أحكام عامة", "أ- نص.", "(1)",
     "١. بند",
     "“مادة (9)", "نص.”", "وفقاً للمادة (5) من", "تعاريفمادة (4)", "", "  ",
     "صدر في رام الله", "ملحق (1)",
     "أصدرنا القرار بقانون الآتي:", "استناداً إلى", "نص. مادة (5) نص",
     "5 عنوان", "مىذة (6)", "\u202eنص\u202c"]
)  # fmt: skip


@settings(max_examples=30)
@given(
    st.lists(LINES | st.text("ا(1)مدة:.\u0640\u200f ﻻ", max_size=12), max_size=25),
    st.sampled_from(["\n", "\r\n", "\x0b"]),
)
def test_no_letter_is_lost(lines: list[str], end: str) -> None:
    text = end.join(lines)
    reading = read_law(text)
    assert "".join(reading.text_of(segment) for segment in reading.segments) == text
    kept = {p.eid: p.full_text() + p.label + p.heading for p in reading.law.walk()}
    for segment in reading.segments:
        if segment.role in {"text", "label", "heading"}:
            [first, *_more] = [*reading.text_of(segment).strip().splitlines(), ""]
            # A text of nothing but blanks has no provision, and no letter.
            assert (word := first.strip("“”#*•>.:-/() \u0640،_")) in kept.get(segment.eid, "")
            assert not word or segment.eid in kept
    assert len(kept) == sum(1 for _provision in reading.law.walk())


def test_laws_that_it_was_not_made_for() -> None:
    right = wrong = 0
    for seed in range(1000, 1005):
        planted = decree_law(seed)
        read, true = set(eids(planted.text)), set(planted.articles)
        right += len(read & true)
        wrong += len(true ^ read)
    assert right > 100
    assert wrong / right < 0.02


def test_only_headings_and_long_lines_end() -> None:
    assert len(eids("\n".join(f"مادة ({n})" for n in range(1, 1500)))) == 1499
    assert len(eids(" ".join(f"مادة ({n}) نص." for n in range(1, 300)))) == 299


FLOODS = {
    "headings of one number": "مادة (1)\n",
    "one line of headings": "نص المادة (5) نص. مادة (6) - ",
    "one line of leaders": "مادة (1) ...... ",
    "letters as printers set them": "ﻣﺎﺩﺓ ",
    "chapters": "الفصل الأول\n",
    "signs of direction": "\u202eمادة\u202c (1)\u200f\n",
    "articles within words": "article 5 insert added new ",
    "empty lines": "\n",
}


@pytest.mark.parametrize("unit", FLOODS.values(), ids=list(FLOODS))
def test_flood_is_read_whole(unit: str) -> None:
    """Where work grew with the square of the length, each would take far more than its budget."""
    text = unit * (60_000 // len(unit))
    reading = read_law(text, "en" if unit.startswith("article") else "ps")
    assert "".join(text[segment.start : segment.end] for segment in reading.segments) == text


@pytest.mark.shared_data
def test_laws_beside_the_checkout() -> None:
    if not DATA.is_dir():
        pytest.skip("the third-party laws of ../shared/data are not here")
    counts = json.loads((DATA / "expected-structure.json").read_text("utf-8"))
    for name in counts:
        if name.startswith("sa/") and "labour" not in name:
            text = (DATA / name).read_text("utf-8")
            assert len(eids(text, "sa")) == counts[name]["articles"], name
    assert eids((DATA / "synthetic-ar/toc-then-body.txt").read_text("utf-8")) == [
        "art_1", "art_2", "art_3",
    ]  # fmt: skip
    assert len(eids((DATA / "synthetic-ar/marker-forms.txt").read_text("utf-8"))) == 3
    assert len(eids((DATA / "synthetic-ar/mangled-keywords.txt").read_text("utf-8"))) == 5
    assert len(eids((DATA / "synthetic-ar/zerzura-publication-1994.txt").read_text("utf-8"))) == 22
