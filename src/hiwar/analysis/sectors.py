"""Attributes of participants crossed with groups and votes, small numbers hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Conversation
    from hiwar.engine.inclusion.disclosure import Suppression

THRESHOLD = 5
_CHOICES = ("agree", "disagree", "pass")


def attribute_tables(
    conversation: Conversation, group: NDArray[np.int32], n_groups: int
) -> list[dict[str, object]]:
    """Return one entry per attribute; what could single somebody out is null.

    A category of None holds those whose attribute is not known.
    """
    found = []
    for name, column in conversation.attributes.items():
        categories: list[str | None] = [*sorted({c for c in column if c is not None})]
        if None in column:
            categories.append(None)
        place = {category: i for i, category in enumerate(categories)}
        label = np.array([place[c] for c in column], np.int32)
        found.append(_attribute(name, categories, label, (conversation, group, n_groups)))
    return found


def _attribute(
    name: str,
    categories: Sequence[str | None],
    label: NDArray[np.int32],
    known: tuple[Conversation, NDArray[np.int32], int],
) -> dict[str, object]:
    conversation, group, n_groups = known
    by_group = np.zeros((len(categories), n_groups + 1), np.int64)
    np.add.at(by_group, (label, np.where(group < 0, n_groups, group)), 1)
    safe = _suppress(by_group)
    people = _shown(safe)[: len(categories), -1]
    weighted = _weighted_shares(conversation, label, len(categories))
    return {
        "name": name,
        "categories": [
            {
                "name": category,
                "participants": _count(people[i]),
                "hidden": bool(np.isnan(people[i])),
            }
            | ({} if weighted is None else {"weighted_share": weighted[i]})
            for i, category in enumerate(categories)
        ],
        "tables": {
            "groups": {
                "columns": [*range(n_groups), None],
                "rows": [_row(row) for row in _shown(safe)[: len(categories), : n_groups + 1]],
            },
            "statements": _by_statement(conversation, label, len(categories)),
        },
    }


def _by_statement(
    conversation: Conversation, label: NDArray[np.int32], n_categories: int
) -> list[dict[str, object]]:
    tally = conversation.votes.tally(label, n_categories)
    counts = np.stack((tally.agree, tally.disagree, tally.passed), axis=-1)
    return [
        {
            "statement": statement,
            "rows": [
                dict(zip(_CHOICES, _row(row), strict=True))
                for row in _shown(_suppress(counts[:, j]))[:n_categories, :3]
            ],
        }
        for j, statement in enumerate(conversation.statement_ids)
    ]


def _suppress(counts: NDArray[np.int64]) -> Suppression:
    """Hide small cells and what gives them away; totals over categories are public anyway."""
    from hiwar.engine.inclusion.disclosure import suppress

    public = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1), np.bool_)
    public[-1] = True
    return suppress(counts, THRESHOLD, public=public)


def _shown(safe: Suppression) -> NDArray[np.float64]:
    """Return the table with nan where a number is hidden; nothing where hiding cannot protect."""
    return safe.shown() if safe.is_safe else np.full(safe.table.shape, np.nan)


def _row(cells: NDArray[np.float64]) -> list[int | None]:
    return [_count(cell) for cell in cells.tolist()]


def _count(cell: float) -> int | None:
    return None if np.isnan(cell) else int(cell)


def _weighted_shares(
    conversation: Conversation, label: NDArray[np.int32], n_categories: int
) -> list[float] | None:
    if conversation.weight is None:
        return None
    sums = np.bincount(label, conversation.weight, minlength=n_categories)
    shares: list[float] = (sums / sums.sum()).tolist()
    return shares
