"""The river as a drawing: seven columns, what led to what between them, and one whole way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hiwar.engine.graph import order_columns
from hiwar.trace.queries.addresses import name_of, words_of
from hiwar.trace.queries.kinds import KINDS, STATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hiwar.trace.queries.graphs import Graph
    from hiwar.trace.queries.kinds import Node
    from hiwar.trace.queries.river import Station

WIDTH, COLUMN = 1176, 168
BOX_WIDTH, BOX_HEIGHT, STEP = 128, 26, 36
BEND = 22
MOST_RIBBONS = 40


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node of the drawing: its corner, the middle of its text, its name, words and ways.

    ``label`` stands in its box: the name, or its words where the name has no number; ``station``
    is that of its column, 1 to 7.
    """

    x: int
    y: int
    middle: int
    baseline: int
    name: str
    words: str
    label: str
    url: str
    is_on_way: bool
    station: int


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A link of the drawing as the path of an SVG; dashed where something between is withheld."""

    path: str
    is_on_way: bool
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class RiverDrawing:
    """The drawing of a river, and the longest way in it in words.

    Attributes
    ----------
    width, height, box_width, box_height : int
        In units of the drawing, which are pixels at full width.
    nodes : tuple of DrawnNode
        Those that the list shows, at most 24 in a column.
    ribbons : tuple of Ribbon
        At most 40: those of the way first, then the shortest.
    way : tuple of DrawnNode
        What stands on the way that goes through most stations, the earliest first.
    more : int
        How many links of what is drawn are not.
    links : tuple of (int, int)
        Every link between two of ``nodes``, by their places there: for moving along by the keys.
    """

    height: int
    nodes: tuple[DrawnNode, ...]
    ribbons: tuple[Ribbon, ...]
    way: tuple[DrawnNode, ...]
    more: int
    links: tuple[tuple[int, int], ...] = ()
    width: int = WIDTH
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw_river(
    graph: Graph, stations: Iterable[Station], address: Callable[[Node], str], *,
    is_mirrored: bool,
) -> RiverDrawing | None:  # fmt: skip
    """Return the drawing of a river, or None where nothing leads to anything.

    ``address`` says where the ways of a node are shown,
    ``is_mirrored`` that the first station stands at the right, for who reads from the right.
    """
    places = [
        [graph.places[node.at] for node in station.nodes if node.at in graph.places]
        for station in stations
    ]
    known = {place for column in places for place in column}
    lines = [line for line in dict.fromkeys(graph.lines()) if known.issuperset(line)]
    if not lines:
        return None
    # A finding gathers statements: through it one would seem to lead where another did.
    single = [line for line in lines if graph.nodes[line[1]].kind != "finding"]
    way = longest_way(graph, single)
    steps = set(pairwise(way))
    corners = _corners(order_columns(places, lines), is_mirrored=is_mirrored)
    nodes = {
        place: DrawnNode(
            x, y, x + BOX_WIDTH // 2, y + BOX_HEIGHT - 8, name_of(graph.nodes[place]),
            str(words_of(graph.nodes[place])), _label(graph.nodes[place]),
            address(graph.nodes[place]), place in way, graph.nodes[place].station,
        )
        for place, (x, y) in corners.items()
    }  # fmt: skip
    withheld = {(gap.source, gap.target) for gap in graph.gaps}
    chosen = sorted(lines, key=lambda line: (line not in steps, _span(graph, line), line))
    ribbons = [
        Ribbon(_path(corners, line, is_mirrored=is_mirrored), line in steps, line in withheld)
        for line in chosen[:MOST_RIBBONS]
    ]
    drawn = {place: at for at, place in enumerate(nodes)}
    return RiverDrawing(
        STEP * max(map(len, places)), tuple(nodes.values()), tuple(reversed(ribbons)),
        tuple(nodes[place] for place in way), max(0, len(lines) - MOST_RIBBONS),
        tuple(sorted((drawn[source], drawn[target]) for source, target in lines)),
    )  # fmt: skip


def longest_way(graph: Graph, lines: Sequence[tuple[int, int]]) -> list[int]:
    """Return places along lines that end furthest and go through most stations, the shortest way.

    What lies on a circle is on no way.
    """
    after: dict[int, list[int]] = {}
    waiting_for = dict.fromkeys(range(len(graph.nodes)), 0)
    for source, target in lines:
        after.setdefault(source, []).append(target)
        waiting_for[target] += 1
    # Who has something before them begins no way: that is longer than any.
    best = {
        place: (1, -len(waiting_for) if count else 0, [place])
        for place, count in waiting_for.items()
    }
    ready = [place for place, count in waiting_for.items() if not count]
    done: set[int] = set()
    while ready:
        source = ready.pop()
        done.add(source)
        count, length, way = best[source]
        for target in after.get(source, ()):
            is_new = graph.nodes[source].station != graph.nodes[target].station
            longer = (count + is_new, length - 1, [*way, target])
            best[target] = max(best[target], longer, key=lambda each: each[:2])
            waiting_for[target] -= 1
            if not waiting_for[target]:
                ready.append(target)
    ends = [
        (graph.nodes[place].station, count, length, way)
        for place, (count, length, way) in best.items()
        if count > 1 and place in done
    ]
    return max(ends, key=lambda end: end[:3])[3] if ends else []


def _label(node: Node) -> str:
    name = name_of(node)
    return str(words_of(node)) or name if name == str(KINDS[node.kind].word) else name


def _corners(columns: Sequence[Sequence[int]], *, is_mirrored: bool) -> dict[int, tuple[int, int]]:
    corners = {}
    for at, column in enumerate(columns):
        x = at * COLUMN + (COLUMN - BOX_WIDTH) // 2
        for row, place in enumerate(column):
            corners[place] = (WIDTH - x - BOX_WIDTH if is_mirrored else x, row * STEP + 4)
    return corners


def _span(graph: Graph, line: tuple[int, int]) -> int:
    source, target = (graph.nodes[place].station for place in line)
    return abs(target - source) if source != target else len(STATIONS)


def _path(
    corners: dict[int, tuple[int, int]], line: tuple[int, int], *, is_mirrored: bool
) -> str:  # fmt: skip
    """Return a curve from the far side of one box to the near side of another."""
    (x0, y0), (x1, y1) = (corners[place] for place in line)
    y0, y1 = y0 + BOX_HEIGHT // 2, y1 + BOX_HEIGHT // 2
    forth = -1 if is_mirrored else 1
    start = x0 if is_mirrored else x0 + BOX_WIDTH
    if x0 == x1:
        bend = start + forth * BEND
        return f"M{start} {y0}C{bend} {y0} {bend} {y1} {start} {y1}"
    end = x1 + BOX_WIDTH if is_mirrored else x1
    middle = (start + end) // 2
    return f"M{start} {y0}C{middle} {y0} {middle} {y1} {end} {y1}"
