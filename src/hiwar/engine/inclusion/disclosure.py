"""Hide small cells of a table, and enough others that nobody can work them out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    _Index = tuple[slice, ...]

LARGE_MAJORITY = 0.9
# A total serves more readers than a cell: hiding one costs as much as hiding five cells.
MARGIN_COST = 5.0
MOST_MOVES = 40


@dataclass(frozen=True, eq=False)
class Suppression:
    """Which cells of a table with its totals are hidden.

    Attributes
    ----------
    table : ndarray of shape (d_1 + 1, …, d_n + 1), int64
        Counts with totals at the last place of every axis.
    hidden : ndarray of the same shape, bool
        Cells that must not be shown.
    primary : ndarray of the same shape, bool
        The hidden cells that are themselves too small, or named as sensitive.
    is_safe : bool
        False when the public cells alone give a small cell away (to within the protection);
        nothing that is hidden may then be hinted at, and the public cells need a second look.
    """

    table: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    primary: NDArray[np.bool_]
    is_safe: bool

    def shown(self) -> NDArray[np.float64]:
        """Return the table with nan where a cell is hidden; same shape."""
        return np.where(self.hidden, np.nan, self.table)


def with_totals(counts: ArrayLike) -> NDArray[np.int64]:
    """Append the sum along every axis.

    Parameters
    ----------
    counts : array_like of shape (d_1, …, d_n)
        Counts of people, >= 0.

    Returns
    -------
    ndarray of shape (d_1 + 1, …, d_n + 1), int64

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Examples
    --------
    >>> with_totals([[1, 2], [3, 4]]).tolist()
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    raw = np.asarray(counts)
    table = raw.astype(np.int64)
    if (table != raw).any() or (table < 0).any():
        msg = "counts must be whole and not negative"
        raise ValueError(msg)
    for axis in range(table.ndim):
        table = np.concatenate((table, table.sum(axis=axis, keepdims=True)), axis=axis)
    return table


def suppress(
    counts: ArrayLike,
    threshold: int,
    *,
    protection: int | None = None,
    sensitive: NDArray[np.bool_] | None = None,
    public: NDArray[np.bool_] | None = None,
    unpublished: NDArray[np.bool_] | None = None,
) -> Suppression:
    """Choose the cells to hide in a table of people that is shown with its totals.

    Parameters
    ----------
    counts : array_like of shape (d_1, …, d_n)
        Counts of people without totals; one, two or three axes.
    threshold : int
        Cells of 1 … threshold - 1 people are hidden, totals too. A cell of 0 is shown: that
        nobody is there singles out nobody. What a whole category answered alike is guarded by
        `large_majority` and `sensitive`.
    protection : int, optional
        A hidden cell must be possible over a range at least so wide; the threshold by default.
    sensitive : ndarray of shape (d_1 + 1, …, d_n + 1), bool, optional
        Further cells to hide as if they were small.
    public : ndarray of that shape, bool, optional
        Cells known from elsewhere, which hiding cannot take back.
    unpublished : ndarray of that shape, bool, optional
        Cells that are shown in no table. Two tables that share a margin are the margins of one
        larger table whose inside is unpublished; they must be suppressed together in this way.

    Returns
    -------
    Suppression

    Raises
    ------
    ValueError
        If a count is negative or not whole, or the threshold is below 1.

    Notes
    -----
    With totals as cells, take a small cell and one that differs from it on every axis: they span
    a box of 2^n corners. Adding t to one corner and ∓t to its neighbours leaves every sum as it
    is, so if all corners are hidden, each can be any whole number within a range as wide as the
    smallest falling plus the smallest rising corner allow. For each small cell the cheapest box
    that is wide enough is hidden (cells count 1, totals 5 per axis, larger counts slightly more).
    Where no single box is wide enough, boxes are added until moving along several of them, one
    after the other, does it. At the end every extra cell is shown again if all small cells stay
    protected without it. Each range is proven by counts that were reached, so protection does not
    rest on the search being optimal; `attack.feasible_intervals` checks it independently. The
    attacker is assumed to know all that is shown, the totals, and that people cannot be negative;
    not which hidden cell is a small one.

    References
    ----------
    Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, sections 5.4 and 5.6
    (secondary suppression; the hypercube method of R. D. Repsilber).

    Examples
    --------
    >>> s = suppress([[20, 3, 30], [25, 40, 35], [30, 22, 28]], 5)
    >>> s.shown()[:3, :3].tolist()
    [[nan, nan, 30.0], [25.0, 40.0, 35.0], [nan, nan, 28.0]]
    """
    if threshold < 1:
        msg = f"threshold {threshold} is below 1"
        raise ValueError(msg)
    table = with_totals(counts)
    none = np.zeros(table.shape, np.bool_)
    public = none if public is None else public
    small = (table > 0) & (table < threshold)
    primary = (small | (none if sensitive is None else sensitive)) & ~public
    free = none if unpublished is None else unpublished & ~public
    primary &= ~free
    search = _Search(table, primary | free, public, protection or threshold)
    cells = [tuple(cell) for cell in np.argwhere(primary).tolist()]
    cells.sort(key=lambda cell: (int(table[cell]), cell))
    if all(search.protect(cell) for cell in cells):
        search.show_again(cells, primary | free)
        is_safe = True
    else:
        search.hidden = ~public
        is_safe = all(search.is_protected(cell) for cell in cells)
    return Suppression(table, search.hidden, primary, is_safe)


def large_majority(counts: ArrayLike, share: float = LARGE_MAJORITY) -> NDArray[np.int64]:
    """Find where one answer is so common that the count tells how each person answered.

    Parameters
    ----------
    counts : array_like of shape (…, n_answers)
        Counts of people by answer.
    share : float
        Share from which an answer counts as a large majority, in (0.5, 1].

    Returns
    -------
    ndarray of shape (…), int64
        The answer, or -1 for none. Nobody's answers have no majority.

    Examples
    --------
    >>> large_majority([[19, 1, 0], [10, 10, 0], [0, 0, 0]]).tolist()
    [0, -1, -1]
    """
    people = np.asarray(counts)
    seen, most = people.sum(axis=-1), people.max(axis=-1)
    return np.where((seen > 0) & (most >= share * seen), people.argmax(axis=-1), -1)


class _Search:
    """The hidden cells so far, and the boxes that could be hidden next."""

    def __init__(
        self,
        table: NDArray[np.int64],
        hidden: NDArray[np.bool_],
        public: NDArray[np.bool_],
        protection: int,
    ) -> None:
        self.table, self.hidden, self.public = table, hidden.copy(), public
        self.protection = protection
        place = np.indices(table.shape)
        totals = sum(place[a] == n - 1 for a, n in enumerate(table.shape))
        self.sign = 1 - 2 * (np.asarray(totals) % 2)
        self.cost = MARGIN_COST ** np.asarray(totals) + 0.01 * np.log1p(table)

    def protect(self, cell: tuple[int, ...]) -> bool:
        """Hide what it takes to protect a cell; tell whether that was possible."""
        while True:
            width, cost = self._boxes(cell)
            wide = width >= self.protection
            if wide.any():
                self._hide(cell, int(np.where(wide, cost, np.inf).argmin()))
                return True
            if self._reach(cell) >= self.protection:
                return True
            gain = np.where((width > 0) & (cost > 0), width / np.maximum(cost, 1e-9), 0)
            if not gain.any():
                return False
            self._hide(cell, int(gain.argmax()))

    def is_protected(self, cell: tuple[int, ...]) -> bool:
        width, cost = self._boxes(cell)
        by_box = bool(((width >= self.protection) & (cost == 0)).any())
        return by_box or self._reach(cell) >= self.protection

    def show_again(self, cells: list[tuple[int, ...]], needed: NDArray[np.bool_]) -> None:
        """Show every extra cell that no small cell needs, the dearest first."""
        extra = [tuple(cell) for cell in np.argwhere(self.hidden & ~needed).tolist()]
        for cell in sorted(extra, key=lambda cell: (-float(self.cost[cell]), cell)):
            self.hidden[cell] = False
            self.hidden[cell] = not all(self.is_protected(small) for small in cells)

    def _boxes(self, cell: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Width and cost of the box that `cell` spans with every other cell; table's shape."""
        rising, falling = self._room(cell, self.table)
        cost = np.zeros(self.table.shape)
        for at, _ in self._corners(cell):
            price = np.where(self.public[at], np.inf, self.cost[at])
            cost = cost + np.where(self.hidden[at], 0.0, price)
        return np.where(np.isinf(cost), 0.0, rising + falling), cost

    def _room(
        self, cell: tuple[int, ...], table: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How far `cell` can rise and fall with each box; 0 for what spans no box."""
        rising, falling = np.full(table.shape, np.inf), np.full(table.shape, np.inf)
        for at, up in self._corners(cell):
            count = table[at].astype(np.float64)
            rising = np.minimum(rising, np.where(up, np.inf, count))
            falling = np.minimum(falling, np.where(up, count, np.inf))
        for axis, place in enumerate(cell):
            flat = (slice(None),) * axis + (place,)
            rising[flat] = falling[flat] = 0
        return rising, falling

    def _corners(self, cell: tuple[int, ...]) -> Iterator[tuple[_Index, NDArray[np.bool_]]]:
        """Each corner of all boxes of `cell` at once, and whether it rises with `cell`."""
        for moved in product((False, True), repeat=len(cell)):
            at = tuple(
                slice(None) if far else slice(c, c + 1) for far, c in zip(moved, cell, strict=True)
            )
            yield at, self.sign[at] * self.sign[cell] * (-1) ** sum(moved) > 0

    def _reach(self, cell: tuple[int, ...]) -> int:
        """Range of counts that `cell` takes when hidden boxes are moved one after the other."""
        usable = np.ones(self.table.shape, np.bool_)
        for at, _ in self._corners(cell):
            usable = usable & self.hidden[at]
        reached = []
        for direction in (0, 1):
            table = self.table.copy()
            for _ in range(MOST_MOVES):
                room = np.where(usable, self._room(cell, table)[direction], 0.0)
                step = min(room.max(), self.protection)
                if step < 1 or abs(int(table[cell] - self.table[cell])) >= self.protection:
                    break
                self._move(table, cell, int(room.argmax()), int(step) * (1 - 2 * direction))
            reached.append(int(table[cell]))
        return reached[0] - reached[1]

    def _move(
        self, table: NDArray[np.int64], cell: tuple[int, ...], opposite: int, step: int
    ) -> None:
        far = tuple(int(i) for i in np.unravel_index(opposite, table.shape))
        for moved in product((False, True), repeat=len(cell)):
            corner = tuple(f if m else c for m, f, c in zip(moved, far, cell, strict=True))
            table[corner] += step * self.sign[corner] * self.sign[cell] * (-1) ** sum(moved)

    def _hide(self, cell: tuple[int, ...], opposite: int) -> None:
        """Hide the corners of the box that `cell` spans with the cell of that flat number."""
        far = np.unravel_index(opposite, self.table.shape)
        sides = [sorted({near, int(other)}) for near, other in zip(cell, far, strict=True)]
        self.hidden[np.ix_(*sides)] = True
