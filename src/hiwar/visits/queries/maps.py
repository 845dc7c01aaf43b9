"""Where the stops of a visit lie on a sheet: positions in percent, from the venues' coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.visits.queries.plans import OFF

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hiwar.visits.models import VisitItem

PADDING = 0.16
LEAST_SPAN = 0.12
KM_PER_DEGREE = 111.32
STEPS = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A town on the map: where it stands, and which items are there."""

    number: int
    name: str
    items: tuple[str, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class VisitMap:
    """A map of a visit: its points in the order of coming there, the line, and the scale."""

    points: tuple[MapPoint, ...]
    path: tuple[tuple[float, float], ...]
    scale_km: int
    scale_width: float
    ratio: float


def map_of(items: Sequence[VisitItem], language: str) -> VisitMap | None:
    """Return the map of the items whose venues have coordinates; None without two towns.

    Venues of one town stand as one point. The projection is plane, which is right within 0.1 %
    over the distances that a bus drives in a day.
    """
    towns: dict[str, list[tuple[float, float, str]]] = {}
    names: dict[str, str] = {}
    order: list[str] = []
    for item in items:
        venue = item.event.venue
        if venue is None or venue.latitude is None or venue.longitude is None:
            continue
        if item.event.state in OFF or item.event.form == "online":
            continue
        where = item.event.where.in_language(language) or venue.name.in_language(language)
        name = where.split(",")[0].split("،")[0].strip()
        key = (item.event.where.get("en") or name).split(",")[0].strip().casefold()
        names.setdefault(key, name)
        number = item.event.code.rpartition("-")[2].lstrip("0")
        towns.setdefault(key, []).append((float(venue.latitude), float(venue.longitude), number))
        if not order or order[-1] != key:
            order.append(key)
    if len(towns) < 2:
        return None
    centres = {
        key: (
            sum(ground[0] for ground in rows) / len(rows),
            sum(ground[1] for ground in rows) / len(rows),
        )
        for key, rows in towns.items()
    }
    place, ratio, width_km = _frame(list(centres.values()))
    points = tuple(
        MapPoint(number, names[key], tuple(ground[2] for ground in towns[key]), *place(*centre))
        for number, (key, centre) in enumerate(centres.items(), 1)
    )
    scale = max((step for step in STEPS if step <= width_km / 3), default=1)
    path = tuple(place(*centres[key]) for key in order)
    return VisitMap(points, path, scale, 100 * scale / width_km, ratio)


def _frame(
    centres: list[tuple[float, float]],
) -> tuple[Callable[[float, float], tuple[float, float]], float, float]:
    """Return how a place falls on the sheet in percent, the sheet's ratio, its width in km."""
    south, north = min(centre[0] for centre in centres), max(centre[0] for centre in centres)
    west, east = min(centre[1] for centre in centres), max(centre[1] for centre in centres)
    shrink = math.cos(math.radians((south + north) / 2))
    height = max(north - south, LEAST_SPAN)
    width = max((east - west) * shrink, LEAST_SPAN, 0.7 * height)
    height = max(height, 0.55 * width)
    height, width = height * (1 + 2 * PADDING), width * (1 + 2 * PADDING)
    middle = ((south + north) / 2, (west + east) / 2)

    def place(latitude: float, longitude: float) -> tuple[float, float]:
        x = 50 + 100 * (longitude - middle[1]) * shrink / width
        y = 50 - 100 * (latitude - middle[0]) / height
        return round(x, 2), round(y, 2)

    return place, height / width, width * KM_PER_DEGREE
