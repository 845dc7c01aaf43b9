"""Two people, one away for a day: the table of what has to come out, and a thousand days."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from hiwar.engine.blocks import Block, Choice, Merged, merge, merge_words, words_of

FIRST = "نفذت الوزارة برنامجاً للتدريب شمل خريجي الجامعات في المحافظات الشمالية والجنوبية"
SECOND = "أفاد المشاركون أن بدل المواصلات تأخر عنهم كثيراً خلال أشهر التدريب الأولى"
THIRD = "وافق 41 مشاركاً على صرف البدل قبل نهاية الشهر الأول من التدريب"
BASE = [
    Block("a", "paragraph", {"ar": FIRST}),
    Block("b", "paragraph", {"ar": SECOND}),
    Block("c", "paragraph", {"ar": THIRD}),
]


def edited(blocks: list[Block], key: str, old: str, new: str) -> list[Block]:
    return [
        replace(block, texts={"ar": block.texts["ar"].replace(old, new)})
        if block.key == key
        else block
        for block in blocks
    ]


def keys(merged: Merged) -> list[str]:
    return [block.key for block in merged.blocks]


def text(merged: Merged, key: str) -> str:
    return next(block.texts["ar"] for block in merged.blocks if block.key == key)


def decisions(merged: Merged) -> list[tuple[str, str]]:
    return [(choice.key, choice.what) for choice in merged.choices]


def test_changes_of_different_paragraphs_join() -> None:
    merged = merge(BASE, edited(BASE, "a", "برنامجاً", "مشروعاً"), edited(BASE, "b", "خلال", "طوال"))
    assert "مشروعاً" in text(merged, "a")
    assert "طوال" in text(merged, "b")
    assert (merged.choices, merged.joined) == ([], [])


def test_words_far_apart_in_one_sentence_join_and_say_so() -> None:
    merged = merge(
        BASE, edited(BASE, "a", "برنامجاً", "مشروعاً"), edited(BASE, "a", "الشمالية", "الوسطى")
    )
    assert text(merged, "a") == FIRST.replace("برنامجاً", "مشروعاً").replace("الشمالية", "الوسطى")
    assert merged.joined == [("a", "ar")]
    assert merged.choices == []


def test_one_number_changed_twice_is_put_before_a_person() -> None:
    merged = merge(BASE, edited(BASE, "c", "41", "42"), edited(BASE, "c", "41", "43"))
    one, other = THIRD.replace("41", "42"), THIRD.replace("41", "43")
    assert merged.choices == [Choice("c", "text", "ar", {"ar": THIRD}, {"ar": one}, {"ar": other})]
    assert text(merged, "c") == one


def test_one_sentence_written_anew_by_both_is_put_before_a_person() -> None:
    one, other = "لم تصرف الوزارة البدل", "تأخر صرف بدل المواصلات أربعة أشهر"
    merged = merge(BASE, edited(BASE, "b", SECOND, one), edited(BASE, "b", SECOND, other))
    assert decisions(merged) == [("b", "text")]
    assert text(merged, "b") == one
    assert merged.choices[0].mine == {"ar": other}


@pytest.mark.parametrize("is_deleted_here", [True, False])
def test_a_paragraph_deleted_by_one_and_edited_by_the_other_is_put_before_a_person(
    is_deleted_here: bool,
) -> None:
    without, changed = [BASE[0], BASE[2]], edited(BASE, "b", "خلال", "طوال")
    sides = (changed, without) if is_deleted_here else (without, changed)
    merged = merge(BASE, *sides)
    assert decisions(merged) == [("b", "deleted")]
    assert "طوال" in text(merged, "b")
    assert keys(merged) == ["a", "b", "c"]


def test_a_paragraph_moved_by_one_and_edited_by_the_other_joins() -> None:
    moved = [BASE[1], BASE[0], BASE[2]]
    for sides in ((moved, edited(BASE, "a", "شمل", "ضم")), (edited(BASE, "a", "شمل", "ضم"), moved)):
        merged = merge(BASE, *sides)
        assert keys(merged) == ["b", "a", "c"]
        assert " ضم " in text(merged, "a")
        assert merged.choices == []


def split(key: str, at: int) -> list[Block]:
    words = FIRST.split()
    head = Block("a", "paragraph", {"ar": " ".join(words[:at])})
    return [head, Block(key, "paragraph", {"ar": " ".join(words[at:])}), *BASE[1:]]


@pytest.mark.parametrize("at", [4, 6, 8])
def test_a_paragraph_split_by_both_never_stands_twice_unmarked(at: int) -> None:
    merged = merge(BASE, split("n1", 6), split("n2", at))
    assert ("n2", "doubled") in decisions(merged)
    assert keys(merged) == ["a", "n2", "n1", "b", "c"]


def test_a_paragraph_joined_by_one_and_edited_by_the_other_is_put_before_a_person() -> None:
    joined = [Block("a", "paragraph", {"ar": f"{FIRST} {SECOND}"}), BASE[2]]
    merged = merge(BASE, joined, edited(BASE, "b", "خلال", "طوال"))
    assert decisions(merged) == [("b", "deleted")]
    assert "طوال" in text(merged, "b")
    # Edited in the first of the two, far from the seam, both are kept.
    merged = merge(BASE, joined, edited(BASE, "a", "برنامجاً", "مشروعاً"))
    assert text(merged, "a") == f"{FIRST.replace('برنامجاً', 'مشروعاً')} {SECOND}"
    assert decisions(merged) == []


def test_a_paragraph_made_a_heading_by_one_and_edited_by_the_other_joins() -> None:
    heading = [replace(BASE[0], kind="heading"), *BASE[1:]]
    for sides in (
        (heading, edited(BASE, "a", "شمل", "ضم")),
        (edited(BASE, "a", "شمل", "ضم"), heading),
    ):
        block = merge(BASE, *sides).blocks[0]
        assert (block.kind, " ضم " in block.texts["ar"]) == ("heading", True)


def test_kind_and_place_changed_by_both_are_choices() -> None:
    kinds = [[replace(BASE[0], kind=kind), *BASE[1:]] for kind in ("heading", "quote")]
    assert decisions(merge(BASE, *kinds)) == [("a", "kind")]
    four = [*BASE, Block("d", "paragraph", {"ar": "خاتمة"})]
    a, b, c, d = four
    assert decisions(merge(four, [b, c, a, d], [b, c, d, a])) == [("a", "order")]
    e, f = Block("e", "paragraph", {"ar": "ملحق"}), Block("f", "paragraph", {"ar": "شكر"})
    merged = merge([*four, e, f], [c, a, b, d, e, f], [a, b, c, f, d, e])
    assert keys(merged) == ["c", "a", "b", "f", "d", "e"]
    assert merged.choices == []


def test_languages_of_one_block_join() -> None:
    base = [Block("a", "paragraph", {"ar": "نص أول", "en": "First text"})]
    arabic = [Block("a", "paragraph", {"ar": "نص آخر", "en": "First text"})]
    english = [Block("a", "paragraph", {"ar": "نص أول", "en": "Other text", "fr": "Autre"})]
    merged = merge(base, arabic, english)
    assert merged.blocks[0].texts == {"ar": "نص آخر", "en": "Other text", "fr": "Autre"}
    assert merged.choices == []


@pytest.mark.parametrize("kind", ["recommendation", "table"])
def test_recommendations_and_tables_are_never_joined(kind: str) -> None:
    base = [Block("a", kind, {"ar": FIRST})]
    merged = merge(
        base, edited(base, "a", "برنامجاً", "مشروعاً"), edited(base, "a", "الشمالية", "كلها")
    )
    assert decisions(merged) == [("a", "text")]


@pytest.mark.parametrize(
    "word",
    ["٤٢", "7%", "لا", "وليس", "بغير", "[[4]]", "نصف", "الثلث", "not", "don't", "most", "لَن"],
)
def test_what_turns_a_sentence_round_is_never_joined(word: str) -> None:
    assert merge_words(FIRST, FIRST.replace("شمل", f"شمل {word}"), f"{FIRST} كذلك") is None
    assert merge_words(FIRST, f"{FIRST} كذلك", FIRST.replace("شمل", word)) is None


def test_the_same_change_by_both_is_one_change() -> None:
    changed = edited(BASE, "c", "41", "42")
    merged = merge(BASE, changed, changed)
    assert text(merged, "c") == THIRD.replace("41", "42")
    assert (merged.choices, merged.joined) == ([], [])


def test_line_ends_survive() -> None:
    base = "أولاً نص طويل هنا\nثانياً نص طويل هنا\nثالثاً نص"
    joined = merge_words(base, base.replace("أولاً", "بداية"), base.replace("ثالثاً", "ختاماً"))
    assert joined == "بداية نص طويل هنا\nثانياً نص طويل هنا\nختاماً نص"


# A thousand days: one works away, one at the desk, and every typed word is followed.


class Person:
    """Somebody who edits a text at random; every word they type is like no other."""

    def __init__(self, name: str, dice: random.Random) -> None:
        self.name, self.dice, self.count, self.blocks = name, dice, 0, 0

    def key(self) -> str:
        self.blocks += 1
        return f"{self.name}-{self.blocks}"

    def type(self, most: int = 4) -> list[str]:
        words = []
        for _ in range(self.dice.randint(1, most)):
            self.count += 1
            # Letters alone: a digit would never be joined.
            number = "".join("ابتثجحخدذر"[int(digit)] for digit in str(self.count))
            words.append(f"{self.name}{number}")
        return words

    def edit(self, blocks: list[Block]) -> list[Block]:
        blocks = list(blocks)
        at = self.dice.randrange(len(blocks))
        block = blocks[at]
        words = words_of(block.texts["ar"])
        match self.dice.choices(
            ["words", "add", "delete", "move", "split", "join", "kind"], [60, 8, 4, 8, 7, 7, 6]
        )[0]:
            case "words":
                start = self.dice.randint(0, len(words))
                words[start : start + self.dice.randint(0, 2)] = self.type()
                blocks[at] = replace(block, texts={"ar": " ".join(words)})
            case "add":
                new = Block(self.key(), "paragraph", {"ar": " ".join(self.type(12))})
                blocks.insert(at + 1, new)
            case "delete" if len(blocks) > 5:
                del blocks[at]
            case "move":
                blocks.insert(self.dice.randrange(len(blocks)), blocks.pop(at))
            case "split" if len(words) > 3:
                cut = self.dice.randint(1, len(words) - 1)
                blocks[at] = replace(block, texts={"ar": " ".join(words[:cut])})
                tail = Block(self.key(), block.kind, {"ar": " ".join(words[cut:])})
                blocks.insert(at + 1, tail)
            case "join" if at + 1 < len(blocks):
                more = blocks.pop(at + 1).texts["ar"]
                blocks[at] = replace(block, texts={"ar": f"{block.texts['ar']} {more}".strip()})
            case "kind":
                blocks[at] = replace(block, kind=self.dice.choice(["heading", "quote", "list"]))
        return blocks


def count_words(blocks: list[Block]) -> Counter[str]:
    return Counter(word for block in blocks for word in words_of(block.texts["ar"]))


def one_day(seed: int) -> Merged:
    """Merge a day of 15 edits at the desk and 25 away, and follow every word."""
    dice = random.Random(seed)
    common = Person("ن", dice)
    base = [
        Block(f"p{n}", "paragraph", {"ar": " ".join(common.type(3) + common.type(20))})
        for n in range(40)
    ]
    sides = []
    for name, edits in (("ش", 15), ("ص", 25)):
        blocks, person = base, Person(name, dice)
        for _ in range(edits):
            blocks = person.edit(blocks)
        sides.append(blocks)
    current, mine = sides
    merged = merge(base, current, mine)
    before, here, there = count_words(base), count_words(current), count_words(mine)
    after = count_words(merged.blocks)
    asked = {choice.key for choice in merged.choices}
    shown = {
        word for choice in merged.choices for side in (choice.current, choice.mine)
        for word in words_of(side.get("ar", ""))
    }  # fmt: skip
    for word in here | there:
        # Kept by both, or typed by one of them: it stands, or a person is shown it.
        if (word in here and word in there) or word not in before:
            assert word in after or word in shown, (seed, word)
    for word, times in after.items():
        assert word in here or word in there, (seed, "fused", word)
        if times > max(before[word], here[word], there[word]):
            holders = {b.key for b in merged.blocks if word in words_of(b.texts["ar"])}
            assert holders & asked, (seed, "doubled", word)
    assert len({block.key for block in merged.blocks}) == len(merged.blocks)
    return merged


def test_forty_days_lose_and_fuse_nothing() -> None:
    days = [one_day(seed) for seed in range(40)]
    assert sum(len(day.joined) for day in days) > 0


@pytest.mark.exhaustive("blocks")
def test_a_thousand_days_lose_and_fuse_nothing() -> None:
    days = [one_day(seed) for seed in range(1000)]
    asked = [len({choice.key for choice in day.choices}) for day in days]
    assert sum(asked) / len(days) <= 4, sum(asked) / len(days)  # choices a day
