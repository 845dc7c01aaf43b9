"""The opinion map: where everybody stands, as a drawing and as the figures of its table."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.analysis.report import drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hiwar.analysis.report.drawing import Point
    from hiwar.analysis.report.groups import Group
    from hiwar.analysis.report.statements import Reader, Statement

WIDTH = 760.0
MARGIN = 44.0
MANY = 3_000  # above this a dot each would be a blot and a heavy page
CORE = 0.9  # share of a group inside its outline
_HEXAGON = 11.0
_PULL = 3  # statements named at each end


@dataclass(frozen=True)
class Layer:
    """One group, or those in none (group is None), as it is drawn and counted."""

    group: Group | None
    dots: str
    hexagons: tuple[tuple[str, float], ...]
    outline: str
    badge: Point | None
    count: int


@dataclass(frozen=True)
class Drawing:
    """The map for one kind of position."""

    layers: tuple[Layer, ...]
    height: float
    origin: Point
    at_edge: int
    radius: float


@dataclass(frozen=True)
class Row:
    """A group's line in the table of the map."""

    group: Group
    from_middle: float
    spread: float
    distances: tuple[float | None, ...]


class Frame:
    """Maps map units to the drawing, one scale for both directions."""

    def __init__(self, points: Sequence[Point]) -> None:
        xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        inner = WIDTH - 2 * MARGIN
        self.scale = min(inner / (wide or 1.0), 560.0 / (high or 1.0))
        self.height = min(max(high * self.scale, 220.0), 560.0) + 2 * MARGIN
        self.middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)

    def place(self, point: Point) -> Point:
        """Return where a point is drawn; the second direction runs upwards."""
        return (
            WIDTH / 2 + (point[0] - self.middle[0]) * self.scale,
            self.height / 2 - (point[1] - self.middle[1]) * self.scale,
        )

    def inside(self, point: Point) -> tuple[Point, bool]:
        """Return the point moved into the frame, and whether it had to be moved."""
        x = min(max(point[0], 8.0), WIDTH - 8.0)
        y = min(max(point[1], 8.0), self.height - 8.0)
        return (x, y), (x, y) != point


def _positions(
    participants: Iterable[Mapping[str, Any]], suffix: str
) -> dict[int | None, list[Point]]:
    """Return positions by group; those in no group under None."""
    found: dict[int | None, list[Point]] = defaultdict(list)
    for person in participants:
        x, y = person.get(f"x{suffix}"), person.get(f"y{suffix}")
        if x is not None and y is not None:
            found[person["group"]].append((float(x), float(y)))
    return found


def draw(document: Mapping[str, Any], groups: Sequence[Group], suffix: str = "") -> Drawing:
    """Draw the map; `suffix` chooses between x and x_corrected."""
    by_group = _positions(document["participants"], suffix)
    grouped = [point for key, points in by_group.items() if key is not None for point in points]
    frame = Frame(grouped or by_group[None])
    many = sum(len(points) for points in by_group.values()) > MANY
    at_edge = 0
    layers = []
    for group in [None, *groups]:
        placed = []
        for point in by_group[None if group is None else int(group.key)]:
            moved, clipped = frame.inside(frame.place(point))
            at_edge += clipped
            placed.append(moved)
        layers.append(_layer(group, placed, many=many))
    if many:
        layers = _fit_hexagons(layers)
    return Drawing(tuple(layers), frame.height, frame.place((0.0, 0.0)), at_edge, _HEXAGON)


def _layer(group: Group | None, placed: list[Point], *, many: bool) -> Layer:
    soft, badge = "", None
    if group is not None and placed:
        badge = _mean(placed)
        soft = drawing.outline(drawing.nearest(placed, badge, CORE), 9.0)
    shape = "hollow" if group is None else group.shape
    dots = "" if many else drawing.marks(shape, placed)
    cells = Counter(drawing.hexagon_of(point, _HEXAGON) for point in placed) if many else Counter()
    hexagons = tuple(
        (f"{cell[0]},{cell[1]}", float(count)) for cell, count in sorted(cells.items())
    )
    return Layer(group, dots, hexagons, soft, badge, len(placed))


def _fit_hexagons(layers: list[Layer]) -> list[Layer]:
    """Give each cell to its largest group, with the area of the hexagon as its people.

    Those in no group own a cell only where no group stands, or they would hide the groups.
    """
    totals: Counter[str] = Counter()
    owner: dict[str, tuple[bool, float, int]] = {}
    for index, layer in enumerate(layers):
        for cell, count in layer.hexagons:
            totals[cell] += int(count)
            claim = (layer.group is not None, count, index)
            owner[cell] = max(owner.get(cell, claim), claim)
    sizes = sorted(totals.values())
    most = sizes[int(len(sizes) * 0.97)] if sizes else 1
    fitted = []
    for index, layer in enumerate(layers):
        path = []
        for cell, _ in layer.hexagons:
            if owner[cell][2] == index:
                column, row = (int(part) for part in cell.split(","))
                centre = drawing.hexagon_centre((column, row), _HEXAGON)
                radius = max(2.2, _HEXAGON * min(1.0, math.sqrt(totals[cell] / most)))
                path.append(drawing.hexagon(centre, radius))
        fitted.append(
            Layer(
                layer.group, "".join(path), layer.hexagons, layer.outline, layer.badge, layer.count
            )
        )
    return fitted


def _mean(points: Sequence[Point]) -> Point:
    return (
        sum(x for x, _ in points) / len(points),
        sum(y for _, y in points) / len(points),
    )


def rows(document: Mapping[str, Any], groups: Sequence[Group]) -> list[Row]:
    """Return the table of the map: distances between centres and within groups, in map units."""
    by_group = _positions(document["participants"], "")
    found = []
    for group in groups:
        members = by_group[int(group.key)]
        inner = sorted(math.dist(point, group.centre) for point in members)
        found.append(
            Row(
                group=group,
                from_middle=math.hypot(*group.centre),
                spread=inner[len(inner) // 2] if inner else 0.0,
                distances=tuple(
                    None if other is group else math.dist(group.centre, other.centre)
                    for other in groups
                ),
            )
        )
    return found


def ends(reader: Reader) -> dict[str, list[Statement]]:
    """Return the statements that pull most towards each side of the map.

    A statement stands where somebody would stand who agreed with it and said nothing else;
    divided by the room its mean vote leaves, this is its direction and its pull.
    """
    pulls: list[tuple[float, float, Statement]] = []
    enough = sorted(s.everybody.seen for s in reader.live)
    least = enough[len(enough) // 4] if enough else 0
    for statement in reader.live:
        bar, raw = statement.everybody, statement.raw
        room = 1 - (bar.agree - bar.disagree)
        if raw["x"] is None or raw["y"] is None or room <= 0 or bar.seen < max(least, 1):
            continue
        pulls.append((raw["x"] / room, raw["y"] / room, statement))

    def most(axis: int, sign: int) -> list[Statement]:
        ordered = sorted(pulls, key=lambda pull: -sign * float(pull[axis]))  # type: ignore[arg-type]
        return [pull[2] for pull in ordered[:_PULL] if sign * float(pull[axis]) > 0]  # type: ignore[arg-type]

    return {"east": most(0, 1), "west": most(0, -1), "north": most(1, 1), "south": most(1, -1)}
