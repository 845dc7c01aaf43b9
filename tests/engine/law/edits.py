"""Paragraphs, and random edits of them: words and whole lines put in, out, elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

OLD = [
    "تتولى الهيئة إصدار التراخيص خلال مدة لا تجاوز ستين يوماً من تاريخ تقديم الطلب.",
    "يتكون المجلس من تسعة أعضاء يسميهم مجلس الوزراء لمدة أربع سنوات قابلة للتجديد.",
    "تنشر الهيئة تقريرها السنوي على موقعها الإلكتروني وفي صحيفتين يوميتين محليتين.",
    "تلتزم المنشأة بحفظ السجلات مدة خمس سنوات، وتضع نظاماً للشكاوى يتاح لكل عامل فيها.",
]
WORDS = [
    "المادة", "مادّة", "يوماً", "يوما", "إلى", "الى", "على", "من", "في", "20%", "5(2)", "٥", "CEDAW",
    "law", "The", "the", "،", ".", "(أ)", "لا", "تقل", "و\u200fقد", "كلمة",
]  # fmt: skip


def edited(lines: list[list[str]], chance: random.Random) -> list[list[str]]:
    """Return lines with random edits: words put in, out, exchanged; lines moved, cut, joined."""
    new = [list(line) for line in lines]
    for _step in range(chance.randint(0, 8)):
        at = chance.randrange(len(new))
        what = chance.randrange(6)
        if what == 0:
            new[at].insert(chance.randint(0, len(new[at])), chance.choice(WORDS))
        elif what == 1 and new[at]:
            del new[at][chance.randrange(len(new[at]))]
        elif what == 2:
            new.insert(chance.randint(0, len(new)), new.pop(at))
        elif what == 3:
            cut = chance.randint(0, len(new[at]))
            new[at : at + 1] = [new[at][:cut], new[at][cut:]]
        elif what == 4 and at + 1 < len(new):
            new[at : at + 2] = [new[at] + new[at + 1]]
        elif len(new) > 1:
            del new[at]
    return new
