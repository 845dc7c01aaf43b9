"""Steps between nodes, and an order within columns in which few lines cross."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Edges = Sequence[tuple[int, int]]

SWEEPS = 8


def steps_from(n_nodes: int, edges: Edges, roots: Sequence[int]) -> list[int]:
    """Count the steps from the nearest root to every node.

    Parameters
    ----------
    n_nodes : int
        How many nodes there are; they are numbered from 0.
    edges : sequence of (int, int)
        Pairs of nodes, read in both directions. A pair may come twice, and a node may be joined
        to itself.
    roots : sequence of int
        Where the counting begins.

    Returns
    -------
    list of int, of length n_nodes
        Whole steps, 0 for a root; -1 where no root is reached.

    Raises
    ------
    ValueError
        When an edge or a root names a node that there is not.

    Notes
    -----
    Breadth-first search: each node is entered once, from the nearest column. Without roots every
    node is at -1; without nodes the answer is empty.

    Examples
    --------
    >>> steps_from(4, [(0, 1), (1, 2)], [0])
    [0, 1, 2, -1]
    """
    _check(n_nodes, edges)
    if any(not 0 <= root < n_nodes for root in roots):
        message = "a root names a node that there is not"
        raise ValueError(message)
    near = _neighbours(n_nodes, edges)
    steps = [-1] * n_nodes
    column = list(dict.fromkeys(roots))
    at = 0
    while column:
        for node in column:
            steps[node] = at
        at += 1
        column = list(
            dict.fromkeys(other for node in column for other in near[node] if steps[other] < 0)
        )
    return steps


def order_columns(
    columns: Sequence[Sequence[int]], edges: Edges, *, sweeps: int = SWEEPS
) -> list[list[int]]:
    """Order the nodes of each column so that few lines between columns cross.

    Parameters
    ----------
    columns : sequence of sequences of int
        The nodes of each column, each node once. The order given is the one to begin with, and
        decides between equals.
    edges : sequence of (int, int)
        Pairs of nodes. Lines within a column, or that pass over one, are left out of the count.
    sweeps : int, default=8
        How often the columns are gone through, forth and back.

    Returns
    -------
    list of lists of int
        The same columns, reordered; never with more crossings than they came with.

    Raises
    ------
    ValueError
        When a node stands twice.

    Notes
    -----
    The barycentre method: each node moves to the mean position of its neighbours in the column
    before (and, on the way back, after); the best order seen is kept. Nodes without neighbours
    there keep their position. Crossings are few, not always fewest: that problem is hard.
    Without columns the answer is empty.

    References
    ----------
    Sugiyama, Tagawa and Toda (1981), Methods for visual understanding of hierarchical system
    structures, IEEE Transactions on Systems, Man, and Cybernetics 11 (2), section III.

    Examples
    --------
    >>> order_columns([[0, 1], [2, 3]], [(0, 3), (1, 2)])
    [[0, 1], [3, 2]]
    """
    where = _columns_of(columns)
    near: dict[int, list[int]] = {node: [] for node in where}
    for start, other in edges:
        if start in where and other in where and abs(where[start] - where[other]) == 1:
            near[start].append(other)
            near[other].append(start)
    best = [list(column) for column in columns]
    fewest = count_crossings(best, edges)
    order = [list(column) for column in best]
    for sweep in range(sweeps):
        if not fewest:
            break
        forth = sweep % 2 == 0
        indices = range(1, len(order)) if forth else range(len(order) - 2, -1, -1)
        for at in indices:
            _settle(order, at, at - 1 if forth else at + 1, near)
        crossings = count_crossings(order, edges)
        if crossings < fewest:
            best, fewest = [list(column) for column in order], crossings
    return best


def count_crossings(columns: Sequence[Sequence[int]], edges: Edges) -> int:
    """Count the pairs of lines that cross between columns that are side by side.

    Parameters
    ----------
    columns : sequence of sequences of int
        The nodes of each column, in their order.
    edges : sequence of (int, int)
        Pairs of nodes; only those of neighbouring columns count.

    Returns
    -------
    int
        How many pairs cross, 0 or more.

    Raises
    ------
    ValueError
        When a node stands twice.

    Notes
    -----
    Two lines cross when their ends stand in opposite order; lines that share an end do not. Each
    pair is compared, which is quick for the hundreds of lines that a page can show.

    Examples
    --------
    >>> count_crossings([[0, 1], [2, 3]], [(0, 3), (1, 2)])
    1
    """
    where = _columns_of(columns)
    place = {node: at for column in columns for at, node in enumerate(column)}
    between: dict[int, list[tuple[int, int]]] = {}
    for pair in edges:
        if not all(node in where for node in pair):
            continue
        first, second = sorted(pair, key=where.__getitem__)
        if where[second] - where[first] == 1:
            between.setdefault(where[first], []).append((place[first], place[second]))
    return sum(
        (a - c) * (b - d) < 0
        for lines in between.values()
        for at, (a, b) in enumerate(lines)
        for c, d in lines[:at]
    )


def _settle(order: list[list[int]], at: int, beside: int, near: dict[int, list[int]]) -> None:
    place = {node: index for index, node in enumerate(order[beside])}
    wish: dict[int, float] = {}
    for index, node in enumerate(order[at]):
        places = [place[other] for other in near[node] if other in place]
        # The two columns may differ in length: a node without neighbours keeps its share of it.
        keep = index * max(len(place), 1) / max(len(order[at]), 1)
        wish[node] = sum(places) / len(places) if places else keep
    order[at].sort(key=wish.__getitem__)


def _columns_of(columns: Sequence[Sequence[int]]) -> dict[int, int]:
    where = {node: at for at, column in enumerate(columns) for node in column}
    if len(where) != sum(len(column) for column in columns):
        message = "a node stands twice"
        raise ValueError(message)
    return where


def _neighbours(n_nodes: int, edges: Edges) -> list[list[int]]:
    near: list[list[int]] = [[] for _node in range(n_nodes)]
    for start, other in edges:
        near[start].append(other)
        near[other].append(start)
    return near


def _check(n_nodes: int, edges: Edges) -> None:
    if any(not 0 <= node < n_nodes for pair in edges for node in pair):
        message = "an edge names a node that there is not"
        raise ValueError(message)
