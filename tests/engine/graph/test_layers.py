from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.engine.graph import count_crossings, draw_columns, order_columns, steps_from
from hiwar.engine.graph.drawing import Measures

SIZE = Measures()


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    n = draw(st.integers(1, 14))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=30))
    return n, [(one, other) for one, other in pairs if one != other]


def columns_of(n: int, edges: list[tuple[int, int]]) -> list[list[int]]:
    steps = steps_from(n, edges, [0])
    return [[at for at in range(n) if steps[at] == step] for step in range(max(steps) + 1)]


def drawn_edges(n: int, edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    steps = steps_from(n, edges, [0])
    return [pair for pair in edges if steps[pair[0]] >= 0 and steps[pair[1]] >= 0]


@given(graphs())
def test_neighbours_are_at_most_one_step_apart(graph) -> None:
    n, edges = graph
    steps = steps_from(n, edges, [0])
    assert steps[0] == 0
    assert all(abs(steps[a] - steps[b]) <= 1 for a, b in edges if steps[a] >= 0 or steps[b] >= 0)
    for node, step in enumerate(steps):
        if step > 0:
            near = {a + b - node for a, b in edges if node in (a, b)}
            assert min(steps[one] for one in near if steps[one] >= 0) == step - 1


@given(graphs())
def test_ordering_keeps_the_nodes_and_never_adds_a_crossing(graph) -> None:
    n, edges = graph
    columns = columns_of(n, edges)
    ordered = order_columns(columns, edges)
    assert [sorted(one) for one in ordered] == [sorted(one) for one in columns]
    assert count_crossings(ordered, edges) <= count_crossings(columns, edges)
    assert order_columns(columns, edges) == ordered


@given(graphs(), st.booleans())
def test_boxes_never_overlap_and_lines_end_at_their_boxes(graph, mirrored) -> None:
    n, edges = graph
    columns, edges = columns_of(n, edges), drawn_edges(n, edges)
    made = draw_columns(columns, edges, is_mirrored=mirrored)
    boxes = list(made.boxes.values())
    for at, one in enumerate(boxes):
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.width <= made.width + 1e-6
        assert one.y + one.height <= made.height + 1e-6
        for other in boxes[:at]:
            is_beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            is_below = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert is_beside or is_below
    for (a, b), curve in zip(edges, made.curves, strict=True):
        for node, (x, y) in ((a, curve.start), (b, curve.end)):
            box = made.boxes[node]
            assert min(abs(x - box.x), abs(x - box.x - box.width)) < 1e-6
            assert box.y < y < box.y + box.height
        assert all(-1e-6 <= x <= made.width + 1e-6 for x, _y in (curve.mark,))


@given(graphs())
def test_a_mirrored_drawing_is_the_same_seen_from_the_other_side(graph) -> None:
    n, edges = graph
    columns, edges = columns_of(n, edges), drawn_edges(n, edges)
    plain = draw_columns(columns, edges)
    mirrored = draw_columns(columns, edges, is_mirrored=True)
    assert (plain.width, plain.height) == (mirrored.width, mirrored.height)
    for node, box in plain.boxes.items():
        assert mirrored.boxes[node].x == pytest.approx(plain.width - box.x - box.width)
        assert mirrored.boxes[node].y == box.y


def test_crossing_lines_are_untangled() -> None:
    edges = [(0, 6), (1, 5), (2, 4), (0, 5)]
    columns = [[0, 1, 2], [4, 5, 6]]
    assert count_crossings(columns, edges) == 4
    assert count_crossings(order_columns(columns, edges), edges) == 0


def test_a_box_that_many_lines_enter_is_taller() -> None:
    edges = [(0, 1)] * 6
    made = draw_columns([[0], [1]], edges)
    assert made.boxes[1].height == 6 * SIZE.port
    assert made.boxes[0].height == SIZE.height
    assert len({curve.end for curve in made.curves}) == 6


def test_who_opens_a_tall_drawing_sees_where_it_begins() -> None:
    made = draw_columns([[0], list(range(1, 40))], [(0, at) for at in range(1, 40)])
    assert made.boxes[0].y == SIZE.rise
    assert draw_columns([], []).width == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: steps_from(1, [(0, 1)], [0]), "an edge names"),
        (lambda: steps_from(1, [], [1]), "a root names"),
        (lambda: order_columns([[0], [0]], []), "stands twice"),
        (lambda: count_crossings([[0, 0]], []), "stands twice"),
        (lambda: draw_columns([[0]], [(0, 1)]), "stand in columns"),
        (lambda: draw_columns([[0]], [(0, 0)]), "stand in columns"),
        (lambda: draw_columns([[0], [1], [2]], [(0, 2)]), "passes over"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()
