from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bench.planted import Plan, draw

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion import stability as module
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters
from hiwar.engine.opinion.stability import bootstrap_stability, verdict

PARAMETERS = Parameters(bootstrap=20)


def two_camps(people=150, statements=24, noise=0.1, seed=1):
    rng = np.random.default_rng(seed)
    side = np.where(rng.random(people) < 0.6, 1, -1)
    dense = side[:, None] * np.where(np.arange(statements) % 2, 1, -1) * 1.0
    dense[rng.random(dense.shape) < noise] *= -1
    dense[rng.random(dense.shape) < 0.3] = np.nan
    return dense


def resampled(dense, parameters=PARAMETERS, **options):
    votes = Votes.from_dense(dense)
    moderation = Moderation.none(votes.n_statements)
    shown = fit_map(votes, moderation, parameters)
    return shown, bootstrap_stability(votes, moderation, parameters, shown, **options)


@pytest.mark.parametrize("mode", ["default", "compat"])
def test_clear_camps_are_stable(mode):
    parameters = replace(PARAMETERS, mode=mode, max_groups=2)
    shown, found = resampled(two_camps(), parameters)
    assert found.share_by_n_groups == {2: 1.0}
    assert found.mean_agreement > 0.95
    assert np.nanmin(found.membership) >= 0
    assert np.nanmean(found.membership) > 0.97
    assert verdict(found, shown) == "stable"
    assert (found.n_resamples, found.n_people) == (20, 150)


def test_people_between_the_camps_are_less_sure_of_their_group():
    dense = two_camps()
    rng = np.random.default_rng(2)
    pattern = np.where(np.arange(24) % 2, 1.0, -1.0)
    # Half of their answers are those of one camp, half those of the other; no two are alike.
    side = rng.permuted(np.tile(np.repeat([1.0, -1.0], 12), (4, 1)), axis=1)
    between = side * pattern
    shown, found = resampled(np.vstack([dense, between]), replace(PARAMETERS, max_groups=2))
    assert np.isfinite(found.membership[shown.group >= 0]).all()
    assert np.mean(found.membership[150:]) < np.mean(found.membership[:150]) - 0.05


def test_parts_of_a_continuum_are_no_groups_to_belong_to():
    planted = draw(Plan("line"), (150, 30, 0.3), 3)
    shown, found = resampled(planted.matrix, replace(PARAMETERS, bootstrap=4))
    assert (shown.gap.verdict, shown.n_groups > 0) == ("no_gap", True)
    assert np.isnan(found.membership).all()
    assert np.isfinite(found.mean_agreement)


def test_no_groups_no_membership():
    rng = np.random.default_rng(6)
    shown, found = resampled(np.where(rng.random((80, 12)) < 0.5, 1.0, -1.0))
    assert shown.n_groups == 0
    assert np.isnan(found.membership).all()
    assert np.isnan(found.mean_agreement)
    assert found.group_agree_low.shape == (0, 12)
    assert sum(found.share_by_n_groups.values()) == pytest.approx(1)
    assert verdict(found, shown) == "stable"


def test_order_of_people_and_statements_does_not_matter():
    dense = two_camps(noise=0.25)
    rng = np.random.default_rng(7)
    rows, columns = rng.permutation(len(dense)), rng.permutation(dense.shape[1])
    shown, found = resampled(dense)
    shown_again, again = resampled(dense[rows][:, columns])
    np.testing.assert_array_equal(shown_again.group, shown.group[rows])
    assert again.share_by_n_groups == found.share_by_n_groups
    assert again.mean_agreement == pytest.approx(found.mean_agreement)
    np.testing.assert_allclose(again.membership, found.membership[rows], rtol=1e-5)
    np.testing.assert_allclose(again.group_agree_low, found.group_agree_low[:, columns], atol=1e-6)


def test_intervals_cover_the_share_of_the_population():
    """Draw samples from two known camps; the nominal level is 0.90."""
    covered = []
    for seed in range(6):
        rng = np.random.default_rng(100 + seed)
        camp = np.repeat([0, 1], 60)
        chance = np.stack([np.linspace(0.95, 0.7, 12), np.linspace(0.05, 0.4, 12)])
        dense = np.where(rng.random((120, 12)) < chance[camp], 1.0, -1.0)
        shown, found = resampled(dense, replace(PARAMETERS, bootstrap=25, max_groups=2))
        assert shown.n_groups == 2
        first = np.bincount(camp[shown.group == 0], minlength=2).argmax()
        truth = chance[[first, 1 - first]]
        covered.append((found.group_agree_low <= truth) & (truth <= found.group_agree_high))
    assert 0.80 <= np.mean(covered) <= 1


def test_intervals_contain_the_estimate_and_are_not_points():
    shown, found = resampled(two_camps(noise=0.0))
    votes = Votes.from_dense(two_camps(noise=0.0))
    tally = votes.tally(shown.group, 2)
    share = tally.agree / tally.seen
    assert (found.group_agree_low <= share + 1e-6).all()
    assert (share - 1e-6 <= found.group_agree_high).all()
    assert (found.group_agree_high > found.group_agree_low).all()


def test_progress_is_told_and_can_stop_the_work():
    told = []
    resampled(two_camps(), progress=told.append)
    assert told == pytest.approx(np.arange(1, 21) / 20)

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resampled(two_camps(), progress=stop)


@pytest.mark.parametrize("mode", ["default", "compat"])
def test_large_input_draws_fewer_people_and_places_all(monkeypatch, mode):
    monkeypatch.setattr(module, "MOST_PEOPLE", 60)
    parameters = replace(PARAMETERS, mode=mode, max_groups=2)
    shown, found = resampled(two_camps(), parameters)
    assert found.n_people == 60
    assert found.mean_agreement > 0.9
    assert np.isfinite(found.membership[shown.group >= 0]).all()
    assert np.nanmean(found.membership) > 0.9


def test_without_resamples_nothing_is_claimed():
    shown, found = resampled(two_camps(), replace(PARAMETERS, bootstrap=0))
    assert (found.n_resamples, found.n_people, dict(found.share_by_n_groups)) == (0, 0, {})
    assert np.isnan(found.membership).all()
    assert verdict(found, shown) == "stable"


def test_verdicts_follow_the_stated_thresholds():
    shown, found = resampled(two_camps())

    def judged(agreement, share):
        changed = replace(found, mean_agreement=agreement, share_by_n_groups={2: share})
        return verdict(changed, shown)

    assert judged(0.80, 0.6) == "stable"
    assert judged(0.80, 0.4) == "uncertain"
    assert judged(0.70, 1.0) == "uncertain"
    assert judged(0.39, 1.0) == "not_stable"
