"""Who answered what: tables of categories by group and by answer, safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.inclusion.disclosure import large_majority, suppress

if TYPE_CHECKING:
    from numpy.typing import NDArray

DISAGREE, PASS, AGREE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class CrossTable:
    """Counts of people with totals at the last place of every axis.

    Attributes
    ----------
    shown : ndarray of shape (n_categories + 1, …), float64
        Counts of people, nan where hidden. The last category is that of people whose category is
        not known; then come the totals.
    large_majority : ndarray of shape (n_categories, …) without the axis of answers, int64
        Answer (0 disagree, 1 pass, 2 agree) that at least nine in ten gave, whose counts are
        hidden for that reason; -1 for none. Empty for a table of people.
    is_safe : bool
        False when what is public gives small cells away; then nothing but the public totals is
        shown.
    """

    shown: NDArray[np.float64]
    large_majority: NDArray[np.int64]
    is_safe: bool


def people_by_group(
    category: NDArray[np.integer],
    group: NDArray[np.integer],
    sizes: tuple[int, int],
    threshold: int,
) -> CrossTable:
    """Count people by category and opinion group.

    Parameters
    ----------
    category, group : ndarray of shape (n_people,)
        Labels from 0; a negative label stands for not known, or for no group.
    sizes : (int, int)
        Number of categories and of groups.
    threshold : int
        Cells with fewer people are hidden.

    Returns
    -------
    CrossTable
        Shape (n_categories + 2, n_groups + 2): categories, not known, total by groups, none, total.

    Notes
    -----
    The sizes of the groups and the number of people are public, see `disclosure.suppress`.
    """
    labels = [_known(category, sizes[0]), _known(group, sizes[1])]
    counts = _count(labels, (sizes[0] + 1, sizes[1] + 1))
    public = _everybody(counts.shape)
    suppression = suppress(counts, threshold, public=public)
    return CrossTable(
        _published(suppression.shown(), public, is_safe=suppression.is_safe),
        np.zeros(0, np.int64),
        suppression.is_safe,
    )


def answers_to_statement(
    category: NDArray[np.integer],
    vote: NDArray[np.integer],
    n_categories: int,
    threshold: int,
    *,
    group: NDArray[np.integer] | None = None,
    n_groups: int = 0,
) -> CrossTable:
    """Count the answers to one statement by category, and by opinion group if asked.

    Parameters
    ----------
    category, vote, group : ndarray of shape (n_votes,)
        Category, answer in {-1, 0, 1} and group of each person who voted on the statement.
    n_categories, n_groups : int
        Number of categories and of groups.
    threshold : int
        Cells with fewer people are hidden.

    Returns
    -------
    CrossTable
        Shape (n_categories + 2, 4), or (n_categories + 2, n_groups + 2, 4) with groups; answers in
        the order disagree, pass, agree, all. The last axis' total is the denominator.

    Raises
    ------
    ValueError
        If a vote is not in {-1, 0, 1}.

    Notes
    -----
    What everybody together answered, in all and in each group, is public. Where one answer has a
    large majority in a category its counts are hidden like small cells: unanimity tells what each
    member answered. The whole table is suppressed at once, so the tables by category, by group and
    by both cannot be played off against each other.
    """
    answer = np.asarray(vote, np.int64) + 1
    if len(answer) and (answer.min() < 0 or answer.max() > 2):
        msg = "a vote is -1, 0 or 1"
        raise ValueError(msg)
    labels, shape = [_known(category, n_categories)], [n_categories + 1]
    if group is not None:
        labels.append(_known(group, n_groups))
        shape.append(n_groups + 1)
    counts = _count([*labels, answer], (*shape, 3))
    public = _everybody(counts.shape)
    majority = large_majority(_with_group_totals(counts))
    majority[_too_few(_with_group_totals(counts), threshold)] = -1
    sensitive = np.zeros(public.shape, np.bool_)
    sensitive[:-1, ..., :-1] = (majority >= 0)[..., None]
    suppression = suppress(counts, threshold, public=public, sensitive=sensitive)
    if not suppression.is_safe:
        majority = np.full_like(majority, -1)
    shown = _published(suppression.shown(), public, is_safe=suppression.is_safe)
    return CrossTable(shown, majority, suppression.is_safe)


def _too_few(counts: NDArray[np.int64], threshold: int) -> NDArray[np.bool_]:
    """Tell where fewer people answered than may be shown; shape of `counts` without answers."""
    few: NDArray[np.bool_] = counts.sum(axis=-1) < threshold
    return few


def sector_balanced_consensus(
    agree: NDArray[np.integer], seen: NDArray[np.integer], min_exposure: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Score how far every sector agrees, each sector counting the same whatever its size.

    Parameters
    ----------
    agree, seen : ndarray of shape (n_sectors, n_statements)
        Counts of agree votes and of all votes, passes included.
    min_exposure : int
        Votes that a sector needs on a statement to be counted, >= 1.

    Returns
    -------
    score : ndarray of shape (n_statements,)
        Geometric mean over the counted sectors of (A + 1)/(S + 2), in (0, 1); nan where fewer than
        two sectors can be counted.
    n_sectors : ndarray of shape (n_statements,)
        Number of sectors counted.

    Notes
    -----
    The geometric mean is the product over sectors freed of their number, so that statements seen by
    more sectors are not punished; like the product it is small as soon as one sector objects.
    Publish it to two decimals and with `min_exposure` at the threshold of the tables, so that it
    gives no hidden cell away.

    Examples
    --------
    >>> score, sectors = sector_balanced_consensus(
    ...     np.array([[98], [8]]), np.array([[98], [18]]), 5
    ... )
    >>> round(float(score[0]), 3), int(sectors[0])
    (0.667, 2)
    """
    counted = seen >= max(min_exposure, 1)
    share = np.log((agree + 1) / (seen + 2))
    n_sectors = counted.sum(axis=0)
    total = np.where(counted, share, 0.0).sum(axis=0)
    mean = np.exp(total / np.maximum(n_sectors, 1))
    return np.where(n_sectors >= 2, mean, np.nan), n_sectors


def _known(label: NDArray[np.integer], n_labels: int) -> NDArray[np.int64]:
    known = np.asarray(label, np.int64)
    if len(known) and known.max() >= n_labels:
        msg = f"label {int(known.max())} outside 0 … {n_labels - 1}"
        raise ValueError(msg)
    return np.where(known < 0, n_labels, known)


def _count(labels: list[NDArray[np.int64]], shape: tuple[int, ...]) -> NDArray[np.int64]:
    cell = np.ravel_multi_index(tuple(labels), shape)
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)


def _everybody(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    public = np.zeros([n + 1 for n in shape], np.bool_)
    public[-1] = True
    return public


def _with_group_totals(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    if counts.ndim == 2:
        return counts
    return np.concatenate((counts, counts.sum(axis=1, keepdims=True)), axis=1)


def _published(
    shown: NDArray[np.float64], public: NDArray[np.bool_], *, is_safe: bool
) -> NDArray[np.float64]:
    return shown if is_safe else np.where(public, shown, np.nan)
