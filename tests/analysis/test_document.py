"""The document holds what its page says, in JSON that any reader understands."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from analysis.vote_files import long_csv, statements_csv, two_camps, write
from hiwar.analysis.document import build, encode, number
from hiwar.analysis.engine import analyse
from hiwar.analysis.language import translator
from hiwar.analysis.progress import Progress
from hiwar.analysis.reading import Options, read_conversation
from hiwar.engine.opinion.results import Parameters

if TYPE_CHECKING:
    from hiwar.analysis.conversation import Conversation

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json-document.md"


class _Screen:
    """A terminal that remembers what it was told."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.text = ""
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Conversation:
    rows = [f"{p},{s},{v},{i}" for i, (p, s, v) in enumerate(two_camps(60))]
    who = "".join(f"{i},{'public' if i % 3 else 'private'}\n" for i in range(59))
    folder = write(
        tmp_path_factory.mktemp("in"),
        {
            "votes.csv": "participant,statement,vote,time\n" + "\n".join(rows),
            "statements.csv": statements_csv(),
            "who.csv": "participant,sector\n" + who,
            "w.csv": "participant,weight\n" + "".join(f"{i},{1 + i % 2}\n" for i in range(60)),
        },
    )
    options = Options(
        attributes=folder / "who.csv", weights=folder / "w.csv", title="Camps", meta=("11",)
    )
    return read_conversation(folder / "votes.csv", options)


@pytest.fixture(scope="module")
def document(conversation: Conversation) -> dict[str, Any]:
    screen = _Screen(is_terminal=False)
    progress = Progress(screen, translator("en"), quiet=False)  # type: ignore[arg-type]
    found = analyse(conversation, Parameters(bootstrap=4), quality=True, progress=progress)
    assert "Drawing people again …\n" in screen.text
    return build(conversation, found)


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys(inner)}
    return set()


def test_page_names_every_key(document: dict[str, Any]) -> None:
    named = set(re.findall(r"`([a-z0-9_.]+)`", PAGE.read_text(encoding="utf-8")))
    named |= {part for name in named for part in name.split(".")}
    parameters = set(document["engine"]["parameters"])
    languages = {lang for statement in document["statements"] for lang in statement["texts"]}
    found = {key for key in keys(document) if not key.isdigit()}
    assert found - parameters - languages - named == set()


def test_bytes_are_the_document(document: dict[str, Any]) -> None:
    data = b"".join(encode(document))
    assert b"NaN" not in data
    read = json.loads(data)
    assert list(read) == list(document)
    assert read["groups"] == document["groups"]


def test_numbers_of_the_document_add_up(document: dict[str, Any]) -> None:
    inputs = document["inputs"]
    assert inputs["votes"] == inputs["agree"] + inputs["disagree"] + inputs["pass"]
    assert inputs["votes"] == sum(row["counts"]["seen"] for row in document["statements"])
    assert inputs["statements_out"] == sum(s["out"] for s in document["statements"]) == 1
    sizes = [group["size"] for group in document["groups"]]
    assert sum(sizes) == inputs["participants_in_map"]
    for statement in document["statements"]:
        counts, by_group = statement["counts"], statement["counts_by_group"]
        assert counts["seen"] == counts["agree"] + counts["disagree"] + counts["pass"]
        assert counts["seen"] >= sum(group["seen"] for group in by_group.values())
    assert document["answer"]["shared"] == sum(s["shared"] for s in document["statements"])


def test_what_json_does_not_know_becomes_null() -> None:
    assert [number(value) for value in (math.nan, math.inf, -math.inf, 0.5)] == [
        None, None, None, 0.5,
    ]  # fmt: skip


def test_progress_is_one_line_on_a_terminal() -> None:
    screen = _Screen(is_terminal=True)
    progress = Progress(screen, translator("en"), quiet=False)  # type: ignore[arg-type]
    progress.show("Reading votes", 0.0)
    progress.show("Drawing people again", 0.5)
    progress.end()
    assert "\n" not in screen.text
    assert " 50% Drawing people again" in screen.text
    assert screen.text.endswith("\r\x1b[2K")


def test_quiet_progress_says_nothing() -> None:
    screen = _Screen(is_terminal=True)
    progress = Progress(screen, translator("en"), quiet=True)  # type: ignore[arg-type]
    progress.show("Reading votes", 0.0)
    progress.end()
    assert screen.text == ""


def test_votes_in_two_camps_need_no_texts(tmp_path: Path) -> None:
    folder = write(tmp_path, {"v.csv": long_csv(two_camps())})
    found = read_conversation(folder / "v.csv")
    screen = _Screen(is_terminal=False)
    progress = Progress(screen, translator("en"), quiet=True)  # type: ignore[arg-type]
    made = build(found, analyse(found, Parameters(), quality=False, progress=progress))
    statements: Any = made["statements"]
    assert {statement["text"] for statement in statements} == {None}
    assert made["notes"] == ["no_times", "no_texts"]
    quality: Any = made["quality"]
    assert quality["stability"] is None
