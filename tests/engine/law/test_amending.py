"""Amending instruments: formulas read, carried out, dated, and left to a person where unclear."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hiwar.engine.law.amending import read_amendment
from hiwar.engine.law.bluebell import from_bluebell
from hiwar.engine.law.consolidation import conflicts, consolidate, in_force_on, law_at
from hiwar.engine.law.operations import Amendment, Dated, Force, Operation
from hiwar.engine.law.reader import read_law

if TYPE_CHECKING:
    from hiwar.engine.law.structure import Law

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "laws"
DAY = datetime.date
BASE = read_law(
    "".join(
        f"مادة ({n})\n1. يصدر وزير الداخلية القرار {n}.\n2. يبلغ به لوزير الداخلية وجهاته.\n"
        for n in range(1, 13)
    )
).law


def amendment(*orders: str, base: Law | None = BASE) -> Amendment:
    text = "".join(f"مادة ({n})\n{order}\n" for n, order in enumerate(orders, 1))
    return read_amendment(read_law("أصدرنا القرار بقانون الآتي:\n" + text).law, base)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("تعدل المادة (4) من القانون الأصلي، لتصبح على النحو الآتي: “نص جديد.”",
         ("substitution", "art_4", "نص جديد.")),
        ("تعدل الفقرة (1) من المادة (2) من القانون الأصلي لتصبح على النحو الآتي: “نص.”",
         ("substitution", "art_2__para_1", "نص.")),
        ("يستبدل بنص المادة (7) من القانون الأصلي النص الآتي: نص آخر.",
         ("substitution", "art_7", "نص آخر.")),
        ("تعدل المادة (6) من القانون الأصلي بإضافة فقرة تحمل رقم (3) على النحو الآتي: 3. فقرة.",
         ("addition", "art_6__para_3", "فقرة.")),
        ("تضاف إلى المادة (6) من القانون الأصلي فقرة جديدة برقم (3) نصها الآتي: “فقرة.”",
         ("addition", "art_6__para_3", "فقرة.")),
        ("تضاف مادة جديدة برقم (10 مكرراً) نصها الآتي: مضاف.", ("insertion", "art_10bis", "مضاف.")),
        ("تضاف مادة جديدة إلى القانون الأصلي تحمل الرقم (10 مكرر)، نصها الآتي: “مضاف.”",
         ("insertion", "art_10bis", "مضاف.")),
        ("إضافة مادة تحمل الرقم (الحادية عشرة مكرر) بالنص الآتي: مضاف.",
         ("insertion", "art_11bis", "مضاف.")),
        ("تلغى المادة (9) من القانون الأصلي.", ("repeal", "art_9", "")),
        ("تحذف الفقرة (2) من المادة (5) من القانون الأصلي.", ("repeal", "art_5__para_2", "")),
        ("يوقف العمل بأحكام المادة (3) من القانون الأصلي.", ("suspension", "art_3", "")),
    ],
)  # fmt: skip
def test_formula_is_read(order: str, expected: tuple[str, str, str]) -> None:
    read = amendment(order)
    assert read.unread == ()
    [operation] = read.operations
    assert (operation.kind, operation.target, operation.text) == expected
    assert operation.source == order


@pytest.mark.parametrize(
    "order",
    [
        "تستبدل عبارة “وزير الداخلية”، أينما وردت في القانون الأصلي، بعبارة “رئيس الهيئة”.",
        "إحلال عبارة «رئيس الهيئة» محل عبارة «وزير الداخلية» أينما وردت.",
        "يستبدل بعبارة (وزير الداخلية) عبارة (رئيس الهيئة) أينما وردت.",
    ],
)
def test_words_are_replaced_wherever_they_stand(order: str) -> None:
    [operation] = amendment(order).operations
    assert (operation.kind, operation.target) == ("phrase", "")
    assert (operation.old, operation.new) == ("وزير الداخلية", "رئيس الهيئة")
    after = consolidate(BASE, [operation]).law.provision("art_3__para_2")
    assert after is not None
    assert after.text == "يبلغ به لرئيس الهيئة وجهاته."


def test_two_articles_are_repealed_and_the_rest_is_renumbered_by_a_person() -> None:
    read = amendment("تلغى المادتان (8) و(9) من القانون الأصلي، ويعاد ترقيم ما يليها من مواد.")
    assert [(o.kind, o.target) for o in read.operations] == [
        ("repeal", "art_8"), ("repeal", "art_9"), ("renumbering", ""),
    ]  # fmt: skip
    after = consolidate(BASE, read.operations, "القانون رقم (5)")
    assert [a.eid for a in after.law.articles()] == [a.eid for a in BASE.articles()]
    repealed = after.law.provision("art_8")
    assert repealed is not None
    assert repealed.full_text() == "[ملغاة بالقانون رقم (5)]"
    assert len(after.renumberings) == 1


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("تراعى العدالة عند التطبيق.", "formula"),
        ("تعدل المادة (44) من القانون الأصلي لتصبح على النحو الآتي: نص.", "target"),
        ("تضاف مادة جديدة برقم (3) نصها الآتي: نص.", "exists"),
        ("تعدل المادة (4) من القانون الأصلي لتصبح على النحو الآتي:", "text"),
        ("تعدل المادة (4) من القانون الأصلي بما يحقق المصلحة.", "formula"),
        ("تستبدل عبارة “أ” بعبارة “ب”.", "formula"),
    ],
)
def test_what_is_not_understood_is_given_back_and_never_applied(order: str, reason: str) -> None:
    read = amendment(order)
    assert read.operations == ()
    assert [(one.source, one.reason) for one in read.unread] == [(order, reason)]


def test_general_repeal_and_what_orders_nothing_are_notes() -> None:
    read = amendment(
        "يشار إلى قانون الجمعيات رقم (1) لسنة 2000م، لغايات إجراء هذا التعديل بالقانون الأصلي.",
        "يعرض هذا القرار بقانون على المجلس التشريعي في أول جلسة يعقدها لإقراره.",
        "يلغى كل ما يتعارض مع أحكام هذا القرار بقانون.",
        "على الجهات المختصة كافة تنفيذ أحكامه، ويعمل به بعد ثلاثين يوماً من تاريخ نشره.",
    )
    assert (read.operations, read.unread) == ((), ())
    assert [note.kind for note in read.notes] == [
        "definition", "submission", "general_repeal", "execution",
    ]  # fmt: skip
    assert read.force == Force("publication", 30)


@pytest.mark.parametrize(
    ("words", "published", "expected"),
    [
        ("يعمل به من تاريخ نشره.", DAY(2026, 1, 31), DAY(2026, 1, 31)),
        ("يعمل به من اليوم التالي لتاريخ نشره.", DAY(2026, 1, 31), DAY(2026, 2, 1)),
        ("يعمل به بعد (60) يوماً من تاريخ نشره.", DAY(2026, 1, 1), DAY(2026, 3, 2)),
        ("ويعمل به بعد ثلاثة أشهر من تاريخ نشره.", DAY(2025, 11, 30), DAY(2026, 2, 28)),
        ("يعمل به من تاريخ صدوره.", None, DAY(2026, 1, 5)),
        ("يعمل به.", DAY(2026, 1, 1), None),
    ],
)
def test_day_of_force(words: str, published: datetime.date | None, expected: object) -> None:
    force = amendment(f"ينشر هذا القرار، {words}").force
    assert in_force_on(force, published=published, issued=DAY(2026, 1, 5)) == expected


def test_whole_article_is_replaced_with_its_paragraphs() -> None:
    [operation] = amendment(
        "تعدل المادة (4) من القانون الأصلي، لتصبح على النحو الآتي:\n"
        "“مادة (4)\n1. أول.\n2. ثان.\n3. ثالث.”"
    ).operations
    law = consolidate(BASE, [operation]).law
    inside = [(p.eid, p.text) for p in law.walk() if p.eid.startswith("art_4")]
    assert inside == [
        ("art_4", ""), ("art_4__para_1", "أول."), ("art_4__para_2", "ثان."),
        ("art_4__para_3", "ثالث."),
    ]  # fmt: skip


def test_law_on_each_day() -> None:
    first = amendment("تلغى المادة (9) من القانون الأصلي.").operations
    second = amendment("تضاف مادة جديدة برقم (10 مكرر) نصها الآتي: مضاف.").operations
    pause = amendment("يوقف العمل بالمادة (3) من القانون الأصلي.").operations
    dated = [
        Dated(DAY(2026, 3, 1), second), Dated(DAY(2026, 2, 1), first, name="القانون رقم (5)"),
        Dated(DAY(2026, 2, 1), pause, until=DAY(2026, 2, 20)),
    ]  # fmt: skip
    before = law_at(BASE, dated, DAY(2026, 1, 31))
    between = law_at(BASE, dated, DAY(2026, 2, 20))
    after = law_at(BASE, dated, DAY(2026, 3, 1))
    assert before.law == BASE
    assert (set(between.touched), between.suspended) == ({"art_9"}, ("art_3",))
    assert (set(after.touched), after.suspended) == ({"art_9", "art_10bis"}, ())
    order = [article.eid for article in after.law.articles()]
    assert order.index("art_10bis") == order.index("art_10") + 1
    inserted = after.law.provision("art_10bis")
    assert inserted is not None
    assert inserted.label == "مادة (10 مكرر)"


def test_orders_that_clash() -> None:
    first = amendment(
        "تعدل المادة (4) من القانون الأصلي لتصبح على النحو الآتي: يصدر رئيس الهيئة القرار.",
        "تلغى المادة (5) من القانون الأصلي.",
        "تضاف مادة جديدة برقم (10 مكرر) نصها الآتي: مضاف.",
        "تستبدل عبارة “وزير الداخلية” بعبارة “رئيس الهيئة” أينما وردت.",
        "تلغى المادة (12) من القانون الأصلي.",
    ).operations
    second = amendment(
        "تعدل الفقرة (1) من المادة (4) من القانون الأصلي لتصبح على النحو الآتي: نص.",
        "تعدل المادة (5) من القانون الأصلي لتصبح على النحو الآتي: نص.",
        "تضاف مادة جديدة برقم (10 مكرر) نصها الآتي: نص آخر.",
        "تستبدل عبارة “وزير الداخلية” بعبارة “المدير” أينما وردت.",
        "تلغى المادة (12) من القانون الأصلي.",
    ).operations
    clashes = {(clash.code, clash.words) for clash in conflicts(first, second, BASE)}
    assert clashes == {
        ("inside", "art_4__para_1"), ("repealed", "art_5"), ("same_number", "art_10bis"),
        ("phrase", "وزير الداخلية"),
    }  # fmt: skip
    assert conflicts(first[1:2], second[4:]) == ()


def test_operation_that_finds_nothing_is_refused() -> None:
    lost = Operation("phrase", "art_1", "", old="عبارة غير موجودة", new="أخرى", source="س")
    again = Operation("insertion", "art_1", "art_3", after="art_2", text="نص", source="س")
    after = consolidate(BASE, [lost, again])
    assert after.law == BASE
    assert [one.reason for one in after.refused] == ["phrase", "exists"]


def test_english_formulas() -> None:
    law = read_law(
        "Article 1\nSection 5 is repealed.\nArticle 2\nArticle 7 is replaced by the following: "
        '"New text."\nArticle 3\nThe words "the Minister" are replaced wherever they occur by the '
        'words "the Authority".\nArticle 4\nBe kind.', "en",
    ).law  # fmt: skip
    read = read_amendment(law)
    assert [(o.kind, o.target, o.text, o.old, o.new) for o in read.operations] == [
        ("repeal", "art_5", "", "", ""), ("substitution", "art_7", "New text.", "", ""),
        ("phrase", "", "", "the Minister", "the Authority"),
    ]  # fmt: skip
    assert [one.by for one in read.unread] == ["art_4"]


@pytest.mark.shared_data
def test_gold_operations_and_text() -> None:
    if not DATA.is_dir():
        pytest.skip("the third-party laws of ../shared/data are not here")
    folder = DATA / "synthetic-ar"
    [case] = json.loads((DATA / "amendment-ops.json").read_text("utf-8"))["cases"]
    base, order, gold = (
        from_bluebell((folder / f"publication-{name}.bluebell").read_text("utf-8"))
        for name in ("1994", "amendment-2005", "1994-consolidated-2005-10-03")
    )
    read = read_amendment(order, base)
    operations = [o for o in read.operations if o.kind != "renumbering"]
    assert [(o.by, o.kind, o.target) for o in operations] == [
        (op["by"], op["op"], op["target"]) for op in case["ops"]
    ]
    assert read.unread == ()
    day = in_force_on(read.force, published=DAY(2005, 10, 2), issued=None)
    assert str(day) == case["in_force"]
    after = consolidate(base, read.operations, "القانون رقم ٦ لسنة ٢٠٠٥")
    assert [(p.eid, p.text) for p in after.law.walk()] == [(p.eid, p.text) for p in gold.walk()]
    assert len(after.renumberings) == 1
