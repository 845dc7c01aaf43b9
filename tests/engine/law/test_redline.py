"""The redline: nothing lost, no word cut, moves, splits, merges and spelling told apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.law.edits import OLD, WORDS, edited
from hiwar.engine.law.reader import read_law
from hiwar.engine.law.redline import (
    Row,
    compare,
    compare_paragraphs,
    compare_texts,
    inline,
    pieces,
    side_by_side,
)
from hiwar.engine.law.words import compare_words, tokens

if TYPE_CHECKING:
    import random

DEMO = Path(__file__).resolve().parents[4] / "shared" / "data" / "demo" / "draft-law.json"


def statuses(rows: tuple[Row, ...]) -> list[str]:
    return [row.status for row in rows]


def whole(rows: tuple[Row, ...], side: str) -> list[str]:
    """Return the paragraphs of one side in order, rebuilt from the rows."""
    texts: dict[int, str] = {}
    for row in rows:
        places = getattr(row, side)
        text = row.old_text() if side == "old" else row.new_text()
        if places:
            parts = text.split("\n") if len(places) > 1 else [text]
            texts |= dict(zip(places, parts, strict=True))
    return [texts[at] for at in sorted(texts)]


def test_change_of_words_is_a_change_and_spelling_is_not() -> None:
    [row] = compare_texts("خلال ستين يوماً إلى الوزارة ٥", "خلال ثلاثين يوما الى الوزارة 5")
    assert [(edit.kind, edit.old or edit.new) for edit in row.edits] == [
        ("equal", "خلال "), ("delete", "ستين"), ("insert", "ثلاثين"), ("equal", " "),
        ("spelling", "يوماً"), ("equal", " "), ("spelling", "إلى"), ("equal", " الوزارة "),
        ("spelling", "٥"),
    ]  # fmt: skip
    assert statuses(compare_texts("إلى الأمام", "الى الامام")) == ["spelling"]


def test_moved_paragraph_is_found_and_still_compared() -> None:
    moved = OLD[0].replace("ستين", "تسعين")
    rows = compare_paragraphs(OLD, [*OLD[1:], moved])
    assert [(row.status, row.is_moved, row.old, row.new) for row in rows] == [
        ("same", False, (1,), (0,)), ("same", False, (2,), (1,)), ("same", False, (3,), (2,)),
        ("changed", True, (0,), (3,)),
    ]  # fmt: skip


def test_split_and_merge_are_recognised() -> None:
    first, second = OLD[3].split("، وتضع")
    cut = [*OLD[:3], first + ".", "تضع" + second]
    assert statuses(compare_paragraphs(OLD, cut)) == ["same", "same", "same", "split"]
    assert statuses(compare_paragraphs(cut, OLD)) == ["same", "same", "same", "merged"]


def test_equal_texts_are_never_called_moved() -> None:
    rows = compare_paragraphs([OLD[0], OLD[1], OLD[0]], [OLD[0], OLD[0], OLD[1], OLD[0]])
    assert [row.is_moved for row in rows] == [False] * 4
    assert sorted(statuses(rows)) == ["added", "same", "same", "same"]


def test_paragraph_that_is_all_new_is_replaced() -> None:
    [row] = compare_paragraphs(["أ ب ج د هـ"], ["أ س ص ع ف"], (["x"], ["x"]))
    assert [edit.kind for edit in row.edits] == ["delete", "insert"]


def law(*articles: tuple[str, str]):
    return read_law("".join(f"مادة ({label})\n{text}\n" for label, text in articles)).law


def test_article_put_in_renumbers_the_others() -> None:
    old = law(*((str(at), text) for at, text in enumerate(OLD, 1)))
    new = law(
        ("1", OLD[0]), ("2", "تستثنى من أحكامه المنشآت الصغيرة وحدها."),
        ("3", OLD[1]), ("4", OLD[2]), ("5", OLD[3]),
    )  # fmt: skip
    changes = [
        (change.status, change.is_renumbered, change.is_moved, change.old, change.new)
        for change in compare(old, new)
    ]
    assert changes[:3] == [
        ("same", False, False, ("art_1",), ("art_1",)),
        ("added", False, False, (), ("art_2",)),
        ("changed", True, False, ("art_2",), ("art_3",)),
    ]
    assert [row.status for row in compare(old, new)[2].rows] == ["same"]


def test_points_are_compared_by_their_address() -> None:
    old = law(("1", "تسري على:\nأ- العاملين.\nب- المتدربين."))
    new = law(("1", "تسري على:\nأ- العاملين.\nب- المتدربين والمتطوعين."))
    [change] = compare(old, new)
    assert [row.status for row in change.rows] == ["same", "same", "changed"]


@pytest.mark.shared_data
def test_two_versions_of_the_demonstration() -> None:
    if not DEMO.is_file():
        pytest.skip("the demonstration world of ../shared/data is not here")
    versions = json.loads(DEMO.read_text("utf-8"))["versions"]
    for language, jurisdiction, word in (("ar", "ps", "مادة"), ("en", "en", "Article")):
        laws = []
        for version in versions:
            parts = [
                f"{word} {item['no']}\n{item['title'][language]}\n{item['text'][language]}\n"
                for item in version["articles"]
            ]
            laws.append(read_law("".join(parts), jurisdiction).law)
        changes = compare(*laws)
        changed = [change.new[0] for change in changes if change.status == "changed"]
        assert changed == [f"art_{n}" for n in (3, 5, 6, 8, 11, 14)]
        assert [change.new for change in changes if not change.old] == [("art_14bis",)]
        assert [change.old for change in changes if not change.new] == []
        assert sum(change.status == "same" for change in changes) == 10


def test_figures_and_foreign_words_are_isolated() -> None:
    text = "وفق المادة 5(2) والمادة (3-7) من CEDAW (1979) بنسبة 26% في 9/5/2021م"
    isolated = [piece.text for piece in pieces(text) if piece.is_isolated]
    assert isolated == ["5(2)", "(3-7)", "CEDAW (1979)", "26%", "9/5/2021"]
    edits = compare_words("لا تقل عن 20% منهم", "لا تقل عن 26% منهم")
    assert [piece.text for piece in inline(edits) if piece.is_isolated] == ["20", "26"]
    old, new = side_by_side(edits)
    assert ["".join(piece.text for piece in side) for side in (old, new)] == [
        "لا تقل عن 20% منهم", "لا تقل عن 26% منهم",
    ]  # fmt: skip


def assert_whole(lines: list[list[str]], chance: random.Random) -> None:
    old = [" ".join(line) for line in lines]
    new = [" ".join(line) for line in edited(lines, chance)]
    rows = compare_paragraphs(old, new)
    assert whole(rows, "old") == old
    assert whole(rows, "new") == new
    for row in rows:
        edges = {0}
        for token in tokens(row.old_text()):
            edges.add(max(edges) + len(token))
        at = 0
        for edit in row.edits:
            assert at in edges  # no word of the old text is cut
            at += len(edit.old)
        assert {edit.kind for edit in row.edits} <= {"equal", "delete", "insert", "spelling"}
        assert all(edit.old == edit.new for edit in row.edits if edit.kind == "equal")


PARAGRAPHS = st.lists(st.lists(st.sampled_from(WORDS), max_size=14), min_size=1, max_size=8)


@settings(max_examples=40)
@given(PARAGRAPHS, st.randoms(use_true_random=False))
def test_either_text_is_in_the_redline_to_the_letter(lines, chance) -> None:
    assert_whole(lines, chance)


@pytest.mark.exhaustive("law")
@settings(max_examples=3000)
@given(PARAGRAPHS, st.randoms(use_true_random=False))
def test_either_text_is_in_the_redline_over_many_edits(lines, chance) -> None:
    assert_whole(lines, chance)


def test_long_paragraph_is_compared_without_waiting() -> None:
    words = [f"كلمة{at % 900}" for at in range(12_000)]
    other = [word if at % 40 else "جديد" for at, word in enumerate(words)]
    edits = compare_words(" ".join(words), " ".join(other))
    assert "".join(edit.new for edit in edits) == " ".join(other)
