"""The answers of opinion groups to a statement, as they may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hiwar.engine.inclusion.disclosure import suppress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Json = dict[str, Any]


def plain_counts(counts: Mapping[str, Any]) -> Json:
    """Return the counts of a row as results tell them."""
    return {name: counts[name] for name in ("agree", "disagree", "pass", "seen")}


def answers_by_group(
    row: Mapping[str, Any], keys: Sequence[str], threshold: int
) -> list[Json | None]:
    """Return the answers by group, without groups of which too few voted.

    Everybody's answers are shown, so a group that is hidden alone could be subtracted: as many
    groups are hidden as it takes, those who are in no group included.
    """
    groups = [row["counts_by_group"][key] for key in keys]
    seen = [group["seen"] for group in groups]
    suppression = suppress(
        [*seen, row["counts"]["seen"] - sum(seen)], threshold, public=_total(seen)
    )
    hidden = suppression.hidden[: len(seen)] | (not suppression.is_safe)
    return [
        None if is_hidden or group["seen"] < threshold else plain_counts(group)
        for group, is_hidden in zip(groups, hidden.tolist(), strict=True)
    ]


def _total(parts: Sequence[int]) -> NDArray[np.bool_]:
    public = np.zeros(len(parts) + 2, np.bool_)
    public[-1] = True
    return public
