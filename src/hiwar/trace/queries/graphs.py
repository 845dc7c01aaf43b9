"""The graph of a scope as one reader may see it: what stands where, what led to what, what is kept.

A gap is announced, an end is not: where two things that the reader may read are joined only by
something that they may not, the station of that is named and nothing else of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hiwar.common.dates import local_day
from hiwar.engine.graph import reached, seen_in_part
from hiwar.trace.queries.kinds import KINDS, STATIONS, Node
from hiwar.trace.queries.published import citations_in, published_in
from hiwar.trace.queries.rows import desk_records, links_of, nodes_of, public_records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.trace.queries.scopes import Scope

    At = tuple[str, str]

IN_WORDS_OF_LAW = ("recommendation", "proposal")


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something between two nodes that the reader may not read: at which stations, and no more."""

    source: int
    target: int
    stations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """What a reader sees of a scope.

    Attributes
    ----------
    nodes : tuple of Node
        In the order of stations, codes and numbers.
    edges : tuple of (int, int)
        Places in ``nodes``, the earlier station first.
    gaps : tuple of Withheld
    places : dict
        The place of each node by kind and key.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    gaps: tuple[Withheld, ...]
    places: dict[At, int] = field(default_factory=dict)

    def lines(self) -> list[tuple[int, int]]:
        """Return the edges and what is withheld alike, as pairs of places."""
        return [*self.edges, *((gap.source, gap.target) for gap in self.gaps)]

    def before(self, starts: Iterable[int]) -> set[int]:
        """Return what some nodes came from, themselves included."""
        turned = [(target, source) for source, target in self.lines()]
        return reached(len(self.nodes), turned, starts)

    def after(self, starts: Iterable[int]) -> set[int]:
        """Return what came out of some nodes, themselves included."""
        return reached(len(self.nodes), self.lines(), starts)

    @property
    def fingerprint(self) -> str:
        """16 signs that change when a node or an edge that the reader sees comes or goes."""
        ends = ["/".join(node.at) for node in self.nodes]
        edges = [f"{ends[source]}>{ends[target]}" for source, target in self.edges]
        text = "\n".join([*sorted(ends), *sorted(edges)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def graph_for(user: User, scope: Scope, now: datetime) -> Graph:
    """Return the graph of a scope as a member of staff may see it; three queries."""
    citations = citations_in(scope)
    scope = scope.citing({citation.at[0] for citation in citations})
    nodes = nodes_of(desk_records(user, scope, local_day(now)), scope)
    cited = [
        (citation.at, ("recommendation", citation.recommendation))
        for citation in citations
        if citation.recommendation and not citation.is_dropped
    ]
    return graph_of(nodes, {*links_of(scope), *cited})


def public_graph(scope: Scope, now: datetime) -> Graph:
    """Return the graph of a scope as everybody may see it; seven queries.

    Of a published paper only what was frozen counts: neither what is being written nor what was
    taken out since.
    """
    citations = citations_in(scope)
    scope = scope.citing({citation.at[0] for citation in citations})
    published = published_in(scope, citations, now)
    hidden = {
        (citation.at, ("recommendation", citation.recommendation))
        for citation in citations
        if citation.recommendation
        and not citation.is_dropped
        and citation.paper not in published.papers
    }
    # Of a promise everybody reads a state that a second person verified; here it has none.
    kept = [
        replace(node, state="") if node.kind == "commitment" else node
        for node in nodes_of(public_records(), scope)
    ]
    # What puts a recommendation into words of law is read where the paper was frozen, too.
    links = {link for link in links_of(scope) if (link[0][0], link[1][0]) != IN_WORDS_OF_LAW}
    nodes = [*published.nodes, *kept]
    return graph_of(nodes, {*published.edges, *links, *hidden})


def graph_of(nodes: Iterable[Node], edges: Iterable[tuple[At, At]]) -> Graph:
    """Return what is left of a graph to somebody who may read these nodes of it.

    ``edges`` are all there are, whoever reads; an end that is not among the nodes is not seen.
    """
    by_place = {node.at: node for node in nodes}
    seen = _numbered(sorted(by_place.values(), key=_order))
    places = {node.at: at for at, node in enumerate(seen)}
    everything = dict(places)
    pairs = []
    for source, target in edges:
        if source != target:
            pairs.append(
                (
                    everything.setdefault(source, len(everything)),
                    everything.setdefault(target, len(everything)),
                )
            )
    stations = [KINDS[kind].station for kind, _key in everything]
    is_seen = [at < len(seen) for at in range(len(everything))]
    kept, gaps = seen_in_part(len(everything), pairs, is_seen)
    withheld = tuple(
        Withheld(gap.source, gap.target, tuple(sorted({stations[at] for at in gap.between})))
        for gap in gaps
    )
    return Graph(tuple(seen), tuple(kept), withheld, places)


def _numbered(nodes: list[Node]) -> list[Node]:
    """Return the nodes with the recommendations of each paper counted from 1, by their place."""
    counts: Counter[str] = Counter()
    numbered = []
    for node in nodes:
        if node.kind == "recommendation":
            counts[node.code] += 1
            node = replace(node, number=str(counts[node.code]))  # noqa: PLW2901 - the same node
        numbered.append(node)
    return numbered


def _order(node: Node) -> tuple[int, str, str, int, str, str]:
    number = int(node.number) if node.number.isdecimal() else 0
    return node.station, node.kind, node.code, number, node.number, node.key


@dataclass(frozen=True, slots=True)
class Step:
    """What stands at one station on a way: what is read, and whether something is withheld."""

    station: int
    nodes: tuple[Node, ...]
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The way back and the way forward from some nodes, station by station, nearest first."""

    back: tuple[Step, ...]
    forward: tuple[Step, ...]


def walk_from(graph: Graph, starts: Iterable[int]) -> Walk:
    """Return what some nodes came from and what came out of them."""
    begin = set(starts)
    back, forward = graph.before(begin), graph.after(begin)
    return Walk(
        _steps(graph, back, begin, reversed(STATIONS)), _steps(graph, forward, begin, STATIONS)
    )


def _steps(
    graph: Graph, on_way: set[int], begin: set[int], stations: Iterable[int]
) -> tuple[Step, ...]:
    kept = {
        station
        for gap in graph.gaps
        if gap.source in on_way and gap.target in on_way
        for station in gap.stations
    }
    at: dict[int, list[Node]] = {}
    for place in sorted(on_way - begin):
        at.setdefault(graph.nodes[place].station, []).append(graph.nodes[place])
    return tuple(
        Step(station, tuple(at.get(station, ())), station in kept)
        for station in stations
        if station in at or station in kept
    )
