"""Where nodes lead to along directed edges, and what is left of a graph that is seen in part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Edges = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Gap:
    """Two seen nodes with nodes between them that are not seen.

    Attributes
    ----------
    source, target : int
        The seen nodes at both ends.
    between : tuple of int
        The nodes that are not seen and lie on a way from the one to the other.
    """

    source: int
    target: int
    between: tuple[int, ...]


def reached(n_nodes: int, edges: Edges, starts: Iterable[int]) -> set[int]:
    """Return the nodes that are reached along edges, the starts included.

    Parameters
    ----------
    n_nodes : int
        How many nodes there are; they are numbered from 0.
    edges : iterable of (int, int)
        Directed edges. They may come twice and may close circles.
    starts : iterable of int

    Returns
    -------
    set of int

    Raises
    ------
    ValueError
        When an edge or a start names a node that there is not.

    Examples
    --------
    >>> sorted(reached(4, [(0, 1), (1, 2), (3, 2)], [0]))
    [0, 1, 2]
    """
    after = _after(n_nodes, edges)
    waiting = list(starts)
    if any(not 0 <= node < n_nodes for node in waiting):
        message = "a start names a node that there is not"
        raise ValueError(message)
    seen = set(waiting)
    while waiting:
        for node in after[waiting.pop()]:
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


def seen_in_part(
    n_nodes: int, edges: Edges, is_seen: Sequence[bool]
) -> tuple[list[tuple[int, int]], list[Gap]]:
    """Return what a graph is to somebody who sees some of its nodes.

    An edge stays where both its ends are seen. Where two seen nodes are joined only by ways
    through nodes that are not seen, there is one gap. A way that goes on only into nodes that are
    not seen ends, and nothing tells that it goes on.

    Parameters
    ----------
    n_nodes : int
    edges : iterable of (int, int)
        Directed edges.
    is_seen : sequence of bool, of length n_nodes

    Returns
    -------
    edges : list of (int, int), sorted, each once
    gaps : list of Gap, sorted by their ends

    Raises
    ------
    ValueError
        When an edge names a node that there is not, or ``is_seen`` has another length.

    Notes
    -----
    One breadth-first walk through unseen nodes from each seen node; the way back keeps of these
    only what leads to the other end.

    Examples
    --------
    >>> seen_in_part(4, [(0, 1), (1, 2), (2, 3)], [True, False, True, False])
    ([], [Gap(source=0, target=2, between=(1,))])
    """
    if len(is_seen) != n_nodes:
        message = "it is not said of every node whether it is seen"
        raise ValueError(message)
    after = _after(n_nodes, edges)
    kept: set[tuple[int, int]] = set()
    gaps: list[Gap] = []
    for source in range(n_nodes):
        if not is_seen[source]:
            continue
        near = {node for node in after[source] if is_seen[node]}
        kept.update((source, node) for node in near)
        if len(near) == len(after[source]):
            continue
        for target, between in _through(after, is_seen, source).items():
            if target not in near and target != source:
                gaps.append(Gap(source, target, tuple(sorted(between))))
    return sorted(kept), sorted(gaps, key=lambda gap: (gap.source, gap.target))


def _through(after: list[set[int]], is_seen: Sequence[bool], source: int) -> dict[int, set[int]]:
    """Return the seen nodes reached through unseen ones alone, each with those on the way."""
    hidden = {node for node in after[source] if not is_seen[node]}
    waiting = list(hidden)
    before: dict[int, set[int]] = {}
    while waiting:
        node = waiting.pop()
        for following in after[node]:
            before.setdefault(following, set()).add(node)
            if not is_seen[following] and following not in hidden:
                hidden.add(following)
                waiting.append(following)
    ways = {}
    for target in [node for node in before if is_seen[node]]:
        between, waiting = set(before[target]), list(before[target])
        while waiting:
            for node in before.get(waiting.pop(), ()):
                if node not in between:
                    between.add(node)
                    waiting.append(node)
        ways[target] = between
    return ways


def _after(n_nodes: int, edges: Edges) -> list[set[int]]:
    after: list[set[int]] = [set() for _ in range(n_nodes)]
    for source, target in edges:
        if not (0 <= source < n_nodes and 0 <= target < n_nodes):
            message = "an edge names a node that there is not"
            raise ValueError(message)
        after[source].add(target)
    return after
