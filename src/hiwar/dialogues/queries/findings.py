"""What a dialogue found, as its results page and its data say it: small numbers already hidden."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from hiwar.analysis.language import translator
from hiwar.analysis.report import drawing, opinion_map
from hiwar.analysis.report.groups import read_groups
from hiwar.common.dates import local_day
from hiwar.dialogues.models import Dialogue, Statement
from hiwar.dialogues.queries.attributes import answers
from hiwar.dialogues.queries.coverage import missing, public_coverage
from hiwar.dialogues.queries.entry_tiers import headline, tiers_of
from hiwar.dialogues.queries.groups import answers_by_group, plain_counts
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.recommendations import answered_recommendations
from hiwar.dialogues.queries.rooms import by_room, seating_of
from hiwar.engine.inclusion.crosstab import answers_to_statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hiwar.dialogues.queries.coverage import Coverage
    from hiwar.dialogues.queries.matrix import VoteMatrix
    from hiwar.dialogues.queries.rooms import Seating

CROSSED = ("sex", "age_band", "disability", "locality_kind")
# Told by the headline, which has the codes together: two tables that count them otherwise could be
# played off against each other.
TOLD_ELSEWHERE = ("trust", "last_channel")
OF_NOTE = 6
CHOICES = ("disagree", "pass", "agree")
Json = dict[str, Any]


def findings(dialogue: Dialogue, document: Mapping[str, Any], tier: str) -> Json:
    """Return everything that a version of the results says, in every language there is.

    Parameters
    ----------
    dialogue : Dialogue
        Closed; its threshold hides small numbers.
    document : mapping
        The JSON document of its final map.
    tier : str
        Only tier C draws a mark for every person: where rows of votes stay closed, so do places.
    """
    matrix = vote_matrix(dialogue)
    seating = seating_of(dialogue, matrix)
    statements = _statements(document, dialogue.threshold)
    return {
        "code": dialogue.code,
        "title": dict(dialogue.title),
        "question": dict(dialogue.question),
        "tier": tier,
        "threshold": dialogue.threshold,
        "opened": _day(dialogue.opened_at),
        "closed": _day(dialogue.closed_at),
        "outcome": document["outcome"],
        "gap": document.get("gap"),
        "answer": document["answer"],
        "headline": _headline(dialogue, document, matrix, seating),
        "inputs": {
            key: document["inputs"][key]
            for key in ("participants", "votes", "statements", "participants_in_map")
        },
        "groups": [{"id": group["id"], "size": group["size"]} for group in document["groups"]],
        "statements": statements,
        "voices": [_voice(group) for group in document["groups"]],
        "map": _map(document, dialogue.threshold, with_marks=tier == "C"),
        "people": _people(public_coverage(dialogue)),
        "missing": [
            {"place": dict(gap.place), "label": dict(gap.label) if gap.label else None}
            for gap in missing(dialogue)
            if gap.is_nobody
        ],
        "tables": _tables(dialogue, matrix, statements, seating),
        "rooms": by_room(dialogue, document, matrix, seating),
        "recommendations": _recommendations(dialogue),
        "removed": _removed(dialogue),
        "quality": {
            "stability": document["quality"]["stability"],
            "privacy": document["quality"]["privacy"],
        },
        "engine": {
            "version": document["engine"]["version"],
            "min_votes": document["engine"]["parameters"]["min_votes"],
            "min_group_size": document["engine"]["parameters"]["min_group_size"],
        },
        "next": _next(dialogue),
    }


def _headline(
    dialogue: Dialogue, document: Mapping[str, Any], matrix: VoteMatrix, seating: Seating | None
) -> Json:
    """Return the answer by ways in; by statement only where rooms do not give people away."""
    answer = headline(matrix, document, dialogue.threshold)
    if "statements" in answer and seating and seating.exposes(tiers_of(matrix).of_person):
        codes = {name: value for name, value in answer["codes"].items() if name != "numbers"}
        return answer | {"codes": codes, "statements": {}}
    return answer


def _day(instant: Any) -> str | None:
    return None if instant is None else local_day(instant).isoformat()


def _statements(document: Mapping[str, Any], threshold: int) -> list[Json]:
    keys = [str(group["id"]) for group in document["groups"]]
    lines = []
    for row in document["statements"]:
        counts = row["counts"] if row["counts"]["seen"] >= threshold else None
        groups = answers_by_group(row, keys, threshold) if counts else [None] * len(keys)
        # The difference of two shares gives the hidden one away.
        is_told = all(group is not None for group in groups)
        lines.append(
            {
                "number": row["id"],
                "texts": row["texts"],
                "counts": counts and plain_counts(counts),
                "groups": groups,
                "shared": bool(row["shared"] and counts),
                "dividing": bool(row["dividing"] and counts),
                "bridging": row["bridging"] if counts else None,
                "divisiveness": row["divisiveness"] if is_told else None,
            }
        )
    return lines


def _voice(group: Mapping[str, Any]) -> list[Json]:
    return [
        {"number": statement["statement"], "direction": statement["direction"]}
        for statement in group["representative_statements"]
        if statement["significant"]
    ]


def _map(document: Mapping[str, Any], threshold: int, *, with_marks: bool) -> Json | None:
    """Return the shapes of the map: outlines and letters, and marks or counts in a honeycomb."""
    groups = read_groups(translator("en"), "en", document)
    if not groups:
        return None
    drawn = opinion_map.draw(document, groups)
    layers = [layer for layer in drawn.layers if layer.group is not None]
    loose = [layer for layer in drawn.layers if layer.group is None]
    cells, key = ("", []) if with_marks else _honeycomb(layers, drawn.radius, threshold)
    return {
        "height": round(drawn.height, 1),
        "origin": [round(value, 1) for value in drawn.origin],
        "groups": [
            {
                "outline": layer.outline,
                "marks": layer.dots if with_marks else "",
                "badge": [round(value, 1) for value in layer.badge or (0.0, 0.0)],
            }
            for layer in layers
        ],
        "marks": "".join(layer.dots for layer in loose) if with_marks else "",
        "cells": cells,
        "key": key,
        "table": [
            {
                "distance": round(row.from_middle or 0.0, 1),
                "spread": round(row.spread or 0.0, 1),
            }
            for row in opinion_map.rows(document, groups)
        ],
    }


def _honeycomb(
    layers: Sequence[opinion_map.Layer], radius: float, threshold: int
) -> tuple[str, list[Json]]:
    """Return hexagons as large as their people are many, none of too few people, and their key.

    The key draws a hexagon of the threshold's people, of twice and of four times as many, as far
    as the map has such.
    """
    cells: Counter[drawing.Point] = Counter()
    for layer in layers:
        for cell, people in layer.cells:
            cells[cell] += people
    most = max(cells.values(), default=1)

    def size(people: int) -> float:
        return float(radius * 0.92 * min(1.0, (people / most) ** 0.5))

    drawn = "".join(
        drawing.hexagon(cell, size(count))
        for cell, count in sorted(cells.items())
        if count >= threshold
    )
    steps = [threshold * step for step in (1, 2, 4) if threshold * step <= most]
    key = [
        {"people": people, "path": drawing.hexagon((0.0, 0.0), size(people))} for people in steps
    ]
    return drawn, key


def _people(covered: Coverage) -> Json:
    return {
        "everybody": covered.people,
        "places": [covered.places_reached, covered.places],
        "spreads": [
            {
                "attribute": name,
                "stated": spread.stated,
                "categories": [
                    {"name": dict(category.name), "code": category.code, "people": category.people}
                    for category in spread.categories
                ],
            }
            for name, spread in covered.spreads.items()
            if name not in TOLD_ELSEWHERE and spread.categories
        ],
        "targets": [
            {
                "label": dict(reached.label),
                "reached": reached.reached,
                "of_all": reached.of_all,
                "of_stated": reached.of_stated,
                "wanted_share": reached.wanted_share,
                "wanted_count": reached.wanted_count,
                "is_met": reached.is_met,
            }
            for reached in covered.targets
        ],
    }


def _tables(
    dialogue: Dialogue, matrix: VoteMatrix, statements: Sequence[Json], seating: Seating | None
) -> list[Json]:
    """Return the answers of each category to the statements of note, made safe one by one.

    A table that could be played off against the rooms is left out.
    """
    shared = sorted((s for s in statements if s["shared"]), key=lambda s: -(s["bridging"] or 0))
    apart = sorted(
        (s for s in statements if s["dividing"]), key=lambda s: -(s["divisiveness"] or 0)
    )
    chosen = [*shared[:OF_NOTE], *apart[:OF_NOTE]]
    column_of = {number: column for column, number in enumerate(matrix.numbers.tolist())}
    return [
        table
        for name in CROSSED
        if not (seating and seating.exposes(_numbered(matrix.attributes[name])))
        and (table := _table(dialogue, matrix, name, [column_of[s["number"]] for s in chosen]))
    ]


def _numbered(values: Sequence[str | None]) -> NDArray[np.int64]:
    """Return a number for each answer; who did not answer is a category too."""
    _codes, number = np.unique([value or "" for value in values], return_inverse=True)
    return number.astype(np.int64)


def _table(
    dialogue: Dialogue, matrix: VoteMatrix, name: str, columns: Sequence[int]
) -> Json | None:
    values = matrix.attributes[name]
    values_given = {value for value in values if value is not None}
    known: Mapping[str, Mapping[str, str]] = answers(name)
    codes = [code for code in known if code in values_given] + sorted(values_given - set(known))
    if not codes or not columns:
        return None
    place = {code: at for at, code in enumerate(codes)}
    label = np.array([-1 if value is None else place[value] for value in values], np.int64)
    rows: list[list[Json | None]] = [[] for _ in codes]
    for column in columns:
        cast = matrix.votes.statement == column
        table = answers_to_statement(
            label[matrix.votes.participant[cast]],
            matrix.votes.vote[cast],
            len(codes),
            dialogue.threshold,
        )
        for at, row in enumerate(rows):
            row.append(_answers(table.shown[at], int(table.large_majority[at])))
    return {
        "attribute": name,
        "columns": [int(matrix.numbers[column]) for column in columns],
        "rows": [
            {"name": dict(known[code]) if code in known else {"und": code}, "cells": row}
            for code, row in zip(codes, rows, strict=True)
        ],
    }


def _answers(cell: NDArray[np.float64], majority: int) -> Json | None:
    """Return what may be said of a category's answers; None where nothing may."""
    if majority >= 0:
        return {"majority": CHOICES[majority]}
    if np.isnan(cell).any():
        return None
    disagree, passed, agree, seen = (int(value) for value in cell.tolist())
    return {"agree": agree, "disagree": disagree, "pass": passed, "seen": seen}


def _recommendations(dialogue: Dialogue) -> list[Json]:
    return [
        {
            "code": answered.code,
            "texts": dict(answered.text),
            "counts": {
                "support": answered.support,
                "abstain": answered.abstain,
                "object": answered.object,
            }
            if answered.people >= dialogue.threshold
            else None,
        }
        for answered in answered_recommendations(dialogue)
    ]


def _removed(dialogue: Dialogue) -> int:
    return Statement.objects.filter(dialogue=dialogue, state=Statement.State.REJECTED).count()


def _next(dialogue: Dialogue) -> Json | None:
    last = dialogue.rounds.exclude(decision_on=None).order_by("-number").first()
    if last is None:
        return None
    return {
        "who": dict(last.who_decides),
        "on": last.decision_on.isoformat() if last.decision_on else None,
        "what": dict(last.on_the_table),
    }
