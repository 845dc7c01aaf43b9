"""Attributes of participants crossed with groups and votes, small numbers hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Conversation

THRESHOLD = 5
_ANSWERS = ("disagree", "pass", "agree", "seen")


@dataclass(frozen=True, eq=False)
class _Attribute:
    """Categories in order; `label` is the place of each participant's, -1 where not known."""

    categories: tuple[str, ...]
    label: NDArray[np.int64]
    group: NDArray[np.int32]
    n_groups: int

    @property
    def names(self) -> list[str | None]:
        """Categories, and None for "not known" where that occurs."""
        return [*self.categories, *([None] if (self.label < 0).any() else [])]


def attribute_tables(
    conversation: Conversation, group: NDArray[np.int32], n_groups: int
) -> list[dict[str, object]]:
    """Return one entry per attribute; what could single somebody out is null.

    A category of None holds those whose attribute is not known.
    """
    tables = []
    for name, column in conversation.attributes.items():
        categories = tuple(sorted({c for c in column if c is not None}))
        place = {category: i for i, category in enumerate(categories)}
        label = np.array([-1 if c is None else place[c] for c in column], np.int64)
        attribute = _Attribute(categories, label, group, n_groups)
        tables.append({"name": name} | _tables(conversation, attribute))
    return tables


def _tables(conversation: Conversation, attribute: _Attribute) -> dict[str, object]:
    from hiwar.engine.inclusion.crosstab import people_by_group

    sizes = len(attribute.categories), attribute.n_groups
    people = people_by_group(attribute.label, attribute.group, sizes, THRESHOLD).shown
    weighted = _weighted_shares(conversation, attribute)
    return {
        "categories": [
            {
                "name": category,
                "participants": _count(people[i, -1]),
                "hidden": bool(np.isnan(people[i, -1])),
                **_weighted(weighted, people[i, -1], i),
            }
            for i, category in enumerate(attribute.names)
        ],
        "tables": {
            "groups": {
                "columns": [*range(attribute.n_groups), None],
                "rows": [
                    [_count(cell) for cell in people[i, :-1].tolist()]
                    for i in range(len(attribute.names))
                ],
            },
            "statements": _by_statement(conversation, attribute),
        },
    }


def _by_statement(conversation: Conversation, attribute: _Attribute) -> list[dict[str, object]]:
    """Return the answers by category to each statement, with the consensus of the categories."""
    votes, n_categories = conversation.votes, len(attribute.categories)
    order = np.argsort(votes.statement, kind="stable")
    ends = np.cumsum(np.bincount(votes.statement, minlength=votes.n_statements))
    balanced = _balanced_consensus(conversation, attribute)
    table_rows: list[dict[str, object]] = []
    for j, statement in enumerate(conversation.statement_ids):
        cast = order[ends[j - 1] if j else 0 : ends[j]]
        label = attribute.label[votes.participant[cast]]
        rows = _answers(label, votes.vote[cast], n_categories)[: len(attribute.names)]
        entry: dict[str, object] = {
            "statement": statement,
            "balanced_consensus": balanced[j],
            "rows": rows,
        }
        table_rows.append(entry)
    return table_rows


def _answers(
    label: NDArray[np.int64], vote: NDArray[np.int8], n_categories: int
) -> list[dict[str, object]]:
    from hiwar.engine.inclusion.crosstab import answers_to_statement

    table = answers_to_statement(label, vote, n_categories, THRESHOLD)
    return [
        {
            **{name: _count(cell) for name, cell in zip(_ANSWERS, row.tolist(), strict=True)},
            "large_majority": None if majority < 0 else _ANSWERS[majority],
        }
        for row, majority in zip(table.shown[:-1], table.large_majority.tolist(), strict=True)
    ]


def _balanced_consensus(conversation: Conversation, attribute: _Attribute) -> list[float | None]:
    """Return the score to two decimals, so that it gives no hidden number away."""
    from hiwar.engine.inclusion.crosstab import sector_balanced_consensus

    if not attribute.categories:
        return [None] * conversation.votes.n_statements
    tally = conversation.votes.tally(attribute.label, len(attribute.categories))
    score, _ = sector_balanced_consensus(tally.agree, tally.seen, THRESHOLD)
    return [None if np.isnan(value) else round(value, 2) for value in score.tolist()]


def _count(cell: float) -> int | None:
    return None if np.isnan(cell) else int(cell)


def _weighted(shares: list[float] | None, people: float, i: int) -> dict[str, object]:
    """Return the weighted share beside a number that is shown; it would give a hidden one away."""
    if shares is None:
        return {}
    return {"weighted_share": None if np.isnan(people) else shares[i]}


def _weighted_shares(conversation: Conversation, attribute: _Attribute) -> list[float] | None:
    if conversation.weight is None:
        return None
    label = np.where(attribute.label < 0, len(attribute.categories), attribute.label)
    sums = np.bincount(label, conversation.weight, minlength=len(attribute.categories) + 1)
    shares: list[float] = (sums / sums.sum()).tolist()
    return shares
