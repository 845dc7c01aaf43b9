"""Whatever leaves the house is attacked: from no output can anybody's ballot be worked out."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.core.cache import cache

from analysis.ballot_attack import Ballot, few_left, found_in, remainder
from analysis.vote_files import run
from dialogues.test_publications import make_closed
from factories.dialogues import ParticipantFactory
from hiwar.dialogues.actions import maps, publications
from hiwar.dialogues.models import MapRequest, Vote
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.results import document_of, mark_of_votes

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("ballots")]
LEAST = 5


def _few_votes(dialogue: Dialogue) -> None:
    """Let twelve people come who voted three to eight times."""
    columns = list(dialogue.statements.order_by("number"))
    rng = np.random.default_rng(8)
    for row in range(12):
        person = ParticipantFactory.create(dialogue=dialogue, trust=row % 2)
        seen = sorted(rng.permutation(len(columns))[: 3 + row % 6].tolist())
        Vote.objects.bulk_create(
            Vote(participant=person, statement=columns[at], choice=int(rng.integers(-1, 2)),
                 sequence=10_000 + row * 100 + at)
            for at in seen
        )  # fmt: skip


def _ballots(dialogue: Dialogue) -> set[Ballot]:
    dense = vote_matrix(dialogue).votes.dense()
    return {
        frozenset((j, int(v)) for j, v in enumerate(row.tolist()) if not np.isnan(v))
        for row in dense
    }


def _outputs(client: Client, dialogue: Dialogue, folder: Path) -> dict[str, bytes]:
    """Return everything that leaves: the report and its document, pages, data, the wall."""
    lines = ["participant,statement,vote"]
    matrix = vote_matrix(dialogue).votes
    people = np.repeat(np.arange(matrix.n_participants), matrix.votes_per_participant)
    lines += [
        f"{p},{s + 1},{v}"
        for p, s, v in zip(
            people.tolist(), matrix.statement.tolist(), matrix.vote.tolist(), strict=True
        )
    ]
    (folder / "v.csv").write_text("\n".join(lines) + "\n")
    done = run("v.csv", "--out", "r", "--trait", "--bootstrap", "2", cwd=folder)
    assert done.returncode == 0, done.stderr
    outputs = {path.name: path.read_bytes() for path in sorted((folder / "r").iterdir())}
    outputs["summary"] = done.stdout.encode()
    cache.clear()
    public = ["", "results/", "results/1/statements/", "data/1/results.json", "data/1/counts.csv",
              "data/1/votes.zip", "wall/", "wall/now?statement=1"]  # fmt: skip
    for language in ("en", "ar"):
        for rest in public:
            page = client.get(f"/{language}/d/{dialogue.code}/{rest}")
            assert page.status_code == 200, rest
            outputs[f"{language} {rest}"] = page.content
    return outputs


@pytest.mark.costly("every output is drawn, and a million ballots are stood on the map")
def test_no_output_determines_a_ballot(
    client: Client, director: User, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    dialogue = make_closed(now)
    _few_votes(dialogue)
    now += timedelta(minutes=1)
    kept = document_of(maps.refresh_opinion_map(dialogue=dialogue, now=now))
    MapRequest.objects.update(mark=mark_of_votes(dialogue))
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    publications.publish(actor=director, publication=made, now=now)
    ballots = _ballots(dialogue)
    outputs = _outputs(client, dialogue, tmp_path)
    outputs["the map that is kept"] = json.dumps(kept).encode()
    document = json.loads(outputs["analysis.json"])
    told = {name: found_in(content, document) & ballots for name, content in outputs.items()}
    assert {name: len(found) for name, found in told.items() if found} == {}
    assert _few(document, outputs) == {}
    layers = kept["map"]["cells"]["layers"]
    assert min(cell["people"] for layer in layers for cell in layer["cells"]) >= LEAST


def _few(document: dict[str, Any], outputs: dict[str, bytes]) -> dict[str, list[dict[str, int]]]:
    """Return what is left of counts that would be the votes of fewer than five people.

    A report counts a statement however few voted on it, so there it is people who must be many; a
    dialogue hides such counts.
    """
    published = json.loads(outputs["en data/1/results.json"])
    ways = published["headline"].get("statements", {})
    few = {
        "groups": few_left(
            ((row["counts"], row["groups"]) for row in published["statements"]), LEAST
        ),
        "ways in": few_left(
            ((row["counts"], ways.get(str(row["number"]), ())) for row in published["statements"]),
            LEAST,
        ),
        "counts.csv": few_left(map(_counts, _lines(outputs["en data/1/counts.csv"])), LEAST),
    }
    inputs = document["inputs"]
    loose = inputs["participants"] - sum(group["size"] for group in document["groups"])
    if loose < LEAST:
        few["report"] = list(remainder(document).values())
    return {name: rows for name, rows in few.items() if rows}


def _lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _counts(line: dict[str, str]) -> tuple[dict[str, int] | None, list[dict[str, int] | None]]:
    """Return the counts of everybody and of each group as a line of the table tells them."""
    ends = ["", *(name[4:] for name in line if name.startswith("seen_group_"))]
    whole, *parts = (
        {name: int(line[name + end]) for name in ("agree", "pass", "disagree")}
        if line[f"agree{end}"]
        else None
        for end in ends
    )
    return whole, parts
