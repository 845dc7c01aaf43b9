"""The opinion map: where everybody stands, as a drawing and as the figures of its table."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.analysis.report import drawing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.analysis.report.drawing import Point
    from hiwar.analysis.report.groups import Group
    from hiwar.analysis.report.statements import Reader, Statement

WIDTH = 760.0
MARGIN = 44.0
MANY = 3_000  # above this a dot each would be a blot and a heavy page
CORE = 0.9  # share of a group inside its outline
_LARGEST = 60.0  # of a cell's radius, where few people make one large cell
_PULL = 3  # statements named at each end


@dataclass(frozen=True)
class Layer:
    """One group, or those in none (group is None), as it is drawn and counted.

    `cells` holds the middle of each cell in the drawing with its people; `dots` is the path that is
    drawn: a mark for each person, or hexagons where there are many.
    """

    group: Group | None
    dots: str
    cells: tuple[tuple[Point, int], ...]
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
    from_middle: float | None
    spread: float | None
    distances: tuple[float | None, ...]


class Frame:
    """Maps map units to the drawing, one scale for both directions."""

    def __init__(self, points: Sequence[Point], reach: float = 0.0) -> None:
        xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
        wide, high = max(xs) - min(xs) + 2 * reach, max(ys) - min(ys) + 2 * reach
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


@dataclass(frozen=True)
class Cell:
    """A cell of the map: its middle in map units, and the people in it."""

    middle: Point
    people: int


def _cells(document: Mapping[str, Any], suffix: str) -> dict[int | None, list[Cell]]:
    """Return the cells by group; those of people in no group under None."""
    cells: dict[int | None, list[Cell]] = defaultdict(list)
    for layer in document["map"][f"cells{suffix}"]["layers"]:
        for cell in layer["cells"]:
            cells[layer["group"]].append(Cell((float(cell["x"]), float(cell["y"])), cell["people"]))
    return cells


def draw(document: Mapping[str, Any], groups: Sequence[Group], suffix: str = "") -> Drawing:
    """Draw the map; `suffix` chooses between `cells` and `cells_corrected`.

    The document says how many people stand in a cell and not where in it: a mark is one person and
    its place in the cell is that of a pattern.
    """
    by_group = _cells(document, suffix)
    reach = float(document["map"][f"cells{suffix}"]["radius"])
    grouped = [cell.middle for key, cells in by_group.items() if key is not None for cell in cells]
    frame = Frame(grouped or [cell.middle for cell in by_group[None]], reach)
    people: Counter[Point] = Counter()
    for cells in by_group.values():
        for cell in cells:
            people[cell.middle] += cell.people
    many = sum(people.values()) > MANY
    radius = min(reach * frame.scale, _LARGEST)
    at_edge = 0
    layers = []
    for group in [None, *groups]:
        placed: list[tuple[Cell, Point]] = []
        for cell in by_group[None if group is None else int(group.key)]:
            moved, clipped = frame.inside(frame.place(cell.middle))
            at_edge += cell.people if clipped else 0
            placed.append((cell, moved))
        layers.append(_layer(group, placed, people, radius, many=many))
    if many:
        layers = _fit_hexagons(layers, radius)
    return Drawing(tuple(layers), frame.height, frame.place((0.0, 0.0)), at_edge, radius)


def _layer(
    group: Group | None,
    placed: list[tuple[Cell, Point]],
    people: Mapping[Point, int],
    radius: float,
    *,
    many: bool,
) -> Layer:
    soft, badge = "", None
    count = sum(cell.people for cell, _ in placed)
    if group is not None and placed:
        badge = _mean(placed)
        soft = drawing.outline(_core(placed, badge, radius), 4.0)
    shape = "hollow" if group is None else group.shape
    points = [
        point
        for cell, middle in placed
        for point in drawing.scattered(
            middle, radius * 0.85, cell.people, people[cell.middle],
            0.0 if group is None else (group.index + 1) / 7,
        )
    ] if not many else []  # fmt: skip
    cells = tuple((middle, cell.people) for cell, middle in placed)
    return Layer(group, drawing.marks(shape, points), cells, soft, badge, count)


def _core(placed: Sequence[tuple[Cell, Point]], middle: Point, radius: float) -> list[Point]:
    """Return the corners of the cells nearest the middle that hold most of a group."""
    ordered = sorted(placed, key=lambda entry: math.dist(entry[1], middle))
    wanted = CORE * sum(cell.people for cell, _ in placed)
    corners: list[Point] = []
    held = 0
    for cell, centre in ordered:
        if held >= wanted:
            break
        held += cell.people
        corners += drawing.corners(centre, radius)
    return corners


def _fit_hexagons(layers: list[Layer], radius: float) -> list[Layer]:
    """Give each cell to its largest group, with the area of the hexagon as its people.

    Those in no group own a cell only where no group stands, or they would hide the groups.
    """
    totals: Counter[Point] = Counter()
    owner: dict[Point, tuple[bool, int, int]] = {}
    for index, layer in enumerate(layers):
        for cell, count in layer.cells:
            totals[cell] += count
            claim = (layer.group is not None, count, index)
            owner[cell] = max(owner.get(cell, claim), claim)
    sizes = sorted(totals.values())
    most = sizes[int(len(sizes) * 0.97)] if sizes else 1
    fitted = []
    for index, layer in enumerate(layers):
        path = [
            drawing.hexagon(cell, max(2.2, radius * min(1.0, math.sqrt(totals[cell] / most))))
            for cell, _ in layer.cells
            if owner[cell][2] == index
        ]
        fitted.append(
            Layer(layer.group, "".join(path), layer.cells, layer.outline, layer.badge, layer.count)
        )
    return fitted


def _mean(placed: Sequence[tuple[Cell, Point]]) -> Point:
    total = sum(cell.people for cell, _ in placed)
    return (
        sum(cell.people * x for cell, (x, _) in placed) / total,
        sum(cell.people * y for cell, (_, y) in placed) / total,
    )


def rows(document: Mapping[str, Any], groups: Sequence[Group]) -> list[Row]:
    """Return the table of the map: distances between centres and within groups, in map units."""
    by_group = _cells(document, "")
    return [
        Row(
            group=group,
            from_middle=None if group.centre is None else math.hypot(*group.centre),
            spread=_spread(by_group[int(group.key)], group.centre),
            distances=tuple(
                None
                if other is group or group.centre is None or other.centre is None
                else math.dist(group.centre, other.centre)
                for other in groups
            ),
        )
        for group in groups
    ]


def _spread(cells: Sequence[Cell], centre: Point | None) -> float | None:
    """Return how far from the centre the cell lies that holds the median person."""
    if centre is None or not cells:
        return None
    away = sorted((math.dist(cell.middle, centre), cell.people) for cell in cells)
    half, held = sum(cell.people for cell in cells) / 2, 0
    for distance, people in away:
        held += people
        if held >= half:
            return distance
    return None


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
