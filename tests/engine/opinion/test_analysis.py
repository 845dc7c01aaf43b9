from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hiwar.engine.opinion import ENGINE_VERSION, Moderation, Votes, stability
from hiwar.engine.opinion.analysis import analyse
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters(bootstrap=8)


def two_camps(people=120, statements=24, seed=1):
    rng = np.random.default_rng(seed)
    side = np.where(np.arange(people) < people * 0.6, 1, -1)
    dense = side[:, None] * np.where(np.arange(statements) % 2, 1, -1) * 1.0
    dense[rng.random(dense.shape) < 0.1] *= -1
    dense[rng.random(dense.shape) < 0.3] = np.nan
    return Votes.from_dense(dense)


@pytest.mark.parametrize("mode", ["default", "compat"])
def test_all_parts_describe_the_same_groups(mode):
    votes = two_camps()
    found = analyse(votes, Moderation.none(24), replace(PARAMETERS, mode=mode, max_groups=2))
    shown = found.opinion_map
    assert (found.engine_version, shown.outcome, shown.n_groups) == (ENGINE_VERSION, "groups", 2)
    assert found.tally_all.seen.sum() == votes.n_votes
    counted = votes.votes_per_participant[shown.group >= 0].sum()
    assert found.tally_by_group.seen.sum() == counted
    assert len(found.representative) == len(found.ranked) == 2
    assert found.stability.group_agree_low.shape == (2, 24)
    assert found.stability.n_resamples == 8
    assert found.accuracy.group > found.accuracy.majority
    assert found.privacy.unique_rows > 0.9
    assert found.manipulation.agreement_without_most_active > 0.9
    assert -1 <= found.missingness.distance_correlation <= 1
    assert found.notes == ("rows_not_publishable",)


def test_without_quality_only_the_costly_parts_are_left_out():
    votes = two_camps()
    full = analyse(votes, Moderation.none(24), PARAMETERS)
    quick = analyse(votes, Moderation.none(24), PARAMETERS, quality=False)
    assert (quick.stability, quick.accuracy, quick.privacy, quick.manipulation) == (None,) * 4
    np.testing.assert_array_equal(quick.opinion_map.group, full.opinion_map.group)
    assert quick.representative == full.representative
    assert quick.missingness == full.missingness


def test_progress_names_each_stage_and_never_falls():
    told = []
    analyse(two_camps(), Moderation.none(24), PARAMETERS,
            progress=lambda stage, share: told.append((stage, share)))  # fmt: skip
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["map", "stability", "accuracy", "privacy", "manipulation", "statements",
                      "done"]  # fmt: skip
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(("mode", "outcome"), [("default", "not_stable"), ("compat", "groups")])
def test_unstable_groups_are_taken_back_in_default_mode_only(monkeypatch, mode, outcome):
    monkeypatch.setattr(stability, "LEAST_AGREEMENT", 1.1)
    parameters = replace(PARAMETERS, mode=mode)
    found = analyse(two_camps(), Moderation.none(24), parameters)
    assert found.opinion_map.outcome == outcome
    assert "groups_not_stable" in found.notes
    n_groups = 0 if mode == "default" else found.opinion_map.n_groups
    assert len(found.ranked) == len(found.tally_by_group.agree) == n_groups
    assert found.stability.group_agree_low.shape == (n_groups, 24)
    assert found.stability.mean_agreement > 0
    if mode == "default":
        assert (found.opinion_map.group == -1).all()


def test_uncertain_groups_are_shown_with_a_note(monkeypatch):
    monkeypatch.setattr(stability, "CERTAIN_AGREEMENT", 1.1)
    found = analyse(two_camps(), Moderation.none(24), PARAMETERS)
    assert found.opinion_map.n_groups == 2
    assert "groups_uncertain" in found.notes


def test_bursts_are_noted():
    votes = two_camps()
    rng = np.random.default_rng(3)
    participant = np.concatenate([np.arange(400), np.arange(1_000, 1_040), np.arange(400, 800)])
    gaps = np.concatenate([rng.exponential(500, 400), np.full(40, 5.0), rng.exponential(500, 400)])
    found = analyse(votes, Moderation.none(24), PARAMETERS, event_participant=participant,
                    event_statement=rng.integers(0, 24, 840),
                    event_time=np.cumsum(gaps))  # fmt: skip
    assert "bursts_found" in found.notes


@pytest.mark.parametrize(
    "dense",
    [
        np.zeros((0, 0)),
        np.full((3, 2), np.nan),
        np.ones((1, 5)),
        np.ones((40, 1)),
        np.zeros((40, 12)),
        np.ones((40, 12)),
        np.tile([1.0, -1.0, 0.0], (30, 4)),
    ],
)
@pytest.mark.parametrize("mode", ["default", "compat"])
def test_degenerate_input_has_an_honest_outcome(dense, mode):
    votes = Votes.from_dense(dense)
    found = analyse(votes, Moderation.none(votes.n_statements), replace(PARAMETERS, mode=mode))
    assert found.opinion_map.n_groups == 0
    assert found.opinion_map.outcome != "groups"
    assert np.isfinite(found.corrected_position).all()
