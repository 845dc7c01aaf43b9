"""Answers by room: small rooms told together, and near-unanimous ones told in steps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.inclusion.disclosure import LARGE_MAJORITY, large_majority, suppress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DISAGREE, PASS, AGREE = 0, 1, 2
PERCENT = 100
MOST_LINES = 16


class Step(IntEnum):
    """How the answers of a row to a statement may be told."""

    HIDDEN = -1
    EXACT = 0
    NEARLY_ALL_AGREE = 1
    AT_LEAST = 2
    BELOW = 3
    NEARLY_ALL_DISAGREE = 4
    NEARLY_ALL_PASS = 5


@dataclass(frozen=True, eq=False)
class Folding:
    """Which rooms are told alone and which together.

    Attributes
    ----------
    row_of_part : ndarray of shape (n_rooms + 1,), int64
        Row of each room and, last, of the people in no room; -1 for all when even together they
        are too few to be told.
    n_rows : int
        Rooms told alone in their order, then the others, then the people in no room.
    others : int
        Row of the rooms that are told together; -1 for none.
    elsewhere : int
        Row of the people in no room where these are told alone; -1 for none.
    """

    row_of_part: NDArray[np.int64]
    n_rows: int
    others: int
    elsewhere: int


@dataclass(frozen=True, eq=False)
class RoomAnswers:
    """What may be told of the answers of each row to each statement.

    Attributes
    ----------
    step : ndarray of shape (n_rows, n_statements), int8
        A `Step`.
    counts : ndarray of shape (n_rows, n_statements, 3), float64
        Disagree, pass, agree where the step is exact; nan elsewhere.
    seen : ndarray of shape (n_rows, n_statements), float64
        Votes, passes included; nan where hidden.
    least, most : ndarray of shape (n_rows, n_statements), float64
        Bounds of the number that agrees as it is told; equal where it is exact, nan where hidden.
    """

    step: NDArray[np.int8]
    counts: NDArray[np.float64]
    seen: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def fold_rooms(people: Sequence[int], elsewhere: int, threshold: int) -> Folding:
    """Tell small rooms together, with as many others as it takes to hide them.

    Parameters
    ----------
    people : sequence of int
        Number of people by room.
    elsewhere : int
        Number of people in no room.
    threshold : int
        Smallest number of people that is told.

    Returns
    -------
    Folding

    Raises
    ------
    ValueError
        If a number is negative or the threshold is below 1.

    Notes
    -----
    The total of everybody is public, so what is left out of a list can be subtracted from it.
    Rooms below the threshold are therefore not left out: they are one row. While that row has
    people but fewer than the threshold, the smallest room that is told alone joins it, the first
    one of equals; when no room is left, the people in no room join it. People in no room who are
    fewer than the threshold join it at once. A room where nobody is adds nobody.

    Examples
    --------
    Nine people are hidden among twenty:

    >>> fold_rooms([34, 11, 18, 9], 0, 10).row_of_part.tolist()
    [0, 2, 1, 2, -1]
    >>> fold_rooms([34, 7, 18, 9], 0, 10).row_of_part.tolist()
    [0, 2, 1, 2, -1]
    """
    if threshold < 1 or min([*people, elsewhere]) < 0:
        msg = f"people {list(people)} and {elsewhere}, threshold {threshold}"
        raise ValueError(msg)
    size = [*people, elsewhere]
    last = len(people)
    folded = {at for at, n in enumerate(people) if n < threshold}
    if 0 < elsewhere < threshold:
        folded.add(last)
    while 0 < sum(size[at] for at in folded) < threshold:
        alone = sorted((n, at) for at, n in enumerate(people) if at not in folded)
        if alone:
            folded.add(alone[0][1])
        elif elsewhere and last not in folded:
            folded.add(last)
        else:
            return Folding(np.full(last + 1, -1, np.int64), 0, -1, -1)
    return _rows(size, folded)


def _rows(size: Sequence[int], folded: set[int]) -> Folding:
    last = len(size) - 1
    alone = [at for at in range(last) if at not in folded]
    row_of_part = np.full(last + 1, -1, np.int64)
    row_of_part[alone] = np.arange(len(alone))
    n_rows, others, elsewhere = len(alone), -1, -1
    if sum(size[at] for at in folded):
        others, n_rows = n_rows, n_rows + 1
        row_of_part[sorted(folded)] = others
    if last not in folded and size[last]:
        elsewhere, n_rows = n_rows, n_rows + 1
        row_of_part[last] = elsewhere
    return Folding(row_of_part, n_rows, others, elsewhere)


def difference_exposes(people: NDArray[np.integer], threshold: int) -> bool:
    """Tell whether two lists of the same people, subtracted, single out a few of them.

    Parameters
    ----------
    people : ndarray of shape (n_rows, n_categories)
        People by row of the first list and by category of the second.
    threshold : int
        Smallest number of people that may be told.

    Returns
    -------
    bool
        True too for lists that are too long to be looked through (16 lines together).

    Notes
    -----
    Both lists tell a number for each of their lines, and their inside is told nowhere. Still, when
    everybody of some categories T sits in some rows S, the numbers of S less those of T are those
    of the people in S who are in no category of T. Who knows that a room came in by paper only can
    use that. Every pair (S, T) is looked at in which nobody of T sits outside S, or nobody of S
    is outside T; if between one person and threshold - 1 are left over, the lists expose them.

    Examples
    --------
    One hall and the online room came in by phone, the others on paper: what phones said less what
    that hall said is what the nine people online said.

    >>> difference_exposes(np.array([[34, 0], [0, 18], [9, 11]]), 10)
    True
    >>> difference_exposes(np.array([[34, 0], [0, 18], [12, 11]]), 10)
    False
    """
    table = np.asarray(people, np.int64)
    n_rows, n_categories = table.shape
    if n_rows + n_categories > MOST_LINES:
        return True
    rows = _subsets(n_rows)
    within = rows @ table  # people of each category in each set of rows
    outside = table.sum(axis=0) - within
    categories = _subsets(n_categories)
    left = within @ (1 - categories).T  # in these rows, in none of these categories
    right = outside @ categories.T  # in these categories, in none of these rows
    few = ((right == 0) & (left > 0) & (left < threshold)) | (
        (left == 0) & (right > 0) & (right < threshold)
    )
    return bool(few.any())


def _subsets(n: int) -> NDArray[np.int64]:
    """Return every subset of n things as a row of zeros and ones."""
    return (np.arange(2**n)[:, None] >> np.arange(n)) & 1


def answers_by_room(counts: NDArray[np.integer], threshold: int, percent: int) -> RoomAnswers:
    """Return what may be told of the answers by row, when the totals of all rows are public.

    Parameters
    ----------
    counts : ndarray of shape (n_rows, n_statements, 3)
        Disagree, pass and agree by row, from all rows there are.
    threshold : int
        Rows of which fewer people, but not nobody, voted on a statement are hidden there.
    percent : int
        Share of agreement, in percent of the votes, at which a step begins.

    Returns
    -------
    RoomAnswers

    Raises
    ------
    ValueError
        If a count is negative, or the threshold is below 1.

    Notes
    -----
    Statements are looked at one by one. With a hidden row goes another one, see
    `disclosure.suppress`. Where nine in ten of a row gave the same answer, the numbers would tell
    what each of them answered. They cannot be hidden there alone, because those of the other rows
    subtracted from the totals give them back: the whole statement is told in steps. A step says of
    a row that nearly all gave one answer, or that its agreement reaches the share or does not. The
    rows that are hidden count as one in this, for together they can be subtracted too.

    A last look keeps steps from giving a number away: with the totals and the bounds of the other
    rows, more than one number must remain possible for what nearly all of a row answered. If not,
    only the near-unanimous rows keep their step, and if that is not enough either, none does.
    Where everybody in all rows answered alike the totals say so already.

    Examples
    --------
    >>> counts = np.array([[[1, 0, 33]], [[6, 1, 11]], [[9, 1, 10]]])
    >>> answers_by_room(counts, 10, 60).step[:, 0].tolist()
    [1, 2, 3]
    """
    table = np.asarray(counts, np.int64)
    if threshold < 1 or (table < 0).any():
        msg = "counts must not be negative, nor the threshold below 1"
        raise ValueError(msg)
    shape = table.shape[:2]
    step = np.full(shape, Step.HIDDEN, np.int8)
    for column in range(shape[1]):
        step[:, column] = _steps(table[:, column], threshold, percent)
    seen = table.sum(axis=2)
    bounds = np.array(
        [
            [_bounds(step[r, c], AGREE, table[r, c], percent) for c in range(shape[1])]
            for r in range(shape[0])
        ]
    ).reshape(*shape, 2)
    shown = step != Step.HIDDEN
    return RoomAnswers(
        step=step,
        counts=np.where((step == Step.EXACT)[..., None], table, np.nan),
        seen=np.where(shown, seen, np.nan),
        least=np.where(shown, bounds[..., 0], np.nan),
        most=np.where(shown, bounds[..., 1], np.nan),
    )


def _steps(table: NDArray[np.int64], threshold: int, percent: int) -> list[int]:
    """Return how each row of one statement may be told."""
    seen = table.sum(axis=1)
    hidden = _hidden(seen, threshold)
    together = table[hidden].sum(axis=0)
    majority = large_majority(table)
    if not ((majority >= 0) & ~hidden).any() and large_majority(together) < 0:
        return [Step.HIDDEN if out else Step.EXACT for out in hidden.tolist()]
    taken = [
        _step(row, int(answer), percent) for row, answer in zip(table, majority, strict=True)
    ]  # fmt: skip
    steps = [
        Step.HIDDEN if out else taken_step
        for taken_step, out in zip(taken, hidden.tolist(), strict=True)
    ]
    near = {Step.NEARLY_ALL_AGREE, Step.NEARLY_ALL_DISAGREE, Step.NEARLY_ALL_PASS}
    for kept in (set(Step), near | {Step.HIDDEN}):
        tried = [kept_step if kept_step in kept else Step.HIDDEN for kept_step in steps]
        if not _is_given_away(table, tried, hidden, percent):
            return list(tried)
    return [Step.HIDDEN] * len(steps)


def _hidden(seen: NDArray[np.int64], threshold: int) -> NDArray[np.bool_]:
    if not ((seen > 0) & (seen < threshold)).any():
        return np.zeros(len(seen), np.bool_)
    total = np.zeros(len(seen) + 1, np.bool_)
    total[-1] = True
    suppression = suppress(seen, threshold, public=total)
    return suppression.hidden[:-1] if suppression.is_safe else np.ones(len(seen), np.bool_)


def _step(row: NDArray[np.int64], majority: int, percent: int) -> Step:
    if majority >= 0:
        near = (Step.NEARLY_ALL_DISAGREE, Step.NEARLY_ALL_PASS, Step.NEARLY_ALL_AGREE)
        return near[majority]
    reached = PERCENT * int(row[AGREE]) >= percent * int(row.sum())
    return Step.AT_LEAST if reached else Step.BELOW


def _bounds(step: int, answer: int, row: NDArray[np.int64], percent: int) -> tuple[int, int]:
    """Return between which numbers a row's count of an answer lies, as far as its step tells."""
    seen = int(row.sum())
    if step == Step.EXACT:
        return int(row[answer]), int(row[answer])
    if step == Step.HIDDEN:
        return 0, seen
    most = np.ceil(LARGE_MAJORITY * seen)
    near = {
        Step.NEARLY_ALL_DISAGREE: DISAGREE, Step.NEARLY_ALL_PASS: PASS,
        Step.NEARLY_ALL_AGREE: AGREE,
    }  # fmt: skip
    if step in near:
        return (int(most), seen) if near[Step(step)] == answer else (0, seen - int(most))
    edge = -(-percent * seen // PERCENT)
    below = max(int(most) - 1, 0)
    if step == Step.AT_LEAST:
        return (edge, below) if answer == AGREE else (0, min(seen - edge, below))
    return (0, edge - 1) if answer == AGREE else (0, below)


def _is_given_away(
    table: NDArray[np.int64], steps: Sequence[int], hidden: NDArray[np.bool_], percent: int
) -> bool:
    """Tell whether totals and steps leave a single number for what nearly all of a row answered."""
    total, everybody = table.sum(axis=0), int(table.sum())
    for at, answer in enumerate(large_majority(table).tolist()):
        if answer < 0 or hidden[at] or total[answer] == everybody:
            continue
        all_bounds = [
            _bounds(step, answer, row, percent) for step, row in zip(steps, table, strict=True)
        ]
        rest = [pair for place, pair in enumerate(all_bounds) if place != at]
        low, high = all_bounds[at]
        lowest = max(low, int(total[answer]) - sum(pair[1] for pair in rest))
        highest = min(high, int(total[answer]) - sum(pair[0] for pair in rest))
        if highest <= lowest:
            return True
    return False
