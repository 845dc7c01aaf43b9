"""The two leading components of a sparse matrix, by Lanczos with full orthogonalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hiwar.engine.opinion.residuals import Residuals

    Operator = Callable[[NDArray[np.float64]], NDArray[np.float64]]

TOLERANCE = 1e-12
CHECK_EVERY = 4


def principal_components(
    centred: Residuals, n_components: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the leading components of the imputed and centred vote matrix.

    Parameters
    ----------
    centred : Residuals
        N participants, C statements.
    n_components : int
        How many, at least 1.

    Returns
    -------
    component : ndarray of shape (n_components, C)
        Unit length, or all zero where the matrix has no such component. The sign is fixed
        by `fix_sign`.
    eigenvalue : ndarray of shape (n_components,)
        Sum of squares along each component, >= 0, decreasing.

    Notes
    -----
    With ``r`` the residuals and ``W`` the weights, these are the leading eigenvectors of
    ``r' W r``, reached by products with the sparse ``r`` only: O(votes) for each step. The
    start is fixed; steps end when both residuals are below 1e-12 of the leading eigenvalue.

    References
    ----------
    Lanczos, C. (1950). An iteration method for the solution of the eigenvalue problem.
    Parlett, B. N. (1998). The Symmetric Eigenvalue Problem, chapter 13.
    """
    value, vector = leading_eigenpairs(
        gram_operator(centred), centred.matrix.shape[1], n_components
    )
    sign = np.array([fix_sign(row, centred.mean) for row in vector])
    return vector * sign[:, None], value


def gram_operator(centred: Residuals) -> Operator:
    """Return the product of a vector with ``r' W r``."""
    matrix, weight = centred.matrix.product, centred.weight
    transposed = matrix.T

    def product(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        score = matrix @ vector
        if weight is not None:
            score *= weight
        result: NDArray[np.float64] = transposed @ score
        return result

    return product


def leading_eigenpairs(
    product: Operator,
    size: int,
    n_pairs: int,
    *,
    tolerance: float = TOLERANCE,
    start: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the largest eigenvalues, and their vectors as rows, of a positive operator.

    Missing pairs (rank too small) are zero.
    """
    value, vector = np.zeros(n_pairs), np.zeros((n_pairs, size))
    if size == 0:
        return value, vector
    steps = min(size, 400)
    basis = np.empty((steps, size))
    diagonal, beside = np.empty(steps), np.zeros(steps)
    current = _generic(size, 0) if start is None else start
    ended = 0
    for step in range(steps):
        basis[step] = current
        following = product(current)
        diagonal[step] = current @ following
        following = _orthogonalise(following, basis[: step + 1])
        beside[step] = np.linalg.norm(following)
        top = max(diagonal[: step + 1].max(), 0.0)
        if beside[step] <= 1e-13 * top or top == 0.0:
            # The space is used up; one more beginning finds what the first could not see.
            ended += 1
            beside[step] = 0.0
            following = _orthogonalise(_generic(size, step + 1), basis[: step + 1])
        elif step + 1 >= n_pairs and step % CHECK_EVERY == 0:
            ritz, inner = _tridiagonal(diagonal[: step + 1], beside[:step])
            if np.abs(beside[step] * inner[-1, -n_pairs:]).max() <= tolerance * ritz[-1]:
                break
        length = np.linalg.norm(following)
        if ended > n_pairs or length <= 1e-9:
            break
        current = following / length
    n_kept = min(n_pairs, step + 1)
    ritz, inner = _tridiagonal(diagonal[: step + 1], beside[:step])
    value[:n_kept] = np.maximum(ritz[::-1][:n_kept], 0.0)
    vector[:n_kept] = inner[:, ::-1][:, :n_kept].T @ basis[: step + 1]
    vanished = value <= 1e-12 * max(value[0], 1e-300)
    value[vanished], vector[vanished] = 0.0, 0.0
    return value, vector


def fix_sign(
    loading: NDArray[np.float64], mean: NDArray[np.float64], tolerance: float = 1e-7
) -> float:
    """Return +1 or -1, whichever makes the first decisive odd sum over statements positive.

    Sums do not depend on the order of statements, and no two statements can tie for being
    the largest.
    """
    size = np.abs(loading)
    for term in (loading * size, loading**3, loading, loading * mean):
        total = float(np.sum(np.sort(term)))
        if abs(total) > tolerance * float(np.abs(term).sum()):
            return 1.0 if total > 0 else -1.0
    return 1.0


def _tridiagonal(
    diagonal: NDArray[np.float64], beside: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # The dense routine has less to set up, which counts while the matrix is small.
    if len(diagonal) > 64:
        from scipy.linalg import eigh_tridiagonal

        value, vector = eigh_tridiagonal(diagonal, beside)
    else:
        value, vector = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
    return value, vector


def _orthogonalise(vector: NDArray[np.float64], basis: NDArray[np.float64]) -> NDArray[np.float64]:
    # Twice is enough: one pass leaves cancellation errors of the size of what it removed.
    for _ in range(2):
        vector = vector - (basis @ vector) @ basis
    return vector


def _generic(size: int, turn: int) -> NDArray[np.float64]:
    # A pattern without symmetry, so that no component is orthogonal to it by construction.
    vector = 1.0 + 0.5 * np.sin((np.arange(size) + 1.0) * (1.618 + 0.7 * turn) ** 2 + turn)
    unit: NDArray[np.float64] = vector / max(float(np.linalg.norm(vector)), 1e-300)
    return unit
