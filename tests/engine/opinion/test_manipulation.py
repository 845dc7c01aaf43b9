from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.bursts import _beta_below, bursts, fast_runs
from hiwar.engine.opinion.manipulation import manipulation_report
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters

PARAMETERS = Parameters()


def two_camps(people=200, statements=30, seed=1):
    rng = np.random.default_rng(seed)
    side = np.where(np.arange(people) < people // 2, 1, -1)
    dense = side[:, None] * np.where(np.arange(statements) % 2, 1, -1) * 1.0
    dense[rng.random(dense.shape) < 0.1] *= -1
    dense[rng.random(dense.shape) < 0.4] = np.nan
    return dense


def report(dense, **events):
    votes = Votes.from_dense(dense)
    moderation = Moderation.none(votes.n_statements)
    shown = fit_map(votes, moderation, PARAMETERS)
    return manipulation_report(votes, moderation, PARAMETERS, shown, **events)


def test_an_honest_conversation_does_not_depend_on_its_most_active():
    found = report(two_camps())
    assert 0.01 <= found.most_active_share < 0.03
    assert found.agreement_without_most_active > 0.95
    assert found.identical_rows == ()
    assert found.agreement_without_identical == 1.0
    assert found.bursts == ()


def test_copies_of_a_row_are_found_and_counted_once():
    dense = two_camps()
    puppet = np.where(np.random.default_rng(3).random(30) < 0.5, 1.0, -1.0)
    short = np.full((4, 30), np.nan)
    short[:, :3] = 1
    found = report(np.vstack([dense, np.tile(puppet, (60, 1)), short]))
    assert found.identical_rows == (tuple(range(200, 260)),)
    assert found.agreement_without_identical < 1


def test_without_groups_there_is_nothing_to_agree_with():
    found = report(np.ones((30, 10)))
    assert np.isnan(found.agreement_without_most_active)
    assert len(found.identical_rows[0]) == 30


def test_no_votes_at_all():
    found = report(np.full((3, 2), np.nan))
    assert (found.most_active_share, found.identical_rows) == (0.0, ())


def arrivals(rng, people):
    """People who come at random and each vote on five statements, one vote in a minute or so."""
    times = np.sort(rng.uniform(0, 1e6, people))
    return [(t + 60 * i, p, s) for p, t in enumerate(times)
            for i, s in enumerate(rng.choice(40, 5, replace=False))]  # fmt: skip


def columns(events):
    time, participant, statement = np.array(sorted(events)).T
    return participant.astype(int), statement.astype(int), time


def test_even_arrivals_are_no_burst():
    flagged = [bursts(*columns(arrivals(np.random.default_rng(s), 600))) for s in range(12)]
    assert sum(map(bool, flagged)) == 0


def test_a_rush_at_the_opening_and_slow_tides_are_no_burst():
    rng = np.random.default_rng(1)
    ebbing = np.cumsum(rng.exponential(np.linspace(1, 40, 1500)))
    tides = np.cumsum(rng.exponential(20 - 10 * np.sin(np.linspace(0, 6, 1500))))
    assert fast_runs(ebbing) == []
    assert fast_runs(tides) == []


def test_a_crowd_that_comes_at_once_is_found():
    rng = np.random.default_rng(2)
    honest = arrivals(rng, 600)
    crowd = []
    for person in range(30):
        chosen = rng.choice(40, 5, replace=False)
        crowd += [(500_000 + 20 * person + i, 1_000 + person, s) for i, s in enumerate(chosen)]
    participant, statement, time = columns(honest + crowd)
    found = bursts(participant, statement, time)
    assert [column for _, _, column in found] == [-1]
    first, last, _ = found[0]
    came = np.unique(participant[first : last + 1])
    assert (came >= 1_000).sum() >= 25


def test_votes_that_rush_to_one_statement_are_found_in_a_busy_hour():
    rng = np.random.default_rng(4)
    events = arrivals(rng, 800)
    by_time = sorted(events)
    start = by_time[len(by_time) // 2][0]
    sent = [(start + 30 * i, p, 7) for i, p in enumerate(rng.permutation(400)[:40])]
    participant, statement, time = columns(events + sent)
    found = bursts(participant, statement, time)
    assert [column for _, _, column in found] == [7]
    first, last, _ = found[0]
    assert time[first] >= start - 20_000
    assert time[last] <= start + 20_000


def test_times_of_day_precision_say_nothing():
    assert fast_runs(np.repeat(np.arange(20), 50)) == []


def test_events_reach_the_report():
    dense = two_camps()
    participant, statement = np.nonzero(np.isfinite(dense))
    time = np.arange(len(participant)) * 10.0
    found = report(dense, event_participant=participant, event_statement=statement,
                   event_time=time)  # fmt: skip
    assert found.bursts == ()


@pytest.mark.parametrize("n", [0, 1, 20])
def test_few_events_are_no_burst(n):
    assert bursts(np.arange(n), np.zeros(n, int), np.arange(n)) == ()


@pytest.mark.parametrize("a", [9, 29, 99])
def test_the_chance_of_a_fast_run_is_the_incomplete_beta_function(a):
    rng = np.random.default_rng(a)
    gaps, share = rng.integers(2 * a, 5 * a + 5, 300), rng.uniform(0.001, 0.999, 300)
    np.testing.assert_allclose(
        _beta_below(share, a, gaps), special.betainc(a, gaps, share), rtol=1e-9, atol=1e-200
    )
    assert _beta_below(np.zeros(0), a, np.zeros(0, int)).shape == (0,)
