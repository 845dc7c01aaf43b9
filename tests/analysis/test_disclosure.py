"""No ballot can be rebuilt from what is written to be shown."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from analysis.ballot_attack import (
    Ballot,
    determined,
    few_left,
    found_in,
    frame_of,
    remainder,
)
from analysis.vote_files import long_csv, run, two_camps, write
from hiwar.analysis.cells import coarse_cells
from hiwar.analysis.document import build, encode
from hiwar.analysis.engine import analyse
from hiwar.analysis.language import translator
from hiwar.analysis.progress import Progress
from hiwar.analysis.reading import read_conversation
from hiwar.analysis.report import drawing
from hiwar.engine.opinion.results import Parameters

if TYPE_CHECKING:
    from pathlib import Path

    from hiwar.analysis.conversation import Conversation
    from hiwar.engine.opinion.results import Analysis

N_STATEMENTS = 11


def _few_votes() -> list[tuple[int, int, int]]:
    """Fifty people, twelve of whom voted three to eight times."""
    rows = two_camps(50, N_STATEMENTS, seed=4)
    rng = np.random.default_rng(8)
    for person in range(50, 62):
        seen = rng.permutation(N_STATEMENTS)[: 3 + (person - 50) % 6]
        rows += [(person, int(j), int(rng.integers(-1, 2))) for j in sorted(seen)]
    return rows


def _read(
    folder: Path, rows: list[tuple[int, int, int]], **more: Any
) -> tuple[Conversation, Analysis]:
    conversation = read_conversation(write(folder, {"v.csv": long_csv(rows)}) / "v.csv")
    progress = Progress(_Nowhere(), translator("en"), quiet=True)  # type: ignore[arg-type]
    return conversation, analyse(
        conversation, Parameters(bootstrap=2, **more), quality=True, progress=progress
    )


class _Nowhere:
    def isatty(self) -> bool:
        return False


def _ballots(conversation: Conversation) -> dict[Ballot, int]:
    dense = conversation.votes.dense()
    return {
        frozenset((j, int(v)) for j, v in enumerate(row) if not np.isnan(v)): person
        for person, row in enumerate(dense)
    }


def test_exact_places_give_ballots_away(tmp_path: Path) -> None:
    """The attack works: with the places that `--people` writes it finds everybody it looks for."""
    conversation, analysis = _read(tmp_path, _few_votes())
    document: dict[str, Any] = json.loads(b"".join(encode(build(conversation, analysis))))
    for row, place in zip(
        document["statements"], analysis.opinion_map.statement_position.tolist(), strict=True
    ):
        row["x"], row["y"] = place
    people = [{"x": x, "y": y} for x, y in analysis.opinion_map.position[50:56].tolist()]
    known = _ballots(conversation)
    found = {known[ballot] for ballot in determined(document, people) if ballot in known}
    assert found == set(range(50, 56))


@pytest.mark.parametrize("form", ["json", "page", "table", "zip"])
def test_a_leak_is_found_in_whatever_form_it_leaves(form: str, tmp_path: Path) -> None:
    """One exact place under any name, in any kind of file, and the ballot behind it is found."""
    conversation, analysis = _read(tmp_path, _few_votes())
    document: dict[str, Any] = json.loads(b"".join(encode(build(conversation, analysis))))
    for row, place in zip(
        document["statements"], analysis.opinion_map.statement_position.tolist(), strict=True
    ):
        row["x"], row["y"] = place
    [(x, y)] = analysis.opinion_map.position[51:52].tolist()
    content = json.dumps({"seats": [{"about": {"east": x, "north": y}}]}).encode()
    if form == "page":
        path = drawing.marks("square", [frame_of(document).place((x, y))])
        content = f'<svg viewBox="0 0 760 400"><path d="{path}"/></svg>'.encode()
    elif form == "table":
        content = f"who,east,north\n1,{x!r},{y!r}\n".encode()
    elif form == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("places.json", content)
        content = packed.getvalue()
    known = _ballots(conversation)
    assert {known.get(ballot) for ballot in found_in(content, document)} >= {51}


def test_the_one_person_beside_all_others_is_found() -> None:
    whole = {"agree": 20, "pass": 3, "disagree": 9}
    alone = {"agree": 1, "pass": 0, "disagree": 0}
    assert few_left([(whole, [whole | {"agree": 19}])], 5) == [alone]


@pytest.mark.parametrize("mode", ["default", "compat"])
def test_nothing_written_to_be_shown_determines_a_ballot(mode: str, tmp_path: Path) -> None:
    conversation, analysis = _read(tmp_path, _few_votes(), mode=mode)
    document: dict[str, Any] = json.loads(b"".join(encode(build(conversation, analysis))))
    assert document["outcome"] == "groups"
    assert determined(document, document) & _ballots(conversation).keys() == set()


def test_numbers_that_follow_from_rows_are_coarse(tmp_path: Path) -> None:
    """A precise derived number is a copy of the data; what follows from counts may be precise."""
    conversation, analysis = _read(tmp_path, _few_votes())
    document: dict[str, Any] = json.loads(b"".join(encode(build(conversation, analysis))))
    of_counts = {
        "divisiveness", "group_informed_consensus", "group_informed_consensus_disagree",
        "representative_statements", "ranked_statements", "consensus", "parameters",
    }  # fmt: skip

    def fine(value: object, name: str) -> list[str]:
        if name in of_counts:
            return []
        if isinstance(value, dict):
            return [entry for key, part in value.items() for entry in fine(part, key)]
        if isinstance(value, list):
            return [entry for part in value for entry in fine(part, name)]
        is_fine = isinstance(value, float) and round(value, 3) != value
        return [f"{name}: {value}"] if is_fine else []

    assert fine(document, "") == []
    assert "participants" not in document


@pytest.mark.parametrize("few", [1, 4, 5])
def test_the_rest_after_the_groups_is_nobody_s_ballot(few: int, tmp_path: Path) -> None:
    """Everybody less the groups would be the ballots of those in no group, when they are few."""
    rows = two_camps(50, N_STATEMENTS, seed=4)
    for person in range(50, 50 + few):
        rows += [(person, j, 1) for j in range(3)]
    conversation, analysis = _read(tmp_path, rows)
    document: dict[str, Any] = json.loads(b"".join(encode(build(conversation, analysis))))
    placed = document["inputs"]["participants_in_map"]
    assert document["inputs"]["participants"] - placed == few
    if few < 5:
        assert remainder(document) == {}
        assert document["inputs"]["participants_untold"] == few
        assert document["inputs"]["votes"] == sum(
            row["counts"]["seen"] for row in document["statements"]
        )
    else:
        assert document["inputs"]["participants_untold"] == 0
        assert document["inputs"]["votes"] == conversation.votes.n_votes


def test_a_group_of_few_people_is_not_told(tmp_path: Path) -> None:
    """Compatible counting may make a group of one person, whose counts are a ballot."""
    conversation, analysis = _read(tmp_path, two_camps(40, N_STATEMENTS), mode="compat")
    group = np.zeros(40, np.int32)
    group[:2] = 1
    analysis = replace(
        analysis,
        opinion_map=replace(analysis.opinion_map, group=group),
        tally_by_group=conversation.votes.tally(group, 2),
    )
    document: dict[str, Any] = json.loads(b"".join(encode(build(conversation, analysis))))
    small = [group for group in document["groups"] if group["size"] < 5]
    assert small
    for group in small:
        assert group["centre"] == [None, None]
        assert group["representative_statements"] == group["ranked_statements"] == []
        for row in document["statements"]:
            assert str(group["id"]) not in row["counts_by_group"]
            assert row["divisiveness"] is None
    assert remainder(document) == {}


def test_a_conversation_of_few_people_has_no_counts(tmp_path: Path) -> None:
    conversation, analysis = _read(tmp_path, [(p, j, 1) for p in range(4) for j in range(5)])
    document: dict[str, Any] = json.loads(b"".join(encode(build(conversation, analysis))))
    assert document["inputs"]["agree"] == 0
    assert {row["counts"]["seen"] for row in document["statements"]} == {0}


def test_cells_hold_everybody_and_never_too_few() -> None:
    rng = np.random.default_rng(2)
    for n_people in (0, 3, 12, 200, 3_000):
        position = rng.normal(0, 1, (n_people, 2)) * (1, 0.3)
        group = np.sort(rng.integers(-1, 3, n_people)).astype(np.int32)
        found = coarse_cells(position, group, 3)
        for layer in found.layers:
            label = -1 if layer.group is None else layer.group
            people = int((group == label).sum())
            assert layer.people == people
            assert layer.count.sum() == (people if people >= 5 else 0)
            assert (layer.count >= 5).all()
        order = rng.permutation(n_people)
        again = coarse_cells(position[order], group[order], 3)
        for one, other in zip(found.layers, again.layers, strict=True):
            assert (one.centre == other.centre).all()
            assert (one.count == other.count).all()


def test_lines_for_people_are_written_only_where_asked_and_for_one_s_own_eyes(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"v.csv": long_csv(two_camps())})
    done = run("v.csv", "--out", "r", "--people", "p.csv", "--quick", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ballots can be worked out" in done.stdout
    header, *lines = (tmp_path / "p.csv").read_text().splitlines()
    assert header.startswith("participant,group,membership_probability,x,y")
    assert len(lines) == 40
    assert stat.S_IMODE((tmp_path / "p.csv").stat().st_mode) == 0o600
    inside = run("v.csv", "--out", "r", "--people", "r/p.csv", "--quick", cwd=tmp_path)
    assert inside.returncode == 2
    assert "may be published" in inside.stderr
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [
        "analysis.json", "index.ar.html", "index.en.html", "index.html",
    ]  # fmt: skip
