"""What is known about participants beside their votes: attributes and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.conversation import Weighting
from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import values
from hiwar.analysis.reading.roles import ROLES
from hiwar.analysis.reading.tables import Table, fold, named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier
    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.source import Source

_TARGETS = {
    "attribute": named("attribute", "الخاصية"),
    "category": named("category", "الفئة"),
    "share": named("share", "target", "النسبة"),
}
_TOLERANCE = 0.01


def read_attributes(
    source: Source, people: Sequence[Identifier], problems: Problems
) -> dict[str, list[str | None]]:
    """Read one line for each participant and one column for each attribute."""
    table = Table(source, problems)
    names = frozenset(fold(title) for title in table.header if fold(title))
    own = ROLES["participant"]
    at = table.columns({"participant": own}, frozenset({"participant"}), names - set(own))
    columns = {t: i for i, t in enumerate(table.header) if t and i != at.get("participant")}
    if len(columns) < sum(map(bool, table.header)) - 1:
        titles = table.header
        again = next(i for i, title in enumerate(titles) if title in titles[:i])
        problems.add("duplicate_column", table.name, table.line, again + 1, name=titles[again])
    if not columns:
        problems.add("no_attributes", table.name, table.line)
    problems.stop_if_any()
    attributes: dict[str, list[str | None]] = {name: [None] * len(people) for name in columns}
    for row, _, fields in _lines_of_people(table, at["participant"], people, problems):
        for name, i in columns.items():
            attributes[name][row] = fields[i].strip() or None
    return attributes


def is_targets(source: Source, problems: Problems) -> bool:
    """Tell a file of target shares from a file of one weight for each participant."""
    return any(fold(title) in _TARGETS["attribute"] for title in Table(source, problems).header)


def read_weights(
    source: Source, people: Sequence[Identifier], problems: Problems
) -> tuple[NDArray[np.float64], Weighting]:
    """Read one weight for each participant, scaled to a mean of 1."""
    from hiwar.engine.inclusion.weights import effective_sample_size

    table = Table(source, problems)
    roles = {"participant": ROLES["participant"], "weight": named("weight", "الوزن")}
    at = table.columns(roles, frozenset(roles))
    problems.stop_if_any()
    weight = np.full(len(people), np.nan)
    for row, line, fields in _lines_of_people(table, at["participant"], people, problems):
        value = values.number(fields[at["weight"]])
        if value is None or value <= 0:
            cell = fields[at["weight"]]
            problems.add("bad_weight", table.name, line, at["weight"] + 1, value=cell)
            value = 1.0
        weight[row] = value
    missing = np.flatnonzero(np.isnan(weight))
    if len(missing) and not problems:
        first = str(people[missing[0]])
        problems.add("weight_missing", table.name, count=len(missing), id=first)
    problems.stop_if_any()
    weight /= weight.mean()
    size = float(effective_sample_size(weight))
    return weight, Weighting("given", size, float(weight.min()), float(weight.max()))


def read_targets(
    source: Source, attributes: Mapping[str, Sequence[str | None]], problems: Problems
) -> tuple[NDArray[np.float64], Weighting]:
    """Read the share of each category in the population and make weights that meet them."""
    from hiwar.engine.inclusion.weights import rake

    if not attributes:
        raise refuse("target_without_attributes", source.name)
    table = Table(source, problems)
    at = table.columns(_TARGETS, frozenset(_TARGETS))
    problems.stop_if_any()
    targets: dict[str, dict[str, float]] = {}
    for line, fields in table.rows():
        name, category = fields[at["attribute"]].strip(), fields[at["category"]].strip()
        share = values.number(fields[at["share"]])
        if name not in attributes:
            problems.add("unknown_attribute", table.name, line, at["attribute"] + 1, name=name)
        elif category not in attributes[name]:
            problems.add(
                "category_without_people", table.name, line, at["category"] + 1,
                name=name, category=category,
            )  # fmt: skip
        elif share is None or share <= 0:
            cell = fields[at["share"]]
            problems.add("bad_share", table.name, line, at["share"] + 1, value=cell)
        else:
            targets.setdefault(name, {})[category] = share
    problems.stop_if_any()
    _check_targets(targets, attributes, source.name, problems)
    problems.stop_if_any()
    try:
        weights = rake({name: attributes[name] for name in targets}, targets)
    except ValueError as error:
        raise refuse("weights_failed", source.name, reason=str(error)) from None
    return weights.weight, Weighting(
        "raking",
        weights.effective_sample_size,
        weights.minimum,
        weights.maximum,
        weights.largest_gap,
        weights.is_converged,
    )


def _check_targets(
    targets: dict[str, dict[str, float]],
    attributes: Mapping[str, Sequence[str | None]],
    file: str,
    problems: Problems,
) -> None:
    for name, shares in targets.items():
        total = sum(shares.values())
        whole = 100.0 if total > 2 else 1.0
        if abs(total / whole - 1) > _TOLERANCE:
            problems.add("share_sum", file, name=name, value=f"{total:g}")
        for category in sorted({c for c in attributes[name] if c is not None} - shares.keys()):
            problems.add("category_without_target", file, name=name, category=category)
        for category in shares:
            shares[category] /= total


def _lines_of_people(
    table: Table, column: int, people: Sequence[Identifier], problems: Problems
) -> list[tuple[int, int, list[str]]]:
    """Return (row, line, fields) of everybody who has voted; others are left out."""
    row_of = {person: row for row, person in enumerate(people)}
    first: dict[Identifier, int] = {}
    kept: list[tuple[int, int, list[str]]] = []
    for line, fields in table.rows():
        person = values.key(fields[column], people)
        if not fields[column].strip():
            problems.add("empty_id", table.name, line, column + 1, name="participant")
        elif person in first:
            problems.add(
                "duplicate_participant", table.name, line, column + 1,
                id=str(person), first=first[person],
            )  # fmt: skip
        elif person in row_of:
            kept.append((row_of[person], line, fields))
        first.setdefault(person, line)
    if not kept and not problems:
        problems.add("no_match", table.name)
    problems.stop_if_any()
    return kept
