"""The file with a line for each person, written only where somebody asks for it."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hiwar.analysis.conversation import Conversation
    from hiwar.engine.opinion.results import Analysis

COLUMNS = (
    "participant", "group", "membership_probability", "x", "y", "x_corrected", "y_corrected",
    "votes", "in_map", "same_votes_as",
)  # fmt: skip
TRAIT_COLUMNS = (
    "x_trait", "y_trait", "x_trait_low", "y_trait_low", "x_trait_high", "y_trait_high",
)  # fmt: skip
_CHUNK = 4096


def people_csv(conversation: Conversation, analysis: Analysis) -> Iterator[bytes]:
    """Yield the file: where everybody stands, in which group, and who voted exactly alike.

    From these places and the counts of the document whole ballots can be worked out, so the file
    is as sensitive as the votes.
    """
    opinion_map, stability = analysis.opinion_map, analysis.stability
    n_people = conversation.votes.n_participants
    sure = np.full(n_people, np.nan) if stability is None else stability.membership
    alike: dict[int, int] = {}
    for number, cluster in enumerate(analysis.manipulation.identical_rows
                                     if analysis.manipulation else (), 1):  # fmt: skip
        alike.update(dict.fromkeys(cluster, number))
    points = analysis.ideal_points
    trait = np.empty((n_people, 0))
    if points is not None:
        trait = np.concatenate((points.place, points.low, points.high), axis=1)
    yield _lines([COLUMNS if points is None else (*COLUMNS, *TRAIT_COLUMNS)])
    for start in range(0, n_people, _CHUNK):
        part = slice(start, start + _CHUNK)
        columns = zip(
            conversation.participant_ids[part],
            opinion_map.group[part].tolist(),
            sure[part].tolist(),
            opinion_map.position[part].tolist(),
            analysis.corrected_position[part].tolist(),
            conversation.votes.votes_per_participant[part].tolist(),
            opinion_map.in_map[part].tolist(),
            trait[part].tolist(),
            strict=True,
        )
        yield _lines(
            [
                (
                    person, "" if group < 0 else group, _cell(probability), *map(_cell, place),
                    *map(_cell, corrected), votes, int(in_map), alike.get(row, ""),
                    *map(_cell, stands),
                )
                for row, (
                    person, group, probability, place, corrected, votes, in_map, stands,
                ) in enumerate(columns, start)
            ]
        )  # fmt: skip


def _cell(value: float) -> float | str:
    return value if math.isfinite(value) else ""


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
