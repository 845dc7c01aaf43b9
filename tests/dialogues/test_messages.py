"""Text messages are read as people write them, and never guessed."""

from __future__ import annotations

import pytest

from hiwar.dialogues.queries.messages import Reading, answer_of, read_message


@pytest.mark.parametrize(
    ("text", "number", "choice"),
    [
        ("3: y", 3, 1),
        ("٢ نعم", 2, 1),
        ("موافقة ٨", 8, 1),
        (" ١  y ", 1, 1),
        ("۴ موافق", 4, 1),
        ("٤-موافقة", 4, 1),
        ("2نعم", 2, 1),
        ("11: غير موافق", 11, -1),
        ("غير موافق ١٣", 13, -1),
        ("6 لا أوافق", 6, -1),
        ("لا 11", 11, -1),
        ("6-لا اعرف", 6, 0),
        ("لا أعرف ٣", 3, 0),
        ("8 لا أدري", 8, 0),
        ("٨-تخطي", 8, 0),
        ("PASS ٦", 6, 0),
        ("4 نَعَم", 4, 1),
        ("4 نعـــم!", 4, 1),
        ("\u200f12 نعم\u200f", 12, 1),
    ],
)
def test_votes(text: str, number: int, choice: int) -> None:
    assert read_message(text) == Reading("vote", number, choice)


@pytest.mark.parametrize("text", ["STOP", "stop.", "إلغاء", "الغاء", " Unsubscribe "])
def test_who_wants_no_more(text: str) -> None:
    assert read_message(text).kind == "opt_out"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "؟؟",
        "نعم",
        "3",
        "3 4 نعم",
        "نعم 3 لا",
        "3 نعم ولكن",
        "السلام عليكم",
        "متى الجلسة القادمة",
        "3 stop",
        "0590000176 نعم",
        "3 " + "نعم " * 200,
    ],
)
def test_anything_else_is_for_a_person(text: str) -> None:
    assert read_message(text).kind == "unclear"


def test_the_words_of_a_cell() -> None:
    assert [answer_of(word) for word in ("agree", "لا أوافق", "تخطّي", "maybe")] == [1, -1, 0, None]
