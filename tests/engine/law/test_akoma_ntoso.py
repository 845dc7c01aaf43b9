"""Akoma Ntoso out and in, Bluebell in, HTML in and out, plain text, the comparison table."""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path

import pytest
from bench.decree_laws import decree_law
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hiwar.engine.law.akoma import Work, to_akoma_ntoso
from hiwar.engine.law.akoma_reader import LawFileError, from_akoma_ntoso
from hiwar.engine.law.bluebell import from_bluebell
from hiwar.engine.law.html_reader import html_text
from hiwar.engine.law.reader import read_law
from hiwar.engine.law.structure import Law
from hiwar.engine.law.written import comparison_table, to_html, to_text

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "laws"
WORK = Work(
    "ps", datetime.date(2018, 4, 29), "10", "قرار بقانون بشأن الجرائم الإلكترونية",
    datetime.date(2018, 5, 3), subtype="decree-law", author="رئيس دولة فلسطين",
)  # fmt: skip
TEXT = """قرار بقانون رقم (10) لسنة 2018م
استناداً للقانون الأساسي،
أصدرنا القرار بقانون الآتي:
الباب الأول
أحكام عامة
الفصل الأول
تعاريف
مادة (1)
تسري على:
أ- العاملين.
ب- المتدربين:
1. في القطاع العام.
2. في القطاع الخاص.
مادة (1) مكرر
وفق CEDAW (1979) والمادة 5(2).
مادة (2)
ينشر في الجريدة الرسمية.
صدر في رام الله
ملحق (1)
جدول الرسوم"""


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("schema") / "akomantoso30.xsd"))


def assert_round_trip(law: Law) -> None:
    content = to_akoma_ntoso(law, WORK)
    schema().assertValid(etree.fromstring(content))
    assert from_akoma_ntoso(content) == law


@pytest.mark.parametrize("text", [TEXT, "", "نص بلا مواد", "عنوان\nنص < & > بلا مواد."])
def test_law_is_valid_and_comes_back_equal(text: str) -> None:
    assert_round_trip(read_law(text).law)


def test_invented_decree_laws_are_valid_and_come_back_equal() -> None:
    for seed in (1, 3, 8):
        assert_round_trip(read_law(decree_law(seed).text).law)


@settings(max_examples=15)
@given(
    st.lists(st.sampled_from(TEXT.split("\n")) | st.text("اب(1)مدة:. <&", max_size=9), max_size=14)
)
def test_any_law_is_valid_and_comes_back_equal(lines: list[str]) -> None:
    assert_round_trip(read_law("\n".join(lines)).law)


def test_addresses_and_names_are_those_of_the_convention() -> None:
    content = to_akoma_ntoso(read_law(TEXT).law, WORK).decode()
    assert 'value="/akn/ps/act/decree-law/2018-04-29/10/ara@2018-05-03"' in content
    assert 'eId="art_1bis"' in content
    assert 'eId="art_1__point_b__point_2"' in content
    assert "FRBRsubtype" in content


def test_letters_that_xml_cannot_hold_are_replaced() -> None:
    law = Law("ar", "rtl", preface="عنوان\x07هنا")
    assert from_akoma_ntoso(to_akoma_ntoso(law, WORK)).preface == "عنوان\ufffdهنا"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "unreadable"), (b"<a", "unreadable"), (b"<a/>", "no_body"),
     (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "no_body")],
)  # fmt: skip
def test_what_is_no_law_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(LawFileError) as refused:
        from_akoma_ntoso(content)
    assert refused.value.code == code


def test_file_of_another_house_gets_addresses_of_our_form() -> None:
    content = """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">
    <act name="act"><meta><identification source="#x"><FRBRExpression>
    <FRBRlanguage language="ara"/></FRBRExpression></identification></meta><body>
    <chapter eId="chp_الأول"><num>الفصل الأول</num><heading>عام</heading>
    <article eId="art_المادةالثانية"><num>المادة الثانية</num><intro><p>تسري على:</p></intro>
    <point><num>(أ)</num><content><p>العاملين</p></content></point>
    <wrapUp><p>وغيرهم.</p></wrapUp></article></chapter></body></act></akomaNtoso>"""
    law = from_akoma_ntoso(content.encode())
    assert [p.eid for p in law.walk()] == ["chp_1", "art_2", "art_2__point_a"]
    assert law.body[0].children[0].closing == "وغيرهم."


BLUEBELL = """PREFACE

  رقم ٤

BODY

PART 1 - الباب الأول

  ARTICLE 10bis - عنوان

    نص **غامق** و\\//رابط و{{>/akn/ps مرجع}}.

    PARAGRAPH (1)

      ITEMS
        ITEM (a)
          أول
        ITEM (b)
          ثان

SCHEDULE - ملحق

  جدول
"""


def test_bluebell_markup_is_read() -> None:
    law = from_bluebell(BLUEBELL)
    assert law.preface == "رقم ٤"
    assert [(p.eid, p.heading) for p in law.walk()] == [
        ("part_1", "الباب الأول"), ("art_10bis", "عنوان"), ("art_10bis__para_1", ""),
        ("art_10bis__para_1__point_a", ""), ("art_10bis__para_1__point_b", ""), ("annex_1", "ملحق"),
    ]  # fmt: skip
    assert next(law.articles()).text == "نص غامق و//رابط ومرجع."
    assert_round_trip(law)
    with pytest.raises(LawFileError, match="no_body"):
        from_bluebell("نص بلا كلمات")


MENU = "".join(
    f'<li><a href="#">قانون رقم {n} لسنة 2001 بشأن موضوع طويل</a></li>' for n in range(40)
)
LAYOUTS = {
    "article": "<main><article>{}</article></main>",
    "table": "<table><tr><td><ul>{menu}</ul></td><td><div>{}</div></td></tr></table>",
    "menu beside": "<div id=a>{menu}</div><div id=b>{}</div>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("heading", ["<h3>{}</h3>", "<h3><a href='#x'>{}</a></h3>", "<p>{}<br>"])
def test_text_of_a_portal_is_found(layout: str, heading: str) -> None:
    inner = "".join(
        heading.format(f"مادة ({n})") + f"<p>نص المادة رقم {n} وفيه كلام كثير يطول ويطول.</p>"
        for n in range(1, 13)
    )
    page = LAYOUTS[layout].replace("{menu}", MENU).replace("{}", inner)
    content = f"<html><head><title>x</title><style>a</style></head><body><nav>{MENU}</nav>{page}"
    content += "<footer>حقوق النشر</footer></body></html>"
    page_text = html_text(content.encode("windows-1256"))
    assert page_text.encoding == "windows-1256"
    assert [a.eid for a in read_law(page_text.text).law.articles()] == [
        f"art_{n}" for n in range(1, 13)
    ]
    assert "قانون رقم" not in page_text.text
    assert page_text.left_out[0].startswith("قانون رقم 0")
    with pytest.raises(LawFileError, match="unreadable"):
        html_text(b"")


def test_html_has_direction_addresses_and_isolates() -> None:
    page = to_html(read_law(TEXT).law)
    assert '<div class="law" lang="ar" dir="rtl">' in page
    assert '<section id="art_1bis" class="article">' in page
    assert "<bdi>CEDAW (1979)</bdi>" in page
    assert "&lt;" in to_html(read_law("مادة (1)\nأ < ب.").law)


def test_plain_text_reads_back_to_the_same_law() -> None:
    law = read_law(TEXT).law
    assert read_law(to_text(law)).law == law


def test_comparison_table_has_a_line_for_each_article() -> None:
    old, new = (
        read_law(text).law for text in ("مادة (1)\nقديم.", "مادة (1)\nجديد.\nمادة (3)\nثالث.")
    )
    rows = comparison_table(
        old, new, {"art_1": ("مقترح.", "سبب"), "art_2bis": ("مضاف.", "سبب آخر")}
    )
    assert [(row.eid, row.in_force, row.draft, row.proposal) for row in rows] == [
        ("art_1", "قديم.", "جديد.", "مقترح."), ("art_2bis", "", "", "مضاف."),
        ("art_3", "", "ثالث.", ""),
    ]  # fmt: skip


@pytest.mark.shared_data
def test_files_beside_the_checkout() -> None:
    if not DATA.is_dir():
        pytest.skip("the third-party laws of ../shared/data are not here")
    bluebell = from_bluebell((DATA / "synthetic-ar/publication-1994.bluebell").read_text("utf-8"))
    akoma = from_akoma_ntoso((DATA / "synthetic-ar/synthetic-zerzura-1994.akn.xml").read_bytes())
    assert len(list(bluebell.articles())) == len(list(akoma.articles())) == 22
    assert [a.eid for a in bluebell.articles()] == [a.eid for a in akoma.articles()]
    assert_round_trip(bluebell)
    assert_round_trip(akoma)
    for language, jurisdiction in (("arb", "ps"), ("eng", "en"), ("fra", "fr")):
        page = html_text((DATA / f"bilingual/udhr-{language}.html").read_bytes())
        articles = read_law(page.text, jurisdiction).law.articles()
        assert [article.eid for article in articles] == [f"art_{n}" for n in range(1, 31)]
