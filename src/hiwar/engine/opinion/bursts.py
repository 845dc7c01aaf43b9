"""Runs of events that follow one another too fast to be by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LENGTHS = (10, 30, 100)
NEIGHBOURS = 5
ERROR = 0.001
LEAST_RATIO = 2.0


def fast_runs(time: ArrayLike, tests: int = 1) -> list[tuple[int, int]]:
    """Find runs of events that are closer together than those before and after.

    Parameters
    ----------
    time : array_like of shape (n_events,)
        When each event happened, never falling; any unit.
    tests : int
        How many such series are looked at, for the correction.

    Returns
    -------
    list of (first, last)
        Indices into `time` of the ends of each run, none overlapping, in order.

    Notes
    -----
    For every run of w = 10, 30 and 100 events the time it took, d, is compared with the time D of
    the 2 w to 5 w gaps before it, and again with those after it. If events came at random with a
    rate that is even over this stretch, d / (d + D) follows a Beta distribution with w - 1 and as
    many degrees as there are gaps in D. A run is reported when the larger of the two probabilities
    of one so short, times the number of runs looked at in all series, is below 0.001 (Bonferroni)
    and events came at least twice as fast as on either side. So a rate that changes by the hour or
    the day is no burst, nor is the rush at the opening that ebbs away; the first and last 2 w
    events cannot be judged. Times so coarse that most events fall together say nothing and give
    no runs.

    References
    ----------
    Glaz, J., Naus, J. and Wallenstein, S. (2001). Scan Statistics. Springer, chapter 1.
    """
    t = np.asarray(time, np.float64)
    gaps = np.diff(t)
    if len(gaps) < 3 * LENGTHS[0] or (gaps == 0).mean() > 0.5:
        return []
    # Equal times mean "within one tick of the clock", not "at once".
    tick = float(gaps[gaps > 0].min())
    scanned = sum(max(len(t) - w + 1, 0) for w in LENGTHS) * tests
    runs: list[tuple[int, int]] = []
    for w in LENGTHS:
        start = np.arange(2 * w, len(t) - 3 * w + 1)
        last = start + w - 1
        took = t[last] - t[start] + tick
        before = np.maximum(start - NEIGHBOURS * w, 0)
        after = np.minimum(last + NEIGHBOURS * w, len(t) - 1)
        sides = (
            (t[start] - t[before], start - before),
            (t[after] - t[last], after - last),
        )
        slow = np.full(len(start), np.inf)
        for side, gaps_there in sides:
            slow = np.minimum(slow, (side + tick) / gaps_there)
        fast = np.flatnonzero(took / (w - 1) * LEAST_RATIO <= slow)
        chance = np.zeros(len(fast))
        for side, gaps_there in sides:
            share = took[fast] / (took[fast] + side[fast] + tick)
            chance = np.maximum(chance, _beta_below(share, w - 1, gaps_there[fast]))
        runs += [(int(start[i]), int(start[i]) + w - 1) for i in fast[chance * scanned < ERROR]]
    return _joined(runs)


def bursts(
    participant: NDArray[np.integer], statement: NDArray[np.integer], time: NDArray[np.number]
) -> tuple[tuple[int, int, int], ...]:
    """Find bursts of arrivals and bursts of votes on one statement.

    Parameters
    ----------
    participant, statement, time : ndarray of shape (n_events,)
        Every vote in the order of time.

    Returns
    -------
    tuple of (first event, last event, statement or -1)
        -1 for people who arrive too fast after one another (their first votes); else votes on one
        statement that come too fast, counted in votes on all statements, so that a busy hour of
        the whole conversation is no burst.
    """
    if len(time) == 0:
        return ()
    _, first = np.unique(participant, return_index=True)
    first.sort()
    order = np.argsort(statement, kind="stable")
    places = np.split(order, np.flatnonzero(np.diff(statement[order])) + 1)
    tests = len(places) + 1
    runs = [(first[a], first[b], -1) for a, b in fast_runs(time[first], tests)]
    for place in places:
        column = int(statement[place[0]])
        runs += [(place[a], place[b], column) for a, b in fast_runs(place, tests)]
    return tuple(sorted((int(a), int(b), column) for a, b, column in runs))


def _joined(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _beta_below(share: NDArray[np.float64], a: int, b: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how likely a number with a Beta(a, b) distribution is below the share.

    For whole a and b that is the chance of at least a successes in a + b - 1 trials. Its terms are
    summed here: the incomplete beta function of SciPy takes longer to load than most analyses take.
    """
    below = np.zeros(len(share))
    for trials in sorted(set((a + b - 1).tolist())):
        here = np.flatnonzero(a + b - 1 == trials)
        successes = np.arange(a, trials + 1)
        log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, trials + 1)))])
        ways = log_factorial[-1] - log_factorial[successes] - log_factorial[trials - successes]
        inside = share[here][:, None]
        terms = successes * np.log(inside) + (trials - successes) * np.log1p(-inside)
        below[here] = np.exp(ways + terms).sum(1)
    return below
