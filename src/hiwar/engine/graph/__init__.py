"""Graphs of people and bodies: how many steps apart they are, and how they are drawn.

A drawing is in columns: who is asked about, then those one step away, then those two steps
away. The same graph gives the same drawing, on every machine and in every run.
"""

from hiwar.engine.graph.drawing import Box, Curve, Drawing, draw_columns
from hiwar.engine.graph.layers import count_crossings, order_columns, steps_from
from hiwar.engine.graph.reach import Gap, reached, seen_in_part

__all__ = [
    "Box",
    "Curve",
    "Drawing",
    "Gap",
    "count_crossings",
    "draw_columns",
    "order_columns",
    "reached",
    "seen_in_part",
    "steps_from",
]
