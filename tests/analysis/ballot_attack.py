"""An attacker who has what was published and looks for whole ballots (docs/engine/privacy.md)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Ballot = frozenset[tuple[int, int]]
EXACT = 1e-9
_PAIRS = 2_000_000


@dataclass(frozen=True)
class Place:
    """Where somebody is said to stand, and how far away that may be from the truth."""

    x: float
    y: float
    within: float


def places(output: object, within: float = EXACT) -> Iterator[Place]:
    """Yield every place that an output tells, wherever it stands, but those of statements."""
    if isinstance(output, dict):
        radius = output.get("radius", within)
        if {"x", "y"} <= output.keys() and "extremity" not in output and output["x"] is not None:
            yield Place(output["x"], output["y"], max(within, _rounding(output["x"], output["y"])))
        if isinstance(output.get("centre"), list) and None not in output["centre"]:
            yield Place(*output["centre"], _rounding(*output["centre"]))
        for value in output.values():
            yield from places(value, max(within, radius))
    elif isinstance(output, list):
        for value in output:
            yield from places(value, within)


def _rounding(*numbers: float) -> float:
    """Return half of the last digit that is written."""
    decimals = max(len(repr(float(n)).partition(".")[2]) for n in numbers)
    return max(0.5 * 10.0**-decimals, EXACT) if decimals < 9 else EXACT


def loadings(document: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return mean votes, loadings and how exactly the loadings are known."""
    rows = [row for row in document["statements"] if row["counts"]["seen"]]
    mean = np.array(
        [(r["counts"]["agree"] - r["counts"]["disagree"]) / r["counts"]["seen"] for r in rows]
    )
    at = np.array([[row["x"], row["y"]] for row in rows])
    room = np.sqrt(len(document["statements"])) * (1.0 - mean)
    room[room <= 0] = np.inf
    known = max(_rounding(*row) for row in at.tolist())
    return mean, at / room[:, None], known / float(room[np.isfinite(room)].min())


def ballots_at(document: dict[str, Any], place: Place, n_votes: int) -> list[Ballot]:
    """Return up to two ballots of a number of votes that would stand at a place.

    Meet in the middle: the first half of the votes, on earlier statements, and the second half, on
    later ones, must add up to the place.
    """
    mean, axes, inexact = loadings(document)
    n_statements = len(document["statements"])
    shrink = np.sqrt(n_votes / n_statements)
    target = np.array([place.x, place.y]) * shrink
    within = place.within * shrink + inexact * n_votes * 2 if inexact > EXACT else (
        place.within * shrink + 10 * EXACT
    )  # fmt: skip
    first = _halves(mean, axes, n_votes // 2)
    second = _halves(mean, axes, n_votes - n_votes // 2)
    order = np.argsort(second.sums[:, 0], kind="stable")
    xs = second.sums[order, 0]
    low = np.searchsorted(xs, target[0] - first.sums[:, 0] - within, "left")
    high = np.searchsorted(xs, target[0] - first.sums[:, 0] + within, "right")
    found: list[Ballot] = []
    tried = 0
    for left in np.flatnonzero(high > low):
        rights = order[low[left] : high[left]]
        tried += len(rights)
        fits = (np.abs(second.sums[rights, 1] + first.sums[left, 1] - target[1]) <= within) & (
            second.statements[rights, 0] > first.statements[left, -1]
        )
        for right in rights[fits][:2]:
            found.append(first.ballot(left) | second.ballot(right))
            if len(found) == 2:
                return found
        if tried > _PAIRS:
            break
    return found


@dataclass(frozen=True, eq=False)
class _Half:
    statements: NDArray[np.int64]
    votes: NDArray[np.int64]
    sums: NDArray[np.float64]

    def ballot(self, at: int) -> Ballot:
        return frozenset(zip(self.statements[at].tolist(), self.votes[at].tolist(), strict=True))


_known: dict[tuple[int, bytes], _Half] = {}


def _halves(mean: NDArray[np.float64], axes: NDArray[np.float64], size: int) -> _Half:
    key = (size, axes.tobytes())
    if key not in _known:
        chosen = np.array(list(itertools.combinations(range(len(mean)), size)), np.int64)
        answers = np.array(list(itertools.product((-1, 0, 1), repeat=size)), np.int64)
        statements = np.repeat(chosen, len(answers), axis=0)
        votes = np.tile(answers, (len(chosen), 1))
        left = votes - mean[statements]
        sums = np.stack([(left * axes[statements, k]).sum(axis=1) for k in (0, 1)], axis=1)
        _known[key] = _Half(statements, votes, sums)
    return _known[key]


def determined(document: dict[str, Any], output: object) -> set[Ballot]:
    """Return the ballots of 3 to 8 votes that are the only ones to fit a place of the output."""
    found: set[Ballot] = set()
    for place in places(output):
        for n_votes in range(3, 9):
            fitting = ballots_at(document, place, n_votes)
            if len(fitting) == 1:
                found.add(fitting[0])
    return found


def remainder(document: dict[str, Any]) -> dict[int, dict[str, int]]:
    """Return, by column, what is left of the counts of everybody without those of the groups."""
    left = {}
    for column, row in enumerate(document["statements"]):
        rest = {
            answer: row["counts"][answer]
            - sum(group[answer] for group in row["counts_by_group"].values())
            for answer in ("agree", "pass", "disagree")
        }
        if any(rest.values()):
            left[column] = rest
    return left
