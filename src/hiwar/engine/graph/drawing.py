"""Where boxes stand and lines run, for a drawing in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.engine.graph.layers import Edges

    Point = tuple[float, float]

# Where on a line its mark stands: near the outer end, where lines are apart.
MARKED_AT = 0.74


@dataclass(frozen=True, slots=True)
class Box:
    """The box of a node.

    Attributes
    ----------
    x, y : float
        Its corner nearest to the origin, in units of the drawing.
    width, height : float
        Its size in the same units.
    """

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line between two boxes as one cubic Bézier curve.

    Attributes
    ----------
    start, first, second, end : (float, float)
        Its ends and its two control points; it starts at the first node of its edge.
    mark : (float, float)
        The point of the curve at which its mark stands.
    """

    start: Point
    first: Point
    second: Point
    end: Point
    mark: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes and curves with the size of the whole.

    Attributes
    ----------
    width, height : float
        In units of the drawing; everything is between 0 and these.
    boxes : dict of int to Box
        By node.
    curves : tuple of Curve
        In the order of the edges.
    """

    width: float
    height: float
    boxes: dict[int, Box]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """How large the parts of a drawing are, all in its units.

    Attributes
    ----------
    width, height : float
        Of a box; a box that many lines enter is taller.
    gap : float
        Between boxes of a column.
    gutter : float
        Between columns, where lines run.
    margin : float
        Beside the last column, for lines that bend within it.
    port : float
        Between lines that enter one box.
    rise : float
        How far a shorter column may stand below the top.
    """

    width: float = 196
    height: float = 48
    gap: float = 14
    gutter: float = 112
    margin: float = 96
    port: float = 20
    rise: float = 140


def draw_columns(
    columns: Sequence[Sequence[int]],
    edges: Edges,
    *,
    measures: Measures | None = None,
    is_mirrored: bool = False,
) -> Drawing:
    """Place the nodes of columns and the lines between them.

    Parameters
    ----------
    columns : sequence of sequences of int
        The nodes of each column in their order, the first column where reading begins.
    edges : sequence of (int, int)
        Pairs of nodes in the same column or in columns side by side. A pair may come twice: each
        gets a line of its own.
    measures : Measures, optional
        Sizes; without them those of a page of the desk.
    is_mirrored : bool, default=False
        Whether the first column stands at the right, for who reads from the right.

    Returns
    -------
    Drawing
        Boxes and curves in units of the drawing, the origin above and at the left, y downwards.

    Raises
    ------
    ValueError
        When an edge names a node that stands in no column, joins a node to itself, or passes
        over a column.

    Notes
    -----
    Columns are centred on each other, but a short one stands at most `rise` below the top, so
    that who opens a tall drawing sees where it begins. Lines leave and enter at ports that are
    sorted by where they lead, and lines within a column bend outwards. Without nodes the drawing
    has no size.

    Examples
    --------
    >>> drawing = draw_columns([[0], [1]], [(0, 1)])
    >>> drawing.boxes[1].x > drawing.boxes[0].x
    True
    """
    size = measures or Measures()
    where = {node: at for at, column in enumerate(columns) for node in column}
    for start, other in edges:
        if start not in where or other not in where or start == other:
            message = "an edge joins two nodes that stand in columns"
            raise ValueError(message)
        if abs(where[start] - where[other]) > 1:
            message = "an edge passes over a column"
            raise ValueError(message)
    boxes = _boxes(columns, edges, where, size)
    if not boxes:
        return Drawing(0, 0, {}, ())
    bends = any(where[start] == where[other] == len(columns) - 1 for start, other in edges)
    width = len(columns) * size.width + (len(columns) - 1) * size.gutter + bends * size.margin
    height = max(box.y + box.height for box in boxes.values())
    curves = _curves(edges, where, boxes, size)
    if is_mirrored:
        boxes = {
            node: Box(width - box.x - box.width, box.y, box.width, box.height)
            for node, box in boxes.items()
        }
        curves = [_mirrored(curve, width) for curve in curves]
    return Drawing(width, height, boxes, tuple(curves))


def _boxes(
    columns: Sequence[Sequence[int]], edges: Edges, where: dict[int, int], size: Measures
) -> dict[int, Box]:
    entering = dict.fromkeys(where, 0)
    for pair in edges:
        outer = max(pair, key=where.__getitem__)
        if where[pair[0]] != where[pair[1]]:
            entering[outer] += 1
    tall = {node: max(size.height, size.port * count) for node, count in entering.items()}
    heights = [
        sum(tall[node] for node in column) + size.gap * max(len(column) - 1, 0)
        for column in columns
    ]
    boxes: dict[int, Box] = {}
    for at, column in enumerate(columns):
        y = min((max(heights) - heights[at]) / 2, size.rise)
        for node in column:
            boxes[node] = Box(at * (size.width + size.gutter), y, size.width, tall[node])
            y += tall[node] + size.gap
    return boxes


def _curves(
    edges: Edges, where: dict[int, int], boxes: dict[int, Box], size: Measures
) -> list[Curve]:
    ports = _ports(edges, where, boxes)
    curves = []
    for at, (start, other) in enumerate(edges):
        ends: list[Point] = []
        for node, far in ((start, other), (other, start)):
            box = boxes[node]
            is_inner = where[far] < where[node]
            ends.append((box.x + (0 if is_inner else box.width), ports[at, node]))
        (x0, y0), (x1, y1) = ends
        if where[start] == where[other]:
            reach = min(size.gutter * 0.9, 36 + abs(y1 - y0) / 5)
            first, second, marked = (x0 + reach, y0), (x1 + reach, y1), 0.5
        else:
            middle = (x0 + x1) / 2
            first, second = (middle, y0), (middle, y1)
            marked = MARKED_AT if where[other] > where[start] else 1 - MARKED_AT
        mark = _point((x0, y0), first, second, (x1, y1), marked)
        curves.append(Curve((x0, y0), first, second, (x1, y1), mark))
    return curves


def _ports(
    edges: Edges, where: dict[int, int], boxes: dict[int, Box]
) -> dict[tuple[int, int], float]:
    """Return for each edge and end the height at which it touches the box."""
    sides: dict[tuple[int, bool], list[tuple[float, int]]] = {}
    for at, (start, other) in enumerate(edges):
        for node, far in ((start, other), (other, start)):
            is_inner = where[far] < where[node]
            middle = boxes[far].y + boxes[far].height / 2
            sides.setdefault((node, is_inner), []).append((middle, at))
    ports: dict[tuple[int, int], float] = {}
    for (node, _is_inner), lines in sides.items():
        box = boxes[node]
        for index, (_middle, at) in enumerate(sorted(lines)):
            ports[at, node] = box.y + box.height * (index + 0.5) / len(lines)
    return ports


def _point(start: Point, first: Point, second: Point, end: Point, t: float) -> Point:
    """Return a point of a cubic Bézier curve by Bernstein's polynomials."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    points = (start, first, second, end)
    return (
        sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
    )


def _mirrored(curve: Curve, width: float) -> Curve:
    return Curve(
        *(
            (width - point[0], point[1])
            for point in (curve.start, curve.first, curve.second, curve.end, curve.mark)
        )
    )
