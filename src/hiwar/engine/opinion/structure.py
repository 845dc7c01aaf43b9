"""How many axes of the map say more than chance would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.pca import leading_eigenpairs
from hiwar.engine.opinion.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.plane import Plane
    from hiwar.engine.opinion.results import Parameters

DRAWS = 12
DEVIATIONS = 3.5
MAX_VOTES = 60_000


def significant_axes(plane: Plane, member: NDArray[np.intp], parameters: Parameters) -> int:
    """Count the leading axes that carry more than the same votes would without any pattern.

    Parameters
    ----------
    plane : Plane
        The fitted map.
    member : ndarray of shape (M,)
        People who are above the threshold of votes.
    parameters : Parameters
        `seed`.

    Returns
    -------
    int
        0, 1 or 2.

    Notes
    -----
    Parallel analysis: every residual gets a random sign, which leaves who voted on what, how
    far each vote is from the mean of its statement, and the variance of each statement, and
    destroys every agreement between statements. An axis counts when its eigenvalue is more than
    3.5 standard deviations above the mean of the same eigenvalue in 12 draws: the largest
    eigenvalue of noise follows the Tracy-Widom law, whose upper thousandth lies there. Beyond
    60,000 votes a systematic sample of people along the first axis is taken. People and
    statements are put in an order of their own before signs are drawn, so that the answer does
    not depend on the order of the input.

    References
    ----------
    Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis.
    Johnstone, I. M. (2001). On the distribution of the largest eigenvalue in principal
    components analysis. Annals of Statistics 29.
    Hong, D., Sheng, Y., Dobriban, E. (2020). Selecting the number of components in PCA via
    random signflips. arXiv:2012.02985.
    """
    matrix = _canonical(plane, member)
    if matrix.nnz == 0:
        return 0
    observed = _eigenvalues(matrix, matrix.data)
    rng = np.random.default_rng(parameters.seed)
    drawn = np.empty((DRAWS, 2))
    for draw in drawn:
        sign = rng.integers(0, 2, len(matrix.data), dtype=np.int8) * 2.0 - 1.0
        draw[:] = _eigenvalues(matrix, matrix.data * sign)
    limit = drawn.mean(axis=0) + DEVIATIONS * drawn.std(axis=0, ddof=1)
    is_more = observed > limit * (1.0 + 1e-9)
    if not is_more[0]:
        return 0
    return 2 if is_more[1] else 1


def systematic_sample(plane: Plane, member: NDArray[np.intp], most_votes: int) -> NDArray[np.intp]:
    """Take every n-th person along the first axis, so many that they have about so many votes.

    Parameters
    ----------
    plane : Plane
        The fitted map.
    member : ndarray of shape (M,)
        People to choose from; those with weight 0 are left out.
    most_votes : int
        Everybody is taken while they have no more.

    Returns
    -------
    ndarray of shape (at most M,)
        In an order that does not depend on the input's.
    """
    centred = plane.centred
    if centred.weight is not None:
        member = member[centred.weight[member] > 0]
    here = np.round(plane.position[member], 7)
    member = member[_along(here)]
    lengths = np.diff(centred.matrix.indptr)[member]
    step = -(-int(lengths.sum()) // most_votes)
    return member[:: max(step, 1)]


def _along(place: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the order along the first axis, along the second where the first is the same."""
    first, second = place.T
    order: NDArray[np.intp] = np.argsort(first)
    # Sorting by two keys takes twice as long, and few share their first. Whom sorting leaves in
    # any order is put in one here, so that it does not matter how it is done.
    equal = first[order[1:]] == first[order[:-1]]
    tied = np.zeros(len(order), np.bool_)
    tied[1:] |= equal
    tied[:-1] |= equal
    some = np.sort(order[tied])
    order[tied] = some[np.lexsort((second[some], first[some]))]
    return order


def _canonical(plane: Plane, member: NDArray[np.intp]) -> Rows:
    sample = plane.centred.matrix.take(systematic_sample(plane, member, MAX_VOTES))
    loading = np.round(plane.component, 7)
    return sample.reordered(np.lexsort((loading[1], loading[0])))


def _eigenvalues(matrix: Rows, data: NDArray[np.floating]) -> NDArray[np.float64]:
    flipped = Rows(data, matrix.indices, matrix.indptr, matrix.shape).product
    transposed = flipped.T

    def product(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        result: NDArray[np.float64] = transposed @ (flipped @ vector)
        return result

    value, _ = leading_eigenpairs(product, matrix.shape[1], 2, tolerance=1e-2)
    return value
