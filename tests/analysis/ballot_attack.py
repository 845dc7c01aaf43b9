"""An attacker who has what was published and looks for whole ballots (docs/engine/privacy.md)."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from hiwar.analysis.report import drawing, opinion_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

Ballot = frozenset[tuple[int, int]]
EXACT = 1e-9
_PAIRS = 2_000_000
# Nobody stands farther from the middle; drawings have larger numbers than that.
_FAR = 12.0
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_PAIR = rf"{_NUMBER}[ ,]+{_NUMBER}"


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


def drawn_places(page: str, document: dict[str, Any]) -> list[Place]:
    """Return every place that a drawing could tell, turned back into the units of the map.

    Marks, where shapes begin, and attributes that name a place; the frame of the drawing follows
    from the cells, which are published.
    """
    pairs = {
        (float(x) - dx, float(y) - dy)
        for dx, dy, rest in drawing._MARKS.values()
        for x, y in re.findall(rf"M{_NUMBER}[ ,]{_NUMBER}{re.escape(rest)}", page)
    }
    shapes = re.findall(r'\s(?:d|points|transform|viewBox)="([^"]*)"', page)
    pairs |= {
        (float(x), float(y))
        for text in shapes
        for x, y in re.findall(rf"(?:M|^|\(){_PAIR}", _without_marks(text))
    }
    for tag in re.findall(r"<[a-z][^>]*>", page):
        named = dict(re.findall(rf'\s(?:data-)?(cx|cy|x|y)="{_NUMBER}"', tag))
        for x, y in (("x", "y"), ("cx", "cy")):
            if x in named and y in named:
                pairs.add((float(named[x]), float(named[y])))
    places_told = [
        Place(x, y, _rounding(x, y)) for x, y in sorted(pairs) if max(abs(x), abs(y)) < _FAR
    ]
    for suffix in ("", "_corrected"):
        if f"cells{suffix}" in document["map"]:
            frame = frame_of(document, suffix)
            (x0, y0), (x1, y1) = frame.place((0.0, 0.0)), frame.place((1.0, 1.0))
            places_told += [
                Place((x - x0) / (x1 - x0), (y - y0) / (y1 - y0), 0.05 / frame.scale)
                for x, y in sorted(pairs)
            ]
    return places_told


def frame_of(document: dict[str, Any], suffix: str = "") -> opinion_map.Frame:
    """Return how a drawing places the units of the map, as anybody can reckon it."""
    cells = document["map"][f"cells{suffix}"]
    middles = [
        (cell["x"], cell["y"])
        for layer in cells["layers"]
        if layer["group"] is not None
        for cell in layer["cells"]
    ]
    return opinion_map.Frame(middles, cells["radius"])


def _without_marks(path: str) -> str:
    for _dx, _dy, rest in drawing._MARKS.values():
        path = re.sub(rf"M{_NUMBER}[ ,]{_NUMBER}{re.escape(rest)}", "", path)
    return path


def listed_places(content: str) -> list[Place]:
    """Return every pair of neighbouring numbers of a table of text that are not both whole."""
    rows = [re.findall(r"[^,;\t]+", line) for line in content.splitlines()]
    return [
        Place(float(x), float(y), _rounding(float(x), float(y)))
        for cells in rows
        for x, y in itertools.pairwise(cells)
        if re.fullmatch(_NUMBER, x) and re.fullmatch(_NUMBER, y) and "." in x + y
    ]


def told_places(content: bytes, document: dict[str, Any]) -> list[Place]:
    """Return every place that a file or an answer could tell: JSON, a page, a table, a zip."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [
                p for name in archive.namelist() for p in told_places(archive.read(name), document)
            ]
    text = content.decode("utf-8", "replace")
    if text.lstrip().startswith(("{", "[")):
        with contextlib.suppress(json.JSONDecodeError):
            told = json.loads(text)
            return [*places(told), *paired(told), *drawn_places(_strings(told), document)]
    if "<" in text[:200]:
        return drawn_places(text, document)
    return listed_places(text)


def paired(value: object) -> Iterator[Place]:
    """Yield neighbouring numbers of lists and objects, whatever they are called."""
    inner = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(inner, list):
        return
    if not (isinstance(value, dict) and "extremity" in value):
        for x, y in itertools.pairwise(inner):
            if (
                isinstance(x, float)
                and isinstance(y, float)
                and not (x.is_integer() and y.is_integer())
            ):
                yield Place(x, y, _rounding(x, y))
    for part in inner:
        yield from paired(part)


def _strings(value: object) -> str:
    """Return the texts of a JSON value as a page would hold them."""
    if isinstance(value, str):
        return f' d="{value}"' if value.startswith("M") else value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return " ".join(_strings(part) for part in inner)


def found_in(content: bytes, document: dict[str, Any]) -> set[Ballot]:
    """Return the ballots of 3 to 8 votes that alone fit a place of a file or an answer."""
    key = _key_of(document)
    return {
        ballot
        for place in set(told_places(content, document))
        for ballot in _alone_at(document, key, place)
    }


_every: dict[bytes, list[tuple[cKDTree, _Half]]] = {}
_tried: dict[tuple[bytes, Place], set[Ballot]] = {}


def _key_of(document: dict[str, Any]) -> bytes:
    return loadings(document)[1].tobytes()


def _alone_at(document: dict[str, Any], key: bytes, place: Place) -> set[Ballot]:
    """Return the ballots that alone fit a place; the same place is told by many pages."""
    if (key, place) not in _tried:
        look = _ballots_near if place.within > 100 * EXACT else ballots_at
        _tried[key, place] = {
            fitting[0]
            for n_votes in range(3, 9)
            if len(fitting := look(document, place, n_votes)) == 1
        }
    return _tried[key, place]


def _ballots_near(document: dict[str, Any], place: Place, n_votes: int) -> list[Ballot]:
    """Return up to two ballots that stand near a place; all are stood on the map once.

    A place that is known coarsely is tried so a thousand times faster than from two halves.
    """
    mean, axes, inexact = loadings(document)
    every = _every.setdefault(axes.tobytes(), [])
    for size in range(3 + len(every), 9):
        ballots = _halves(mean, axes, size)
        stretch = np.sqrt(len(document["statements"]) / size)
        tree = cKDTree(ballots.sums * stretch, compact_nodes=False, balanced_tree=False)
        every.append((tree, ballots))
    tree, ballots = every[n_votes - 3]
    within = place.within + inexact * 2 * np.sqrt(n_votes * len(mean))
    _, near = tree.query((place.x, place.y), k=2, p=np.inf, distance_upper_bound=within)
    return [ballots.ballot(at) for at in near.tolist() if at < len(ballots.sums)]


def few_left(
    rows: Iterable[tuple[dict[str, int] | None, Iterable[dict[str, int] | None]]], least: int
) -> list[dict[str, int]]:
    """Return what is left of the counts of everybody without the parts that are told, where few."""
    few = []
    for whole, parts in rows:
        if whole is None:
            continue
        told = [part for part in parts if part is not None]
        rest = {
            answer: whole[answer] - sum(part[answer] for part in told)
            for answer in ("agree", "pass", "disagree")
        }
        if told and 0 < sum(rest.values()) < least:
            few.append(rest)
    return few
