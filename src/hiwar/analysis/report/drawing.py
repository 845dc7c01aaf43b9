"""Shapes of the map as SVG paths: dots, outlines, hexagons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Point = tuple[float, float]

_DIRECTIONS = 90
_GOLDEN = math.pi * (3.0 - math.sqrt(5.0))
_BELL = {shift: math.exp(-((shift / 4.5) ** 2) / 2) for shift in range(-13, 14)}
_SOFTENING = tuple((shift, value / sum(_BELL.values())) for shift, value in _BELL.items())


def short(value: float) -> str:
    """Write a coordinate with one decimal and nothing superfluous."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


_MARKS = {
    "circle": (-4.2, 0.0, "a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0z"),
    "square": (-3.7, -3.7, "h7.4v7.4h-7.4z"),
    "triangle": (0.0, -5.0, "l4.8 8.4h-9.6z"),
    "diamond": (0.0, -5.3, "l5.3 5.3-5.3 5.3-5.3-5.3z"),
    "cross": (-1.6, -4.8, "h3.2v3.2h3.2v3.2h-3.2v3.2h-3.2v-3.2h-3.2v-3.2h3.2z"),
    "hollow": (-2.6, 0.0, "a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z"),
}


def marks(shape: str, points: Iterable[Point]) -> str:
    """Return one path with a mark at each point, one M command each."""
    dx, dy, outline = _MARKS[shape]
    return "".join(f"M{short(x + dx)} {short(y + dy)}{outline}" for x, y in points)


def outline(points: Sequence[Point], margin: float) -> str:
    """Return a soft convex outline that holds the points, at least the given distance from them.

    The reach of the points in every direction is averaged over neighbouring directions, which
    rounds the convex hull; then the whole is moved out until no point is left outside.
    """
    centre = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
    angles = [2 * math.pi * step / _DIRECTIONS for step in range(_DIRECTIONS)]
    reach = [
        max((x - centre[0]) * math.cos(a) + (y - centre[1]) * math.sin(a) for x, y in points)
        for a in angles
    ]
    soft = [
        sum(share * reach[(at + shift) % _DIRECTIONS] for shift, share in _SOFTENING)
        for at in range(_DIRECTIONS)
    ]
    out = margin + max(hard - mild for hard, mild in zip(reach, soft, strict=True))
    step = 4 * math.pi / _DIRECTIONS
    curve = []
    for at, angle in enumerate(angles):
        far = soft[at] + out
        slope = (soft[(at + 1) % _DIRECTIONS] - soft[at - 1]) / step
        curve.append(
            (
                centre[0] + far * math.cos(angle) - slope * math.sin(angle),
                centre[1] + far * math.sin(angle) + slope * math.cos(angle),
            )
        )
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in curve) + "z"


def corners(centre: Point, radius: float) -> list[Point]:
    """Return the corners of a hexagon that stands on one."""
    return [
        (
            centre[0] + radius * math.sin(step * math.pi / 3),
            centre[1] - radius * math.cos(step * math.pi / 3),
        )
        for step in range(6)
    ]


def hexagon(centre: Point, radius: float) -> str:
    """Return a hexagon that stands on a corner."""
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in corners(centre, radius)) + "z"


def scattered(centre: Point, radius: float, count: int, total: int, begin: float) -> list[Point]:
    """Spread marks evenly over a disc, as seeds in a flower: a pattern that tells no place.

    Of `total` marks of all groups in the disc `count` are placed; `begin` in [0, 1) keeps groups
    that share a disc from covering one another.
    """
    spread = radius * min(1.0, math.sqrt(total) / 4.0)
    points = []
    for at in range(count):
        away = spread * math.sqrt((at + 0.5) / count)
        angle = at * _GOLDEN + begin * 2 * math.pi
        points.append((centre[0] + away * math.cos(angle), centre[1] + away * math.sin(angle)))
    return points
