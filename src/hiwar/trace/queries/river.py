"""The river: what stands at each of the seven stations, and figures with what they are of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.trace.queries.kinds import (
    CHANGED,
    FOUND,
    HEARD,
    RECOMMENDED,
    STATION_WORDS,
    STATIONS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from hiwar.trace.queries.graphs import Graph
    from hiwar.trace.queries.kinds import Node

MOST_AT_A_STATION = 24


@dataclass(frozen=True, slots=True)
class Station:
    """One station of a river.

    Attributes
    ----------
    number : int
    word : str
    nodes : tuple of Node
        Those shown, at most 24; first what leads on or back.
    count, more : int
        How many there are, and how many of them are not shown.
    joined : int
        How many of them came from an earlier station or led to a later one.
    share : int
        ``count`` against the largest station, in percent: for the bar.
    """

    number: int
    word: str
    nodes: tuple[Node, ...]
    count: int
    more: int
    joined: int
    share: int


def river_of(graph: Graph) -> list[Station]:
    """Return the seven stations of a graph, empty ones too."""
    joined = {place for line in graph.lines() for place in line}
    columns: dict[int, list[tuple[bool, Node]]] = {station: [] for station in STATIONS}
    for place, node in enumerate(graph.nodes):
        columns[node.station].append((place not in joined, node))
    largest = max((len(column) for column in columns.values()), default=0)
    stations = []
    for station, column in columns.items():
        column.sort(key=lambda pair: pair[0])
        shown = tuple(node for _is_apart, node in column[:MOST_AT_A_STATION])
        stations.append(
            Station(
                station, str(STATION_WORDS[station]), shown, len(column), len(column) - len(shown),
                sum(not is_apart for is_apart, _node in column),
                round(100 * len(column) / largest) if largest else 0,
            )
        )  # fmt: skip
    return stations


def furthest(stations: Iterable[Station]) -> Station | None:
    """Return the last station at which anything stands."""
    return next((station for station in reversed(list(stations)) if station.count), None)


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with what is counted, and of what; no figure is made of others."""

    code: str
    name: _StrPromise
    formula: _StrPromise
    count: int
    of: int


def scores_of(graph: Graph) -> list[Score]:
    """Return the figures of a graph, of what the reader sees of it alone."""
    stations = [node.station for node in graph.nodes]
    lines = graph.lines()
    before = _stations_reached(_turned(lines), stations, (HEARD, FOUND))
    after = _stations_reached(lines, stations, (RECOMMENDED,))
    recommendations = [at for at, node in enumerate(graph.nodes) if node.station == RECOMMENDED]
    statements = [at for at, node in enumerate(graph.nodes) if node.kind == "statement"]
    amended = [node for node in graph.nodes if node.station == CHANGED]
    with_origin = [at for at in recommendations if HEARD in before[at]]
    on_evidence = [at for at in recommendations if before[at] & {HEARD, FOUND}]
    voiced = [at for at in statements if after[at] & {RECOMMENDED}]
    met = [node for node in amended if node.state in {"same", "stronger"}]
    return [
        Score("origin", _("Recommendations that begin with something heard"),
              _("recommendations and proposals from which a way leads back to a statement, a"
                " comment, a question or a session ÷ all"),
              len(with_origin), len(recommendations)),
        Score("evidence", _("Recommendations on something heard or found"),
              _("recommendations and proposals from which a way leads back to anything ÷ all"),
              len(on_evidence), len(recommendations)),
        Score("voice", _("Statements that came into a recommendation"),
              _("statements from which a way leads to a recommendation ÷ all; a description, and"
                " nothing to aim at"),
              len(voiced), len(statements)),
        Score("changed", _("Proposals taken over as asked or stronger"),
              _("confirmed results “as asked” and “more than asked” ÷ all confirmed results"),
              len(met), len(amended)),
    ]  # fmt: skip


def _turned(lines: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(target, source) for source, target in lines]


def _stations_reached(
    lines: Iterable[tuple[int, int]], stations: list[int], wanted: Iterable[int]
) -> list[set[int]]:
    """Return for each node which of the wanted stations ways along lines lead to.

    Circles do no harm.
    """
    before: list[list[int]] = [[] for _station in stations]
    for source, target in lines:
        before[target].append(source)
    reached: list[set[int]] = [set() for _station in stations]
    for station in wanted:
        waiting = [at for at, own in enumerate(stations) if own == station]
        while waiting:
            for source in before[waiting.pop()]:
                if station not in reached[source]:
                    reached[source].add(station)
                    waiting.append(source)
    return reached


@dataclass(frozen=True, slots=True)
class Orphans:
    """Records that lead from or to nothing where something is owed."""

    code: str
    name: _StrPromise
    nodes: tuple[Node, ...]


def orphans_of(graph: Graph) -> list[Orphans]:
    """Return what stands alone: recommendations without an origin, findings cited nowhere."""
    stations = [node.station for node in graph.nodes]
    lines = graph.lines()
    before = _stations_reached(_turned(lines), stations, (HEARD,))
    leads_on = {source for source, _target in lines}
    to_cite = {"conclusion", "evidence", "finding"}
    orphans = [
        Orphans(
            "without_origin", _("Recommendations that rest on nothing that was heard"),
            tuple(node for at, node in enumerate(graph.nodes)
                  if node.kind == "recommendation" and HEARD not in before[at]),
        ),
        Orphans(
            "cited_nowhere", _("Conclusions and evidence that no recommendation rests on"),
            tuple(node for at, node in enumerate(graph.nodes)
                  if node.kind in to_cite and at not in leads_on),
        ),
    ]  # fmt: skip
    return [group for group in orphans if group.nodes]
