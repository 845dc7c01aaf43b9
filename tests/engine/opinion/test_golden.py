"""What a production system published about a real conversation, and what we make of it."""

from __future__ import annotations

import numpy as np
import pytest
from engine.opinion import data

from hiwar.engine.opinion.agreement import adjusted_rand_index
from hiwar.engine.opinion.history import early_participants
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import OpinionMapResult, Parameters

COMPAT = Parameters(mode="compat")


def compat(conversation: data.Conversation) -> OpinionMapResult:
    early = None
    if conversation.events is not None:
        early = early_participants(*conversation.events, conversation.votes.n_participants, COMPAT)
    return fit_map(conversation.votes, conversation.moderation, COMPAT, early=early)


@pytest.mark.shared_data
def test_biodiversity_people_in_the_conversation_equal_the_published_ones():
    conversation = data.conversation("scoop-hivemind.biodiversity")
    result = compat(conversation)
    assert int(result.in_map.sum()) == 443
    assert np.array_equal(result.in_map, conversation.published >= 0)
    assert adjusted_rand_index(result.group, conversation.published) >= 0.95
