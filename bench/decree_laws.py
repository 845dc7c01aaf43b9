"""Invented decree-laws with every way of writing a heading planted, and the truth beside them.

Nothing here knows the reader: words, numbers and faults are written down again on their own.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field

ONES = ["الأولى", "الثانية", "الثالثة", "الرابعة", "الخامسة", "السادسة", "السابعة",
        "الثامنة", "التاسعة", "العاشرة"]  # fmt: skip
TEN = ["الحادية", *ONES[1:9]]
TENS = ["", "", "العشرون", "الثلاثون", "الأربعون", "الخمسون", "الستون", "السبعون", "الثمانون",
        "التسعون"]  # fmt: skip
HUNDRED = {1: "المائة", 2: "المائتين"}
SUBJECTS = ["الجمعيات", "المياه", "الزراعة", "السير", "الصحة العامة", "الأرشيف الوطني", "المكتبات"]
TITLES = ["تعريفات", "نطاق التطبيق", "الأهداف", "مهام المجلس", "اجتماعات المجلس", "الموارد المالية",
          "شروط الترخيص", "التزامات المرخص له", "السجل", "العقوبات", "التظلم",
          "الرسوم"]  # fmt: skip
CHAPTERS = ["أحكام عامة", "المجلس ومهامه", "الترخيص وشروطه", "الرقابة والتفتيش", "أحكام ختامية"]
SENTENCES = [
    "تتولى الوزارة تنفيذ أحكام هذا القرار بقانون بالتنسيق مع الجهات المختصة.",
    "لا يجوز لأي شخص مزاولة النشاط قبل الحصول على ترخيص وفقاً للمادة ({ref}) من هذا القرار بقانون.",
    "يعاقب كل من يخالف أحكام المادة ({ref}) بغرامة لا تقل عن مائة دينار ولا تزيد على ألف دينار.",
    "يصدر المجلس قراراته بالأغلبية، وعند التساوي يرجح الجانب الذي منه الرئيس.",
    "مع مراعاة ما ورد في المادة ({ref}) أعلاه، تحدد الرسوم بنظام يصدر عن مجلس الوزراء.",
    "تلتزم المنشأة بحفظ سجلاتها مدة خمس سنوات، ويجوز للمفتشين الاطلاع عليها.",
    "للمتضرر أن يتظلم خلال (30) يوماً من تاريخ تبليغه القرار.",
]
WRAPPED = "لا يجوز لأي شخص مزاولة النشاط إلا وفقاً لأحكام\nالمادة ({ref}) من هذا القرار بقانون."
STYLES = ("digits", "arabic_digits", "definite", "ordinal", "dash", "open_only", "flipped",
          "colon_title", "markdown", "no_brackets")  # fmt: skip
FAULTS = ("", "", "kashida", "decomposed", "lam_alef", "glued", "one_line", "crlf", "marks")


@dataclass
class Planted:
    """A law with the addresses of its articles, in order, and what was planted in it."""

    text: str
    style: str
    fault: str
    articles: list[str] = field(default_factory=list)


def ordinal(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    words = ""
    if rest:
        tens, ones = divmod(rest, 10)
        if rest <= 10:
            words = ONES[rest - 1]
        elif tens == 1:
            words = f"{TEN[ones - 1]} عشرة"
        else:
            words = f"{TEN[ones - 1]} و{TENS[tens]}" if ones else TENS[tens]
    if hundreds:
        words = f"{words} بعد {HUNDRED[hundreds]}" if words else HUNDRED[hundreds]
    return words


def arabic_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


def label(n: int, bis: bool, style: str, chance: random.Random) -> str:
    word = chance.choice(["مكرر", "مكرراً", "مكررة", "مكرّر"]) if bis else ""
    tail = f" {word}" if bis else ""
    return {
        "digits": f"مادة ({n}){tail}",
        "arabic_digits": f"مادة ({arabic_digits(str(n))}{tail})",
        "definite": f"المادة ({n}{tail})",
        "ordinal": f"المادة {ordinal(n)}{tail}",
        "dash": f"مادة - {n}{tail}",
        "open_only": f"مادة ({n}{tail}",
        "flipped": f"مادة ){n}({tail}",
        "colon_title": f"المادة {n}{tail}",
        "markdown": f"## المادة {ordinal(n)}{tail}",
        "no_brackets": f"مادة {arabic_digits(str(n))}{tail}",
    }[style]


def body(chance: random.Random, size: int, *, wraps: bool) -> list[str]:
    ref = chance.randint(1, size)
    lines = []
    for _ in range(chance.randint(1, 3)):
        sentence = WRAPPED if wraps and chance.random() < 0.15 else chance.choice(SENTENCES)
        lines += sentence.format(ref=ref).split("\n")
    if chance.random() < 0.3:
        marks = chance.choice([["أ-", "ب-", "ج-"], ["1.", "2.", "3."], ["(أ)", "(ب)", "(ج)"]])
        lines += [f"{mark} {chance.choice(SENTENCES).format(ref=ref)}" for mark in marks]
    return lines


def spoilt(text: str, fault: str) -> str:
    if fault == "kashida":
        return text.replace("مادة", "مـــادة")
    if fault == "decomposed":
        return unicodedata.normalize("NFD", text)
    if fault == "lam_alef":
        return text.replace("لا", "ال\u0001").replace("الم", "امل").replace("ال\u0001", "ال")
    if fault == "crlf":
        return text.replace("\n", "\r\n")
    if fault == "marks":
        return "\u200f" + text.replace("مادة", "\u200fمَادّة")
    return text


def decree_law(seed: int) -> Planted:
    """Return an invented decree-law of 8 to 245 articles."""
    chance = random.Random(seed)
    style, fault = STYLES[seed % len(STYLES)], chance.choice(FAULTS)
    size = chance.choice([8, 14, 30, 60, 120, 245])
    made = Planted("", style, fault)
    head = [
        f"قرار بقانون رقم ({chance.randint(1, 40)}) لسنة 20{chance.randint(10, 26)}م",
        f"بشأن {chance.choice(SUBJECTS)}", "رئيـــس دولـــة فلسطـــين",
        "استناداً لأحكام القانون الأساسي المعدل لسنة 2003م وتعديلاته، ولا سيما المادة (43) منه،",
        "وبناءً على تنسيب مجلس الوزراء، وباسم الشعب العربي الفلسطيني،",
        "أصدرنا القرار بقانون الآتي:",
    ]  # fmt: skip
    titled = style == "colon_title"
    lines: list[str] = []
    listed: list[str] = []
    in_line = fault == "one_line" and style in {"digits", "definite", "arabic_digits"}
    each = max(size // len(CHAPTERS), 1)
    n = 0
    while n < size:
        n += 1
        chapter, first = divmod(n - 1, each)
        fresh = first == 0 and chapter < len(CHAPTERS)
        mark = label(n, False, style, chance)
        if fresh:
            title = CHAPTERS[chapter]
            if fault == "glued" and style in {"digits", "flipped"}:
                lines += [f"الفصل {ordinal(chapter + 1).replace('الأولى', 'الأول')}", title + mark]
                mark = ""
            else:
                lines += [f"الفصل {ordinal(chapter + 1).replace('الأولى', 'الأول')}", title]
        listed.append(f"{label(n, False, style, chance)} {'.' * 12} {n // 8 + 1}")
        if mark:
            lines.append(f"{mark}: {chance.choice(TITLES)}" if titled else mark)
        lines += body(chance, size, wraps=not in_line)
        made.articles.append(f"art_{n}")
        if chance.random() < 0.03:
            lines.append(label(n, True, style, chance))
            lines += body(chance, size, wraps=not in_line)
            made.articles.append(f"art_{n}bis")
    lines += ["صدر في مدينة رام الله بتاريخ: 01/02/2026 ميلادية", "رئيس دولة فلسطين"]
    if in_line:
        lines = [*lines[:2], " ".join(lines[2:-2]), *lines[-2:]]
    contents = ["المحتويات", *listed, ""] if seed % 7 == 0 and not in_line else []
    made.text = spoilt("\n".join(contents + head + lines), fault)
    return made
