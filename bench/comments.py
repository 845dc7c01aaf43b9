"""`python -m bench.comments`: public comments grouped; an invented crowd whose truth is known.

Campaign letters in Arabic and English are sent as they are, spelt otherwise, greeted, with a
sentence added, with a slip or a word left out, with words exchanged for others of the same sense.
Beside them stand what must stay apart: letters denied as a whole, with another number, with two
opposites swapped or one exchanged (for a word that `turning/` knows and one that it does not), the
same request in sentences of its own, and other letters of the same parts.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from typing import NamedTuple

from hiwar.engine.law.comments import group_comments

AR = {
    "ask": ["نطالب", "نرجو", "نقترح", "نناشد الحكومة"],
    "what": ["إعادة صياغة", "نشر", "مراجعة", "تفصيل", "شرح"],
    "of": [
        "أحكام التقاعد",
        "جدول الاشتراكات",
        "شروط التسجيل",
        "نظام الشكاوى",
        "تقرير الكلفة",
        "سجل المنشآت",
        "بدل الأمومة",
        "خطة الاستثمار",
    ],
    "where": [
        "في القرى والمخيمات",
        "في الورش الصغيرة",
        "في قطاع الزراعة",
        "في المشاغل والمصانع",
        "في مدارس القدس",
        "في النقل والبناء",
    ],
    "why": [
        "لأن أسرنا تعيش من أجورها",
        "حتى يعرف الناس حقوقهم",
        "لأن السوق ضعيفة هذه السنوات",
        "كي تستقيم أعمالنا",
        "لأن التجربة الماضية تركت ديوناً",
    ],
    "who": ["النقابات", "الغرف التجارية", "البلديات", "الجامعات", "الجمعيات النسوية"],
}
EN = {
    "ask": ["we ask for", "we propose", "please consider", "the committee needs"],
    "what": ["a review of", "a clear wording of", "publication of", "an explanation of"],
    "of": [
        "the pension rules",
        "the table of contributions",
        "the terms of registration",
        "the complaints office",
        "the report on costs",
        "the maternity benefit",
    ],
    "where": [
        "in villages and camps",
        "in small workshops",
        "in farming",
        "in transport",
        "in the schools of the city",
    ],
    "why": [
        "as our families live on wages",
        "so that people know the rules",
        "since the market is weak this year",
        "because the last attempt left debts",
    ],
    "who": ["trade unions", "chambers of commerce", "town councils", "universities"],
}
GREETINGS = {"ar": ["السلام عليكم ورحمة الله وبركاته\n", "السادة أعضاء اللجنة،\nتحية طيبة\n"],
             "en": ["Dear members of the committee,\n", "Good morning.\n"]}  # fmt: skip
ADDED = {"ar": [" أكتب إليكم من بلدتي الصغيرة.", " شكراً لوقتكم.", " هذا رأي أسرتي."],
         "en": [" I write from a village in the hills.", " Thank you very much."]}  # fmt: skip
NOT = {"ar": "لا ", "en": "we do not think so: "}
SYNONYMS = {
    "ar": [("القرى", "الأرياف"), ("أسرنا", "عائلاتنا"), ("خلال", "في غضون"), ("أجورها", "رواتبها"),
           ("بالتشاور", "بالتباحث"), ("نطالب", "نناشدكم"), ("الورش", "المشاغل")],
    "en": [("villages", "hamlets"), ("families", "households"), ("wages", "pay"),
           ("propose", "suggest"), ("review", "revision"), ("chambers", "houses"),
           ("debts", "liabilities")],
}  # fmt: skip
# Each letter has one sentence with two opposites, which can be swapped, and one with a single one.
SWAPPED = {
    "ar": [("رفع حصة أصحاب العمل وخفض حصة العمال", "رفع حصة العمال وخفض حصة أصحاب العمل"),
           ("نقل الكلفة من الفقراء إلى الأغنياء", "نقل الكلفة من الأغنياء إلى الفقراء"),
           ("تقديم المدن على القرى في التنفيذ", "تقديم القرى على المدن في التنفيذ")],
    "en": [("more for workers and less for employers", "less for workers and more for employers"),
           ("moving costs from the poor to the rich", "moving costs from the rich to the poor"),
           ("serving towns ahead of villages", "serving villages ahead of towns")],
}  # fmt: skip
KNOWN = {"ar": ("علنية", "سرية"), "en": ("voluntary", "compulsory")}
UNKNOWN = {"ar": ("مركزية", "محلية"), "en": ("rural", "urban")}


class Parts(NamedTuple):
    """What a letter asks for, so that it can be said again in other sentences."""

    language: str
    sentences: tuple[dict[str, str], ...]
    pair: tuple[str, str]


def parts_of(language: str, chance: random.Random, sentences: int) -> Parts:
    choices = AR if language == "ar" else EN
    return Parts(
        language,
        tuple(
            {name: chance.choice(some) for name, some in choices.items()}
            | {"n": str(chance.randint(2, 90))}
            for _ in range(sentences)
        ),
        chance.choice(SWAPPED[language]),
    )


def letter(parts: Parts) -> str:
    arabic = parts.language == "ar"
    lines = [
        f"{p['ask']} {p['what']} {p['of']} {p['where']} خلال {p['n']} يوماً"
        f" بالتشاور مع {p['who']} {p['why']}."
        if arabic
        else f"{p['ask']} {p['what']} {p['of']} {p['where']} within {p['n']}"
        f" days together with {p['who']}, {p['why']}."
        for p in parts.sentences
    ]
    known, unknown = KNOWN[parts.language][0], UNKNOWN[parts.language][0]
    lines.append(
        f"ونريد {parts.pair[0]} بقواعد {known} وهيئات {unknown}."
        if arabic
        else f"We want {parts.pair[0]} under {known} terms with {unknown} offices."
    )
    return " ".join(lines)


def paraphrased(parts: Parts) -> str:
    arabic = parts.language == "ar"
    lines = [
        f"{p['why']}، ومع إشراك {p['who']}، فإن رأينا في {p['of']} هو {p['what']} في مدة أقصاها"
        f" {p['n']} يوماً {p['where']}."
        if arabic
        else f"{p['why']}, {p['who']} and ourselves think that {p['n']} days are time enough for"
        f" {p['what']} {p['of']}, above all {p['where']}."
        for p in parts.sentences
    ]
    return " ".join(lines)


def copied(text: str, language: str, chance: random.Random) -> str:
    for _ in range(chance.choice([0, 1, 1, 2])):
        what = chance.randrange(5)
        words = text.split(" ")
        at = chance.randrange(1, len(words) - 1)
        if what == 0:
            text = chance.choice(GREETINGS[language]) + text
        elif what == 1:
            text += chance.choice(ADDED[language])
        elif what == 2:
            text = text.replace("أ", "ا").replace("ى", "ي").replace(",", "").replace(".", " .")
        elif what == 3 and len(words[at]) > 5 and words[at].isalpha():
            words[at] = words[at][:3] + words[at][4] + words[at][3] + words[at][5:]
            text = " ".join(words)
        elif what == 4 and len(words) > 25 and not any(map(str.isdigit, words[at])):
            text = " ".join(words[:at] + words[at + 1 :])
    return text


def with_synonyms(text: str, language: str, chance: random.Random) -> str:
    pairs = [pair for pair in SYNONYMS[language] if pair[0] in text.split(" ")]
    for old, new in chance.sample(pairs, min(len(pairs), chance.choice([1, 1, 2]))):
        text = text.replace(old, new, 1)
    return text


def other_number(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    at = chance.choice([at for at, word in enumerate(words) if word.isdigit()])
    words[at] = str(int(words[at]) + chance.randint(1, 9))
    return " ".join(words)


def apart_from(parts: Parts, chance: random.Random) -> tuple[str, str]:
    """Return how a text differs from a letter, and the text."""
    text, language = letter(parts), parts.language
    texts = {
        "denied": NOT[language] + text,
        "number": other_number(text, chance),
        "swapped": text.replace(*parts.pair),
        "opposite": text.replace(*KNOWN[language]),
        "opposite not in the table": text.replace(*UNKNOWN[language]),
        "paraphrase": paraphrased(parts),
    }
    kind = chance.choice(list(texts))
    return kind, texts[kind]


class Planted(NamedTuple):
    """A comment, the letter it is truly a copy of, what was done to it, and to which letter."""

    text: str
    truth: int
    kind: str
    of: int


def crowd(n: int, seed: int) -> list[Planted]:
    """Return comments whose truth is known."""
    chance = random.Random(seed)
    planted: list[Planted] = []
    truth = 0
    while len(planted) < n:
        parts = parts_of(chance.choice(["ar", "ar", "en"]), chance, chance.choice([1, 2, 3, 4]))
        original, letter_number = letter(parts), truth
        size = chance.choice([1, 1, 1, 1, 2, 5, 20, 150])
        planted += [Planted(original, truth, "original", truth)]
        for _ in range(size - 1):
            is_exchanged = chance.random() < 0.1
            changed = with_synonyms if is_exchanged else copied
            text = changed(original, parts.language, chance)
            kind = "copy" if not is_exchanged else "synonym" if text != original else "original"
            planted.append(Planted(text, truth, kind, truth))
        truth += 1
        if size > 1:
            kind, text = apart_from(parts, chance)
            planted += [Planted(text, truth, kind, letter_number)] * chance.randint(1, 2)
            truth += 1
    planted = planted[:n]
    chance.shuffle(planted)
    return planted


def pairs(counts: Counter[object]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.comments", description=__doc__)
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    planted = crowd(asked.comments, asked.seed)
    truth = [comment.truth for comment in planted]
    start = time.process_time()
    grouping = group_comments([comment.text for comment in planted])
    seconds = time.process_time() - start
    group = [0] * len(planted)
    for number, one_letter in enumerate(grouping.groups):
        for member in one_letter.members:
            group[member.at] = number
    joined, true = pairs(Counter(group)), pairs(Counter(truth))
    right = pairs(Counter(zip(group, truth, strict=True)))
    print(
        f"{len(planted):,} comments, {grouping.texts:,} texts, {len(grouping.groups):,} groups of"
        f" {len(set(truth)):,}: {seconds:.1f} s; precision {right / joined:.4f},"
        f" recall {right / true:.4f} over pairs; {len(grouping.links):,} linked"
    )
    home = {c.of: group[at] for at, c in enumerate(planted) if c.kind == "original"}
    linked = {link.at for link in grouping.links}
    for kind in sorted({comment.kind for comment in planted}):
        places = [at for at, c in enumerate(planted) if c.kind == kind and c.of in home]
        together = sum(group[at] == home[planted[at].of] for at in places)
        beside = sum(at in linked for at in places)
        print(f"  {kind}: {len(places):,}, {together:,} with their letter, {beside:,} linked")


if __name__ == "__main__":
    main()
