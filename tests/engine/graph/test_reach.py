"""Ways along edges, and what is left of a graph that is seen in part."""

from __future__ import annotations

import random

import pytest

from hiwar.engine.graph import Gap, reached, seen_in_part


def test_circles_and_doubles_do_no_harm() -> None:
    edges = [(0, 1), (1, 2), (2, 0), (0, 1), (3, 3)]
    assert reached(4, edges, [1]) == {0, 1, 2}
    assert seen_in_part(4, edges, [True] * 4) == ([(0, 1), (1, 2), (2, 0), (3, 3)], [])


def test_a_gap_names_all_that_lies_between_and_an_end_nothing() -> None:
    edges = [(0, 1), (1, 2), (2, 5), (1, 3), (0, 4), (4, 5)]
    kept, gaps = seen_in_part(6, edges, [True, False, False, False, False, True])
    assert kept == []
    assert gaps == [Gap(0, 5, (1, 2, 4))]


def test_an_edge_that_is_seen_leaves_no_gap_beside_it() -> None:
    assert seen_in_part(3, [(0, 1), (1, 2), (0, 2)], [True, False, True]) == ([(0, 2)], [])


@pytest.mark.parametrize("seed", range(6))
def test_gaps_are_the_ways_through_what_is_hidden(seed: int) -> None:
    chance = random.Random(seed)
    edges = [(chance.randrange(30), chance.randrange(30)) for _edge in range(60)]
    seen = [chance.random() < 0.5 for _node in range(30)]
    kept, gaps = seen_in_part(30, edges, seen)
    assert kept == sorted({edge for edge in edges if seen[edge[0]] and seen[edge[1]]})
    for source in [node for node in range(30) if seen[node]]:
        onward = [edge for edge in edges if not seen[edge[0]]]
        first = {target for start, target in edges if start == source and not seen[target]}
        ends = {node for node in reached(30, onward, first) if seen[node]} - {source}
        direct = {target for start, target in kept if start == source}
        assert {gap.target for gap in gaps if gap.source == source} == ends - direct


def test_unknown_nodes_are_refused() -> None:
    with pytest.raises(ValueError, match="an edge"):
        reached(1, [(0, 1)], [0])
    with pytest.raises(ValueError, match="a start"):
        reached(1, [], [1])
    with pytest.raises(ValueError, match="of every node"):
        seen_in_part(2, [], [True])
