"""The page of results: one line for a statement, one basis for its numbers, one sheet of paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import Min
from django.utils import translation

from dialogues.test_publications import make_closed
from hiwar.dialogues.actions import publications
from hiwar.dialogues.exports import pages
from hiwar.dialogues.exports.scale import label_lines, labelled, scale_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Publication

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def published(director: User, now: datetime, *, in_two_ways: bool) -> Publication:
    """Return public results of 96 people, who came in by codes alone or in two ways."""
    dialogue = make_closed(now, people=96)
    in_order = dialogue.participants.annotate(first=Min("votes__sequence")).order_by("first")
    for at, person in enumerate(in_order):
        person.trust = at // 2 % 2 if in_two_ways else 1
    dialogue.participants.bulk_update(in_order, ["trust"])
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    publications.publish(actor=director, publication=made, now=now)
    return made


def lines(page: str, part: str) -> list[int]:
    """Return the statements that stand in a list of the page, in its order."""
    found = re.search(rf'data-part="{part}">(.*?)</ol>', page, re.DOTALL)
    return [int(number) for number in re.findall(r'data-row="(\d+)"', found[1])] if found else []


@pytest.mark.parametrize("in_two_ways", [False, True])
def test_the_numbers_of_the_first_sentence_are_those_of_its_section(
    client: Client, director: User, now: datetime, in_two_ways: bool
) -> None:
    made = published(director, now, in_two_ways=in_two_ways)
    page = client.get(f"/en/d/{made.dialogue.code}/results/").content.decode()
    sentence = re.search(r"On (\d+) of (\d+) statement", page.split("</h1>")[0])
    assert sentence is not None
    shared = lines(page, "shared")
    assert len(shared) == int(sentence[1]) > 0
    assert f"{sentence[1]} of {sentence[2]}" in page.split('id="shared"')[1].split("</p>")[0]
    assert (made.document["headline"]["kind"] == "both") is in_two_ways
    if in_two_ways:
        assert set(shared) == set(made.document["headline"]["codes"]["numbers"])
    every = [n for part in ("shared", "also", "divides", "others") for n in lines(page, part)]
    assert sorted(every) == [row["number"] for row in made.document["statements"]]


def test_an_older_version_says_whom_its_lists_count(
    client: Client, director: User, now: datetime
) -> None:
    made = published(director, now, in_two_ways=True)
    document = made.document
    del document["headline"]["codes"]["numbers"], document["map"]["key"]
    with translation.override("en"):
        page = pages.draw(document, "en")
    answer = document["answer"]
    assert f"{answer['shared']} of {answer['statements']}: a clear majority" in page
    assert len(lines(page, "shared")) == answer["shared"]


def counts(agree: int, seen: int) -> dict[str, int]:
    return {"agree": agree, "disagree": seen - agree, "pass": 0, "seen": seen}


def statement(*groups: tuple[int, int] | None) -> dict[str, Any]:
    return {
        "counts": counts(50, 100),
        "groups": [
            {"letter": letter, "counts": counts(*group) if group else None}
            for letter, group in zip("ABCDE", groups, strict=False)
        ],
    }


def test_a_line_runs_from_nothing_to_everybody_in_the_direction_of_reading() -> None:
    for is_rtl in (False, True):
        scale = scale_of(statement((0, 40), (60, 60)), is_rtl=is_rtl)
        assert scale is not None
        assert [mark.letter for mark in scale.marks] == (["B", "A"] if is_rtl else ["A", "B"])
        assert [(mark.x, mark.side) for mark in scale.marks] == [(12.0, -1), (88.0, 1)]
        assert not scale.is_told_beside
    three = scale_of(statement((10, 40), (38, 40), (39, 40)), is_rtl=False)
    assert three is not None
    assert three.is_told_beside
    assert [mark.y for mark in three.marks] == [0, -7, 7]
    hidden = scale_of(statement(None, None), is_rtl=False)
    assert hidden is not None
    assert [(m.letter, m.percent) for m in hidden.marks] == [("", 50)]
    assert scale_of({**statement(), "counts": None}, is_rtl=False) is None


def test_labels_of_a_map_keep_out_of_each_others_way() -> None:
    assert label_lines("a " * 60)[-1].endswith("…")
    assert label_lines("short") == ["short"]
    groups = [{"badge": (380.0, 300.0)}, {"badge": (400.0, 310.0)}, {"badge": (390.0, 305.0)}]
    placed = labelled(groups, 600.0)
    tops = [group["label"][1] for group in placed]
    assert [group["has_words"] for group in placed] == [True, True, False]
    assert abs(tops[0] - tops[1]) >= 74


def test_a_sheet_is_as_public_as_its_version(client: Client, director: User, now: datetime) -> None:
    dialogue = make_closed(now)
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    address = f"/en/d/{dialogue.code}/results/1/sheet/"
    assert client.get(address).status_code == 404
    publications.publish(actor=director, publication=made, now=now)
    sheet = client.get(address).content.decode()
    page = client.get(f"/en/d/{dialogue.code}/results/").content.decode()
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", sheet) == re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    assert lines(sheet, "shared") == lines(page, "shared")[:5]
    assert address in page
    publications.withdraw(actor=director, publication=made, reason="Wrong.", now=now)
    assert client.get(address).status_code == 410
