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


POLIS = ("scoop-hivemind.biodiversity", "brexit-consensus")


def imputed_and_zeroed(conversation: data.Conversation) -> np.ndarray:
    """The dense matrix of the published method: out columns 0, the mean where nobody voted."""
    dense = conversation.votes.dense()
    dense[:, conversation.moderation.out] = 0.0
    mean = np.nanmean(dense, axis=0)
    return np.where(np.isnan(dense), mean, dense)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", POLIS)
def test_positions_equal_the_dense_method_step_by_step(name):
    conversation = data.conversation(name)
    result = compat(conversation)
    imputed = imputed_and_zeroed(conversation)
    mean = imputed.mean(axis=0)
    _, singular, component = np.linalg.svd(imputed - mean, full_matrices=False)
    component = component[:2] * np.sign((component[:2] * result.component).sum(axis=1))[:, None]
    seen = ~np.isnan(conversation.votes.dense()) | conversation.moderation.out
    size = conversation.votes.n_statements
    scale = np.sqrt(size / seen.sum(axis=1))
    assert np.abs(result.mean - mean).max() <= 1e-12
    assert np.abs(result.component - component).max() <= 1e-9
    position = scale[:, None] * ((imputed - mean) @ component.T)
    assert np.abs(result.position - position).max() <= 1e-9
    extremity = np.linalg.norm(np.sqrt(size) * (1 - mean) * component, axis=0)
    assert np.abs(result.extremity - extremity).max() <= 1e-9
    assert np.allclose(result.explained_variance, singular[:2] ** 2 / (singular**2).sum())


@pytest.mark.shared_data
def test_people_in_the_conversation_equal_the_published_ones():
    conversation = data.conversation("scoop-hivemind.biodiversity")
    result = compat(conversation)
    expected = conversation.reference["polis_production_math_output"]["in_conv"]
    assert int(result.in_map.sum()) == expected
    assert np.array_equal(result.in_map, conversation.published >= 0)
    assert int((result.group >= 0).sum()) == expected


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "at_least"), [(POLIS[0], 0.95), (POLIS[1], 0.87)])
def test_compatible_groups_agree_with_the_published_ones(name, at_least):
    conversation = data.conversation(name)
    result = compat(conversation)
    assert result.n_groups == 2
    assert adjusted_rand_index(result.group, conversation.published) >= at_least


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "at_least"),
    [
        ("scoop-hivemind.biodiversity", 0.85),
        ("brexit-consensus", 0.85),
        ("vtaiwan.uberx", 0.82),
        ("american-assembly.bowling-green", 0.75),
    ],
)
def test_default_groups_agree_with_the_published_ones(name, at_least):
    conversation = data.conversation(name)
    result = fit_map(conversation.votes, conversation.moderation, Parameters())
    assert result.n_groups == 2
    assert adjusted_rand_index(result.group, conversation.published) >= at_least
    assert not result.component[:, conversation.moderation.out].any()


@pytest.mark.shared_data
@pytest.mark.parametrize("name", POLIS)
def test_agree_is_plus_one(name):
    conversation = data.conversation(name)
    folder = data.shared(f"polis/{name}")
    stated = [int(line[4]) for line in data.rows(folder, "participants-votes.csv")[1:]]
    assert (conversation.votes.dense() == 1).sum(axis=1).tolist() == stated
