"""How far our groups agree with those that another system published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hiwar.analysis.conversation import Conversation
    from hiwar.engine.opinion.results import Analysis


def agreement_with_published(
    conversation: Conversation, analysis: Analysis, rounded: Callable[[float], float | None]
) -> Mapping[str, object] | None:
    """Compare with the groups that another system published, over people who have both."""
    from hiwar.engine.opinion.agreement import adjusted_rand_index

    theirs, ours = conversation.published_group, analysis.opinion_map.group
    if theirs is None or not (theirs >= 0).any():
        return None
    both = (theirs >= 0) & (ours >= 0)
    return {
        "groups": len(np.unique(theirs[theirs >= 0])),
        "participants_in_both": int(both.sum()),
        "adjusted_rand_index": rounded(adjusted_rand_index(theirs, ours)) if both.any() else None,
    }
