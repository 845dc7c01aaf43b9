"""k-means on few weighted points, the same whatever the order of the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRID_ABOVE = 2_500
CELL = 0.06


def weighted_cells(
    position: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Gather people who stand (almost) in the same place, in an order of their own.

    Parameters
    ----------
    position : ndarray of shape (N, 2)
        Map units.
    weight : ndarray of shape (N,)
        Weight of each, > 0.

    Returns
    -------
    centre : ndarray of shape (M, 2)
        Weighted mean of the people of each cell, in the order of the grid.
    mass : ndarray of shape (M,)
        Weight of each cell.
    cell : ndarray of shape (N,)
        Cell of each person.

    Notes
    -----
    Up to 2,500 people a cell is one place (nine decimals of the spread); above, a square of
    0.06 standard deviations, far below the size of a base cluster. The origin of the grid is
    shifted so that places of symmetry fall inside squares, not on borders.
    """
    spread = float(np.sqrt(np.mean((position - position.mean(axis=0)) ** 2)))
    side = spread * (CELL if len(position) > GRID_ABOVE else 1e-9)
    if side == 0.0:
        side = 1.0
    corner = np.floor(position / side + (0.3819660113, 0.2763932023)).astype(np.int64)
    corner -= corner.min(axis=0)
    number = corner[:, 0] * (int(corner[:, 1].max()) + 1) + corner[:, 1]
    _, cell = np.unique(number, return_inverse=True)
    mass = np.bincount(cell, weight).astype(np.float64, copy=False)
    centre = _means(position, weight, cell, mass)
    return centre, mass, cell


def split_start(
    point: NDArray[np.float64], weight: NDArray[np.float64], n_clusters: int
) -> NDArray[np.float64]:
    """Return starting centres by halving the widest cluster again and again.

    Parameters
    ----------
    point : ndarray of shape (M, 2)
        Places.
    weight : ndarray of shape (M,)
        Weight of each, > 0.
    n_clusters : int
        Centres wanted; fewer come back where there are fewer places.

    Returns
    -------
    ndarray of shape (at most n_clusters, 2)
        Centres.

    Notes
    -----
    The cluster with the largest sum of squares is cut at its mean across its longest axis.

    References
    ----------
    Su, T. and Dy, J. G. (2007). In search of deterministic methods for initializing k-means
    and Gaussian mixture clustering. Intelligent Data Analysis 11 (PCA-Part).
    """
    parts = [np.arange(len(point))]
    shapes = [_shape(point, weight, parts[0])]
    while len(parts) < n_clusters:
        widest = int(np.argmax([shape[0] for shape in shapes]))
        spread, middle, axis = shapes[widest]
        if spread <= 0.0:
            break
        members = parts[widest]
        above = (point[members] - middle) @ axis > 0.0
        if above.all() or not above.any():
            shapes[widest] = (0.0, middle, axis)
            continue
        parts[widest], later = members[~above], members[above]
        shapes[widest] = _shape(point, weight, parts[widest])
        parts.append(later)
        shapes.append(_shape(point, weight, later))
    return np.array([shape[1] for shape in shapes])


def lloyd(
    point: NDArray[np.float64],
    weight: NDArray[np.float64],
    centre: NDArray[np.float64],
    *,
    steps: int = 100,
    tolerance: float = 1e-10,
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Move centres to the mean of the points nearest to them until they rest.

    Parameters
    ----------
    point : ndarray of shape (M, D)
        Places.
    weight : ndarray of shape (M,)
        Weight of each.
    centre : ndarray of shape (K, D)
        Where the centres start; a centre without points stays.
    steps : int
        Most rounds.
    tolerance : float
        End when no centre moves farther (map units).

    Returns
    -------
    centre : ndarray of shape (K, D)
        Means of the clusters.
    label : ndarray of shape (M,)
        Cluster of each point, the cluster it was averaged in.
    """
    for _ in range(steps):
        label = nearest(point, centre)
        mass = np.bincount(label, weight, len(centre)).astype(np.float64, copy=False)
        moved = np.where(mass[:, None] > 0, _means(point, weight, label, mass), centre)
        shift = float(np.abs(moved - centre).max(initial=0.0))
        centre = moved
        if shift <= tolerance:
            break
    return centre, label


def nearest(point: NDArray[np.float64], centre: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the nearest centre of each point, the first where several are as near."""
    # |p|² is the same for every centre, and a product is quicker than differences.
    middle = centre.mean(axis=0)
    away = centre - middle
    distance = (point - middle) @ (-2.0 * away.T)
    distance += np.einsum("kd,kd->k", away, away)
    label: NDArray[np.intp] = distance.argmin(axis=1)
    return label


def best_starts(
    point: NDArray[np.float64],
    weight: NDArray[np.float64],
    n_clusters: int,
    restarts: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Run k-means from many starts at once.

    Parameters
    ----------
    point : ndarray of shape (B, D)
        Few places (base clusters), in an order that does not depend on the input's.
    weight : ndarray of shape (B,)
        Weight of each.
    n_clusters : int
        Number of clusters.
    restarts : int
        Random starts (k-means++), beside one by halving.
    seed : int
        Seed of the random starts.

    Returns
    -------
    centre : ndarray of shape (restarts + 1, n_clusters, D)
        Resting places, best first.
    inertia : ndarray of shape (restarts + 1,)
        Weighted sum of squared distances, increasing.

    References
    ----------
    Arthur, D. and Vassilvitskii, S. (2007). k-means++. SODA.
    """
    centre = _spread_starts(point, weight, n_clusters, restarts, seed)
    halved = split_start(point, weight, n_clusters)
    if len(halved) == n_clusters:
        centre = np.concatenate((halved[None], centre))
    for _ in range(100):
        distance = _distances(point, centre)
        own = (distance.argmin(axis=2)[:, :, None] == np.arange(n_clusters)) * weight[None, :, None]
        mass = own.sum(axis=1)
        sums = np.matmul(own.transpose(0, 2, 1), point)
        safe = np.where(mass > 0, mass, 1.0)[:, :, None]
        moved = np.where(mass[:, :, None] > 0, sums / safe, centre)
        still = np.abs(moved - centre).max() <= 1e-10
        centre = moved
        if still:
            break
    away = weight @ (point**2).sum(axis=1)
    inertia = np.maximum(_distances(point, centre).min(axis=2) @ weight + away, 0.0)
    order = np.argsort(inertia, kind="stable")
    return centre[order], inertia[order]


def _distances(point: NDArray[np.float64], centre: NDArray[np.float64]) -> NDArray[np.float64]:
    # Squared distances less what is the same for every centre; shape (starts, points, centres).
    product = np.matmul(point, centre.transpose(0, 2, 1))
    result: NDArray[np.float64] = (centre**2).sum(axis=2)[:, None, :] - 2.0 * product
    return result


def _spread_starts(
    point: NDArray[np.float64],
    weight: NDArray[np.float64],
    n_clusters: int,
    restarts: int,
    seed: int,
) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    centre = np.empty((restarts, n_clusters, point.shape[1]))
    nearest_squared = np.ones((restarts, len(point)))
    for number in range(n_clusters):
        mass = np.cumsum(nearest_squared * weight, axis=1)
        aim = rng.random((restarts, 1)) * mass[:, -1:]
        chosen = np.minimum((mass < aim).sum(axis=1), len(point) - 1)
        centre[:, number] = point[chosen]
        distance = ((point[None] - centre[:, number, None]) ** 2).sum(axis=2)
        nearest_squared = distance if number == 0 else np.minimum(nearest_squared, distance)
    return centre


def _means(
    point: NDArray[np.float64],
    weight: NDArray[np.float64],
    label: NDArray[np.intp],
    mass: NDArray[np.float64],
) -> NDArray[np.float64]:
    safe = np.where(mass > 0, mass, 1.0)
    return np.stack(
        [np.bincount(label, weight * column, len(mass)) / safe for column in point.T], axis=1
    )


def _shape(
    point: NDArray[np.float64], weight: NDArray[np.float64], members: NDArray[np.intp]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    places, mass = point[members], weight[members]
    middle = mass @ places / mass.sum()
    away = places - middle
    scatter = (away * mass[:, None]).T @ away
    if len(members) < 2:
        return 0.0, middle, np.ones(point.shape[1])
    if point.shape[1] == 1:
        return float(scatter[0, 0]), middle, np.ones(1)
    return float(np.trace(scatter)), middle, _long_axis(scatter)


def _long_axis(scatter: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(scatter) > 2:
        longest: NDArray[np.float64] = np.linalg.eigh(scatter)[1][:, -1]
        return longest
    turn = 0.5 * np.arctan2(2.0 * scatter[0, 1], scatter[0, 0] - scatter[1, 1])
    return np.array([np.cos(turn), np.sin(turn)])
