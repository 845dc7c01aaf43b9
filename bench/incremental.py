"""Print CPU seconds of one update of a running map: `python -m bench.incremental`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from bench.synthetic import conversation
from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.incremental import follow, open_map
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = ((536, 314, 55.0), (10_000, 500, 31.0), (33_422, 783, 63.0))
BATCH = 20


def main() -> None:
    for people, statements, mean in SIZES:
        measure(people, statements, mean)


def measure(people: int, statements: int, mean: float) -> None:
    events = conversation(people, statements, mean)
    size = {"n_participants": people, "n_statements": statements}
    votes = Votes.from_events(events.participant, events.statement, events.vote, **size)
    moderation = Moderation.none(statements)
    cold = _seconds(lambda: fit_map(votes, moderation, Parameters()))
    state = open_map(votes, moderation, Parameters())
    rng = np.random.default_rng(0)
    who, what = rng.integers(0, people, BATCH), rng.integers(0, statements, BATCH)
    fresh = Votes.from_events(who, what, rng.integers(-1, 2, BATCH), **size)
    exact = _seconds(lambda: follow(state, fresh))
    near = _seconds(lambda: follow(state, fresh, tolerance=0.01))
    print(
        f"{people:>7,} x {statements:<4} {votes.n_votes:>10,} votes: cold {cold:.3f} s, "
        f"{BATCH} new votes exact {exact:.3f} s, within 0.01 {near:.3f} s",
        flush=True,
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
