"""Weights that bring a self-selected group of people closer to a known population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

SUM_TOLERANCE = 0.01
# Factors would grow without end where the caps forbid the targets.
LOG_LIMIT = 60.0
STANDSTILL, STILL_ROUNDS = 1e-12, 20


@dataclass(frozen=True, eq=False)
class Weights:
    """One weight per person and what it cost.

    Attributes
    ----------
    weight : ndarray of shape (n_people,)
        In [low, high]; 1 where every attribute of the person is missing.
    is_converged : bool
        True when every weighted share is within the tolerance of its target.
    iterations : int
        Rounds over all attributes, >= 1.
    largest_gap : float
        Largest difference between a weighted share and its target, in [0, 1].
    effective_sample_size : float
        Size of an unweighted sample that would be as precise, in (0, n_people].
    design_effect : float
        n_people / effective_sample_size, >= 1.
    minimum, maximum : float
        Smallest and largest weight.
    n_at_bound : int
        People whose weight stands at a cap.
    """

    weight: NDArray[np.float64]
    is_converged: bool
    iterations: int
    largest_gap: float
    effective_sample_size: float
    design_effect: float
    minimum: float
    maximum: float
    n_at_bound: int


@dataclass(frozen=True, eq=False)
class _Margin:
    """Members of each category of one attribute as lists of cells, and the totals to reach."""

    cells: tuple[NDArray[np.intp], ...]
    total: NDArray[np.float64]
    known: float


def rake(
    attributes: Mapping[str, Sequence[str | None]],
    targets: Mapping[str, Mapping[str, float]],
    *,
    bounds: tuple[float, float] = (0.33, 3.0),
    tolerance: float = 1e-6,
    max_iterations: int = 500,
) -> Weights:
    """Find weights whose weighted shares meet known shares, none smaller or larger than allowed.

    Parameters
    ----------
    attributes : mapping of str to sequence of length n_people
        Category of each person for each attribute; None where it is not known.
    targets : mapping of str to mapping of str to float
        Share in (0, 1] of each category in the population. Attributes without a target are
        not used. Shares are scaled to sum to 1 when they miss it by at most 0.01.
    bounds : tuple of float
        Smallest and largest weight, 0 <= low <= 1 <= high.
    tolerance : float
        Largest difference of shares that counts as met.
    max_iterations : int
        Rounds over all attributes.

    Returns
    -------
    Weights
        `is_converged` is False when the caps do not allow the targets; the weights are then
        the nearest that were reached and `largest_gap` says how near.

    Raises
    ------
    ValueError
        If an attribute is unknown or of another length, a category has a target but nobody in
        it or people but no target, shares do not sum to 1, or the bounds exclude 1.

    Notes
    -----
    Iterative proportional fitting: a person's weight is the product of one factor per known
    attribute, clipped to the bounds, ``w = min(max(∏ f, low), high)``. Each step solves for the
    factor of one category so that the *clipped* weights sum to target × (number of people whose
    category is known). Without active caps this is classical raking; with them it is the solution
    of least Kullback-Leibler distance from equal weights among all that respect the caps, unlike
    the common "rake, trim, rake again", which need not settle.

    A missing category is neutral: it gives the factor 1, so somebody without any known attribute
    keeps weight 1. The result does not depend on the order of people or of attributes, up to the
    tolerance.

    References
    ----------
    Deming, W. E. and Stephan, F. F. (1940). Annals of Mathematical Statistics 11, 427-444.
    Deville, J.-C., Särndal, C.-E. and Sautory, O. (1993). Generalized raking procedures in survey
    sampling. Journal of the American Statistical Association 88, 1013-1020, section 2.

    Examples
    --------
    >>> w = rake({"sex": ["f"] * 4 + ["m"] * 6}, {"sex": {"f": 0.5, "m": 0.5}})
    >>> [round(float(x), 4) for x in (w.weight[0], w.weight[9], w.effective_sample_size)]
    [1.25, 0.8333, 9.6]
    """
    low, high = bounds
    if not 0 <= low <= 1 <= high:
        msg = f"bounds {low} … {high} must enclose 1 and not be negative"
        raise ValueError(msg)
    codes, shares = _codes(attributes, targets)
    cells, cell_of, size = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    margins = [_margin(cells[:, a], size, share) for a, share in enumerate(shares)]
    logs = np.zeros(len(cells))
    before = np.ones(len(cells))
    iterations, still, gap = 0, 0, _gap(margins, size, before)
    while gap > tolerance and iterations < max_iterations:
        for margin in margins:
            for members, total in zip(margin.cells, margin.total, strict=True):
                logs[members] += _step(logs[members], size[members], total, bounds)
        np.clip(logs, -LOG_LIMIT, LOG_LIMIT, out=logs)
        iterations += 1
        reached = _clipped(logs, bounds)
        gap = _gap(margins, size, reached)
        still = still + 1 if np.abs(reached - before).max() < STANDSTILL else 0
        if still == STILL_ROUNDS:
            break
        before = reached
    weight = _clipped(logs, bounds)[cell_of.ravel()]
    n_eff = effective_sample_size(weight)
    return Weights(
        weight=weight,
        is_converged=gap <= tolerance,
        iterations=max(iterations, 1),
        largest_gap=gap,
        effective_sample_size=n_eff,
        design_effect=len(weight) / n_eff if n_eff else float("nan"),
        minimum=float(weight.min(initial=np.inf)),
        maximum=float(weight.max(initial=-np.inf)),
        n_at_bound=int(np.isin(weight, bounds).sum()),
    )


def effective_sample_size(weight: ArrayLike) -> float:
    """Return the size of an equally weighted sample of the same precision.

    Parameters
    ----------
    weight : array_like of shape (n_people,)
        Weights, >= 0.

    Returns
    -------
    float
        (Σw)² / Σw², in [1, n_people]; 0 when nobody has a weight.

    Raises
    ------
    ValueError
        If a weight is negative or not finite.

    References
    ----------
    Kish, L. (1965). Survey Sampling, section 11.7.

    Examples
    --------
    >>> effective_sample_size([1, 1, 1, 1])
    4.0
    """
    w = np.asarray(weight, np.float64)
    if not np.isfinite(w).all() or (w < 0).any():
        msg = "weights must be finite and not negative"
        raise ValueError(msg)
    squares = float((w**2).sum())
    return float(w.sum()) ** 2 / squares if squares else 0.0


def _codes(
    attributes: Mapping[str, Sequence[str | None]], targets: Mapping[str, Mapping[str, float]]
) -> tuple[NDArray[np.int64], list[NDArray[np.float64]]]:
    """Check everything and turn categories into numbers, -1 for missing."""
    if not targets:
        msg = "no targets given"
        raise ValueError(msg)
    if unknown := sorted(set(targets) - set(attributes)):
        msg = f"targets name attributes that nobody has: {', '.join(unknown)}"
        raise ValueError(msg)
    if len({len(attributes[name]) for name in targets}) > 1:
        msg = "attributes differ in the number of people"
        raise ValueError(msg)
    columns, shares = [], []
    for name in sorted(targets):
        share = _shares(name, targets[name])
        number = {category: i for i, category in enumerate(sorted(targets[name]))}
        _check_people(name, attributes[name], number)
        columns.append([-1 if c is None else number[c] for c in attributes[name]])
        shares.append(share)
    return np.array(columns, np.int64).T, shares


def _shares(name: str, target: Mapping[str, float]) -> NDArray[np.float64]:
    share = np.array([target[category] for category in sorted(target)], np.float64)
    if not np.isfinite(share).all() or (share <= 0).any():
        msg = f"{name}: every target must be a share above 0"
        raise ValueError(msg)
    if abs(share.sum() - 1) > SUM_TOLERANCE:
        msg = f"{name}: targets sum to {share.sum():.4g}, not to 1"
        raise ValueError(msg)
    return np.asarray(share / share.sum())


def _check_people(name: str, column: Sequence[str | None], number: Mapping[str, int]) -> None:
    present = {category for category in column if category is not None}
    if missing := sorted(set(number) - present):
        msg = (
            f"{name}: nobody is in {', '.join(missing)}, which has a target; "
            "join the category with another"
        )
        raise ValueError(msg)
    if extra := sorted(present - set(number)):
        msg = f"{name}: people are in {', '.join(extra)}, which has no target"
        raise ValueError(msg)


def _margin(
    category: NDArray[np.int64], size: NDArray[np.int64], share: NDArray[np.float64]
) -> _Margin:
    known = float(size[category >= 0].sum())
    members = tuple(np.flatnonzero(category == c) for c in range(len(share)))
    return _Margin(members, share * known, known)


def _step(
    logs: NDArray[np.float64],
    size: NDArray[np.int64],
    total: float,
    bounds: tuple[float, float],
) -> float:
    """Solve Σ size · clip(exp(logs + t), low, high) = total for t.

    The sum grows with t and is, between two neighbouring points where a cell meets a bound,
    constant plus exp(t) times a constant: so the piece is found first, then solved in closed form.
    """
    edges = np.log([max(bounds[0], 1e-12), bounds[1]])
    points = np.unique(edges[:, None] - logs)
    reached = size @ _clipped(logs[:, None] + points, bounds)
    piece = int(np.searchsorted(reached, total))
    if piece in (0, len(points)):
        return float(points[min(piece, len(points) - 1)])
    middle = logs + (points[piece - 1] + points[piece]) / 2
    free = (middle > edges[0]) & (middle < edges[1])
    fixed = float(size[~free] @ _clipped(middle[~free], bounds))
    if not free.any() or total <= fixed:
        return float(points[piece])
    level = float(logs[free].max())
    mass = float(size[free] @ np.exp(logs[free] - level))
    return float(np.log((total - fixed) / mass)) - level


def _clipped(logs: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.float64]:
    weight: NDArray[np.float64] = np.exp(np.clip(logs, -2 * LOG_LIMIT, 2 * LOG_LIMIT))
    return np.clip(weight, *bounds, out=weight)


def _gap(margins: list[_Margin], size: NDArray[np.int64], weight: NDArray[np.float64]) -> float:
    mass = size * weight
    gaps = [
        abs(float(mass[members].sum()) - float(total)) / margin.known
        for margin in margins
        for members, total in zip(margin.cells, margin.total, strict=True)
    ]
    return max(gaps)
