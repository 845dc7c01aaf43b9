"""Read the published conversations that tests are checked against, where they are present."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hiwar.engine.opinion import Moderation, Votes

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


@dataclass(frozen=True)
class Conversation:
    """Votes of a published conversation with the groups its publisher reported."""

    votes: Votes
    moderation: Moderation
    published: NDArray[np.int64]
    participant: list[str]
    statement: list[str]
    reference: dict[str, Any]
    events: tuple[NDArray[np.int64], NDArray[np.int64]] | None


def shared(path: str) -> Path:
    """Return a path under ../shared/data, or skip the test and say why."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"third-party data is not here: {found}")
    return found


def rows(folder: Path, name: str) -> list[list[str]]:
    """Return the rows of a CSV file, compressed or not, header first."""
    packed = folder / f"{name}.gz"
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as lines:
            return list(csv.reader(lines))
    with (folder / name).open(encoding="utf-8") as lines:
        return list(csv.reader(lines))


def conversation(name: str) -> Conversation:
    """Read one folder of the published exports."""
    folder = shared(f"polis/{name}")
    header, *lines = rows(folder, "participants-votes.csv")
    statement, participant = header[6:], [line[0] for line in lines]
    matrix = np.array([[float(v) if v else np.nan for v in line[6:]] for line in lines])
    reference = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    return Conversation(
        votes=Votes.from_dense(matrix),
        moderation=_moderation(folder, statement, reference),
        published=np.array([int(line[1]) if line[1] else -1 for line in lines]),
        participant=participant,
        statement=statement,
        reference=reference,
        events=_events(folder, participant, statement),
    )


def _moderation(folder: Path, statement: list[str], reference: dict[str, Any]) -> Moderation:
    header, *lines = rows(folder, "comments.csv")
    at_id, at_status = header.index("comment-id"), header.index("moderated")
    status = {line[at_id]: int(line[at_status]) for line in lines}
    output = reference.get("polis_production_math_output", {})
    meta = {str(number) for number in output.get("meta_statements", [])}
    return Moderation(
        np.array([status.get(number, 0) for number in statement], np.int8),
        np.array([number in meta for number in statement]),
    )


def _events(
    folder: Path, participant: list[str], statement: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    if not (folder / "votes.csv.gz").exists():
        return None
    row = {name: i for i, name in enumerate(participant)}
    column = {name: j for j, name in enumerate(statement)}
    lines = [line for line in rows(folder, "votes.csv")[1:] if line[3] in row and line[2] in column]
    lines.sort(key=lambda line: int(line[0]))
    return (
        np.array([row[line[3]] for line in lines]),
        np.array([column[line[2]] for line in lines]),
    )
