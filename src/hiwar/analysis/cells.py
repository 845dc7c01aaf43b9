"""Where people stand, told in cells of several people: a picture that gives no place away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.quantiles import quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST = 5
DECIMALS = 2
_FINEST, _COARSEST, _STEP = 1 / 48, 1 / 3, 1.25
_ENOUGH = 0.7  # share of people whose own cell must hold enough people
_PIECE = 1 << 20


@dataclass(frozen=True, eq=False)
class Layer:
    """The cells of one opinion group, or of those in none.

    Attributes
    ----------
    group : int or None
    people : int
        All of them; where they are fewer than the smallest cell, `count` is empty.
    centre : ndarray of shape (n_cells, 2)
        Middles of the cells in map units.
    count : ndarray of shape (n_cells,), int64
        People in each cell, never fewer than the smallest.
    """

    group: int | None
    people: int
    centre: NDArray[np.float64]
    count: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """A honeycomb: the distance from middle to corner in map units, and its layers."""

    radius: float
    smallest: int
    layers: tuple[Layer, ...]


def coarse_cells(
    position: NDArray[np.float64],
    group: NDArray[np.int32],
    n_groups: int,
    smallest: int = SMALLEST,
) -> Cells:
    """Count people in a honeycomb in which no cell holds fewer than a number of people.

    Parameters
    ----------
    position : ndarray of shape (N, 2)
        Map units.
    group : ndarray of shape (N,)
        Group of each person, -1 for none.
    n_groups : int
        G.
    smallest : int
        Fewest people that a cell may hold, >= 1.

    Returns
    -------
    Cells
        One layer for each group and one for those in none. The people of all cells of a layer are
        all people of the layer, or none where the layer is smaller than a cell may be.

    Notes
    -----
    The finest honeycomb is taken in which seven in ten people stand in a cell with enough
    people of their own group. Everybody else is counted in the nearest such cell; a group without
    one is one cell at its middle. Middles are rounded to two decimals.
    """
    known = np.isfinite(position).all(axis=1)
    position, group = position[known], group[known]
    radius = _radius(position, group, n_groups, smallest)
    layers = []
    for label in (-1, *range(n_groups)):
        here = position[group == label]
        centre, count = _layer(here, radius, smallest)
        layers.append(Layer(None if label < 0 else label, len(here), centre, count))
    return Cells(radius, smallest, tuple(layers))


def _radius(
    position: NDArray[np.float64], group: NDArray[np.int32], n_groups: int, smallest: int
) -> float:
    """Return the finest radius at which most people stand among enough of their own group."""
    if not len(position):
        return 1.0
    low, high = quantiles(position, (0.02, 0.98))
    extent = float((high - low).max())
    if extent <= 0.0:
        return 1.0
    share = _FINEST
    while share < _COARSEST:
        radius = _two_digits(extent * share)
        column, row = _cell_of(position, radius)
        _, place, count = np.unique(
            _key(column, row) * (n_groups + 1) + group + 1, return_inverse=True, return_counts=True
        )
        if (count[place] >= smallest).mean() >= _ENOUGH:
            return radius
        share *= _STEP
    return _two_digits(extent * _COARSEST)


def _two_digits(value: float) -> float:
    return float(f"{value:.1e}")


def _layer(
    here: NDArray[np.float64], radius: float, smallest: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    nothing = np.empty((0, 2)), np.empty(0, np.int64)
    if len(here) < smallest:
        return nothing
    column, row = _cell_of(here, radius)
    _, first, count = np.unique(_key(column, row), return_index=True, return_counts=True)
    centre = _centre_of(column[first], row[first], radius)
    enough = count >= smallest
    if not enough.any():
        column, row = _cell_of(here.mean(axis=0, keepdims=True), radius)
        return _centre_of(column, row, radius), np.array([len(here)])
    kept, people = centre[enough], count[enough].astype(np.int64)
    few = centre[~enough]
    step = max(_PIECE // len(kept), 1)
    for start in range(0, len(few), step):
        part = few[start : start + step]
        nearest = ((part[:, None, :] - kept[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        np.add.at(people, nearest, count[~enough][start : start + step])
    return kept, people


def _key(column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one number for a cell; columns and rows stay far below 2^20."""
    return (row + (1 << 20)) * (1 << 21) + column + (1 << 20)


def _cell_of(
    point: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return column and row of the hexagon in which each point lies."""
    wide, high = radius * math.sqrt(3.0), radius * 1.5
    guess = np.rint(point[:, 1] / high).astype(np.int64)
    best_column = np.zeros(len(point), np.int64)
    best_row, nearest = best_column.copy(), np.full(len(point), np.inf)
    for row in (guess - 1, guess, guess + 1):
        column = np.rint(point[:, 0] / wide - (row % 2) / 2).astype(np.int64)
        away = ((_centre(column, row, radius) - point) ** 2).sum(axis=1)
        nearer = away < nearest
        nearest[nearer] = away[nearer]
        best_column[nearer], best_row[nearer] = column[nearer], row[nearer]
    return best_column, best_row


def _centre(
    column: NDArray[np.int64], row: NDArray[np.int64], radius: float
) -> NDArray[np.float64]:
    x = (column + (row % 2) / 2) * radius * math.sqrt(3.0)
    return np.stack((x, row * radius * 1.5), axis=1)


def _centre_of(
    column: NDArray[np.int64], row: NDArray[np.int64], radius: float
) -> NDArray[np.float64]:
    rounded: NDArray[np.float64] = np.round(_centre(column, row, radius), DECIMALS)
    return rounded


def cells_as_json(cells: Cells) -> dict[str, object]:
    """Return the cells as the document tells them."""
    rows = [zip(layer.centre.tolist(), layer.count.tolist(), strict=True) for layer in cells.layers]
    return {
        "radius": cells.radius,
        "smallest": cells.smallest,
        "layers": [
            {
                "group": layer.group,
                "people": layer.people,
                "cells": [{"x": x, "y": y, "people": people} for (x, y), people in row],
            }
            for layer, row in zip(cells.layers, rows, strict=True)
        ],
    }
