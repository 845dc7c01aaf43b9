"""Statistics of a real conversation beside what a production system stored for it.

The stored figures are published with four decimals, so half of the last one is the tolerance.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from engine.opinion.data import conversation
from hiwar.engine.opinion.consensus import group_informed_consensus, majority_consensus
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.representative import select_representative
from hiwar.engine.opinion.results import Parameters
from hiwar.engine.opinion.routing import META_PRIORITY, priorities

HALF_OF_THE_LAST_DECIMAL = 5.1e-5
COMPAT = Parameters(mode="compat")


@pytest.fixture(scope="module")
def biodiversity():
    found = conversation("scoop-hivemind.biodiversity")
    return SimpleNamespace(
        votes=found.votes,
        out=found.moderation.out,
        moderation=found.moderation,
        by_group=found.votes.tally(found.published, 2),
        number=[int(name) for name in found.statement],
        stored=found.reference["polis_production_math_output"],
    )


def close(found, stored):
    return found == pytest.approx(stored, abs=HALF_OF_THE_LAST_DECIMAL)


@pytest.mark.shared_data
def test_representative_statements_are_those_stored_in_the_same_order(biodiversity):
    lists = select_representative(biodiversity.by_group, biodiversity.out, COMPAT)
    for group, found in enumerate(lists):
        stored = biodiversity.stored["representative"][str(group)]
        assert [biodiversity.number[s.statement] for s in found] == [e["tid"] for e in stored]
        assert [s.direction for s in found] == [e["repful-for"] for e in stored]
        assert [s.n_success for s in found] == [e["n-success"] for e in stored]
        assert [s.n_trials for s in found] == [e["n-trials"] for e in stored]
        assert [s.is_best_agree for s in found] == [e.get("best-agree", False) for e in stored]
        assert close([s.p_success.estimate for s in found], [e["p-success"] for e in stored])
        assert close([s.p_test for s in found], [e["p-test"] for e in stored])
        assert close([s.repness for s in found], [e["repness"] for e in stored])
        assert close([s.repness_test for s in found], [e["repness-test"] for e in stored])


@pytest.mark.shared_data
def test_majority_consensus_is_the_one_stored_in_the_same_order(biodiversity):
    lists = majority_consensus(biodiversity.votes.tally(), biodiversity.out)
    for found, direction in zip(lists, ("agree", "disagree"), strict=True):
        stored = biodiversity.stored["consensus"][direction]
        assert [biodiversity.number[s.statement] for s in found] == [e["tid"] for e in stored]
        assert [s.n_success for s in found] == [e["n-success"] for e in stored]
        assert [s.n_trials for s in found] == [e["n-trials"] for e in stored]
        assert close([s.p_success for s in found], [e["p-success"] for e in stored])
        assert close([s.p_test for s in found], [e["p-test"] for e in stored])


@pytest.mark.shared_data
def test_group_informed_consensus_is_the_one_stored_statements_that_are_out_included(biodiversity):
    value = group_informed_consensus(biodiversity.by_group)
    best = np.argsort(-value, kind="stable")[:10]
    stored = biodiversity.stored["group_aware_consensus_top10"]
    assert [biodiversity.number[j] for j in best] == [number for number, _ in stored]
    assert close(value[best], [figure for _, figure in stored])
    assert biodiversity.out[best].any()


@pytest.mark.shared_data
def test_priorities_are_those_stored(biodiversity):
    extremity = fit_map(biodiversity.votes, biodiversity.moderation, COMPAT).extremity
    meta = biodiversity.moderation.is_meta
    value = priorities(biodiversity.by_group, extremity, meta, "compat")
    assert (value[meta] == META_PRIORITY).all()
    topic = np.flatnonzero(~meta)
    best = topic[np.argsort(-value[topic], kind="stable")[:10]]
    stored = dict(biodiversity.stored["comment_priorities_top10_non_meta"])
    assert close(value[best], list(stored.values()))
    everywhere = {biodiversity.number[j]: value[j] for j in topic}
    assert close([everywhere[number] for number in stored], list(stored.values()))
