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


ENGLISH = read_law(
    "".join(
        f"Article {n}\n1. The Minister decides within thirty days.\n2. The Minister tells.\n"
        for n in range(1, 21)
    ), "en",
).law  # fmt: skip
FRENCH = read_law(
    "".join(
        f"Article {n}\n1. Le ministre décide.\n2. Le ministre informe.\n" for n in range(1, 21)
    ),
    "fr",
).law
LATIN = {"en": ENGLISH, "fr": FRENCH}


def latin(order: str, language: str = "en") -> Amendment:
    return read_amendment(read_law(f"Article 1\n{order}\n", language).law, LATIN[language])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("Section 5 is hereby repealed.", [("repeal", "art_5", "")]),
        ("Articles 5 to 7 and 9 are repealed.",
         [("repeal", f"art_{n}", "") for n in (5, 6, 7, 9)]),
        ("Section 5(2) is repealed.", [("repeal", "art_5__para_2", "")]),
        ("Article 5, paragraph 2, is deleted.", [("repeal", "art_5__para_2", "")]),
        ("Subsection 2 of section 5 is omitted.", [("repeal", "art_5__para_2", "")]),
        ("Omit section 7.", [("repeal", "art_7", "")]),
        ("Article 7 is replaced by the following: “New text.”",
         [("substitution", "art_7", "New text.")]),
        ("For section 5 substitute—\n“5. Duties\n(1) It publishes.”",
         [("substitution", "art_5", "Duties\n(1) It publishes.")]),
        ("Paragraph 2 of article 5 shall be replaced by the following: “2. It tells all.”",
         [("substitution", "art_5__para_2", "It tells all.")]),
        ("A new article 14A is inserted after article 14: “14A. Everyone may ask.”",
         [("insertion", "art_14a", "Everyone may ask.")]),
        ("After article 14 the following article is inserted:\n“Article 14 bis\n1. Ask.\n2. Wait.”",
         [("insertion", "art_14bis", "1. Ask.\n2. Wait.")]),
        ("After section 5 insert—\n“5A. Reports\nIt reports.”",
         [("insertion", "art_5a", "Reports\nIt reports.")]),
        ("In article 6, after paragraph 2 the following paragraph is inserted: “2a. It reports.”",
         [("addition", "art_6__para_2a", "It reports.")]),
        ("The following paragraph is inserted after paragraph 2 of article 6: “3. It reports.”",
         [("addition", "art_6__para_3", "It reports.")]),
        ("Article 6 is amended by adding the following paragraph: “(3) It reports.”",
         [("addition", "art_6__para_3", "It reports.")]),
        ("Article 9 shall not apply until rules are made.", [("suspension", "art_9", "")]),
        ("Articles 15 to 20 are renumbered as articles 16 to 21.", [("renumbering", "", "")]),
        ("Article 3 is amended as follows:\n(a) paragraph 2 is deleted;\n"
         "(b) the following paragraph is added: “3. It reports.”",
         [("repeal", "art_3__para_2", ""), ("addition", "art_3__para_3", "It reports.")]),
    ],
)  # fmt: skip
def test_english_formula_is_read(order: str, expected: list[tuple[str, str, str]]) -> None:
    read = latin(order)
    assert [(o.kind, o.target, o.text) for o in read.operations] == expected
    assert read.unread == ()


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("L’article 7 est abrogé.", [("repeal", "art_7", "")]),
        ("Les articles 5 à 7 sont abrogés.", [("repeal", f"art_{n}", "") for n in (5, 6, 7)]),
        ("L’article 5 est remplacé par les dispositions suivantes : « Nouveau. »",
         [("substitution", "art_5", "Nouveau.")]),
        ("Après l’article 14, il est inséré un article 14 bis ainsi rédigé : « Demander. »",
         [("insertion", "art_14bis", "Demander.")]),
        ("L’article 6 est complété par un paragraphe 3 ainsi rédigé : « 3. Rendre compte. »",
         [("addition", "art_6__para_3", "Rendre compte.")]),
        ("Le paragraphe 2 de l’article 4 est supprimé.", [("repeal", "art_4__para_2", "")]),
        ("L’application de l’article 9 est suspendue.", [("suspension", "art_9", "")]),
        ("L’article 15 devient l’article 16.", [("renumbering", "", "")]),
    ],
)  # fmt: skip
def test_french_formula_is_read(order: str, expected: list[tuple[str, str, str]]) -> None:
    read = latin(order, "fr")
    assert [(o.kind, o.target, o.text) for o in read.operations] == expected
    assert read.unread == ()


@pytest.mark.parametrize(
    ("order", "language", "targets", "old", "new"),
    [
        ("The words “the Minister” are replaced, wherever they occur, by the words “the Board”.",
         "en", [""], "the Minister", "the Board"),
        ("In articles 6 and 7, for “thirty days” substitute “sixty days”.",
         "en", ["art_6", "art_7"], "thirty days", "sixty days"),
        ("In paragraph 1 of article 6, the words “within thirty days” are deleted.",
         "en", ["art_6__para_1"], "within thirty days", ""),
        ("In article 6, after the words “The Minister” insert “or a deputy”.",
         "en", ["art_6"], "The Minister", "The Minister or a deputy"),
        ("À l’article 3, les mots « Le ministre » sont remplacés par les mots « L’autorité ».",
         "fr", ["art_3"], "Le ministre", "L’autorité"),
        ("Aux articles 3 et 4, les mots « Le ministre » sont supprimés.",
         "fr", ["art_3", "art_4"], "Le ministre", ""),
        ("تحذف عبارة «وزير الداخلية» من المادة (3) من القانون الأصلي.",
         "ar", ["art_3"], "وزير الداخلية", ""),
        ("تضاف عبارة «أو من يفوضه» بعد عبارة «وزير الداخلية» في المادتين (3) و(4).",
         "ar", ["art_3", "art_4"], "وزير الداخلية", "وزير الداخلية أو من يفوضه"),
    ],
)  # fmt: skip
def test_words_are_replaced_taken_out_and_put_behind_others(
    order: str, language: str, targets: list[str], old: str, new: str
) -> None:
    read = amendment(order) if language == "ar" else latin(order, language)
    assert [(o.kind, o.target, o.old, o.new) for o in read.operations] == [
        ("phrase", target, old, new) for target in targets
    ]
    assert read.unread == ()


@pytest.mark.parametrize(
    ("order", "language"),
    [
        ("تلغى المادة (9) وتستبدل المادة (10) بالنص الآتي: نص.", "ar"),
        ("تعدل المادتان (5) و(6) لتصبحا كالآتي: نص.", "ar"),
        ("Article 7 is repealed and article 8 is replaced by the following: “X.”", "en"),
        ("In article 3, the words “x” are deleted and article 4 is repealed.", "en"),
        ("L’article 7 est abrogé et l’article 8 est remplacé par ce qui suit : « X »", "fr"),
    ],
)  # fmt: skip
def test_two_orders_in_one_sentence_are_given_to_a_person(order: str, language: str) -> None:
    read = amendment(order) if language == "ar" else latin(order, language)
    assert read.operations == ()
    assert [unread.reason for unread in read.unread] == ["several"]


def test_span_of_articles_is_every_article_of_the_law_between_its_ends() -> None:
    base = consolidate(
        BASE, [Operation("insertion", "art_1", "art_6bis", after="art_6", text="نص", source="س")]
    ).law
    read = amendment("تلغى المواد من (5) إلى (8).", base=base)
    assert [o.target for o in read.operations] == ["art_5", "art_6", "art_6bis", "art_7", "art_8"]


def test_words_taken_out_leave_no_gap_and_no_letter_alone() -> None:
    taken = Operation("phrase", "art_1", "", old="وزير الداخلية", new="", source="س")
    after = consolidate(BASE, [taken]).law
    first, second = after.provision("art_3__para_1"), after.provision("art_3__para_2")
    assert first is not None
    assert second is not None
    assert first.text == "يصدر القرار 3."
    # «لوزير الداخلية»: the joined letter would stand alone.
    assert second.text == "يبلغ به لوزير الداخلية وجهاته."


def test_long_sentence_without_a_new_text_is_left_to_a_person() -> None:
    flood = "the following article after article 5 insert added new " * 4000
    assert [unread.reason for unread in latin(flood).unread] == ["formula"]
    [operation] = latin(f"Article 7 is replaced by the following: “{flood}”").operations
    assert (operation.target, len(operation.text)) == ("art_7", len(flood.strip()))


@pytest.mark.parametrize("order", ["Be kind to article 5.", "Soyez bons envers l’article 5."])
def test_what_is_no_formula_is_given_back(order: str) -> None:
    language = "fr" if order.startswith("S") else "en"
    assert [unread.reason for unread in latin(order, language).unread] == ["formula"]


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
