"""Print CPU seconds and peak memory of load and fit: `python -m bench.engine_core 536x314:55 …`.

Each size runs in a process of its own, so that peaks do not add up; the events are drawn by one
process and read by the next from a file of columns.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SIZES = ("536x314:55", "10000x500:31", "33422x783:63", "100000x500:31", "1000000x500:31")


def main(sizes: list[str]) -> None:
    environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes or SIZES:
            for step in ("--draw", "--fit"):
                command = [sys.executable, "-m", "bench.engine_core", step, folder, size]
                subprocess.run(command, check=True, env=environment)


def draw(folder: Path, size: str) -> None:
    import numpy as np

    from bench.synthetic import conversation

    shape, mean = size.split(":")
    people, statements = (int(part) for part in shape.split("x"))
    events = conversation(people, statements, float(mean))
    np.save(folder / "participant.npy", events.participant)
    np.save(folder / "statement.npy", events.statement)
    np.save(folder / "vote.npy", events.vote)


def fit(folder: Path, size: str) -> None:
    import numpy as np

    from hiwar.engine.opinion import Moderation, Votes
    from hiwar.engine.opinion.maps import fit_map
    from hiwar.engine.opinion.results import Parameters

    people, statements = (int(part) for part in size.split(":", maxsplit=1)[0].split("x"))
    start = time.process_time()
    columns = [np.load(folder / f"{name}.npy") for name in ("participant", "statement", "vote")]
    votes = Votes.from_events(*columns, n_participants=people, n_statements=statements)
    del columns
    loaded = time.process_time()
    result = fit_map(votes, Moderation.none(statements), Parameters())
    fitted = time.process_time()
    votes.tally(result.group, max(result.n_groups, 1))
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{people:>9,} x {statements:<4} {votes.n_votes:>11,} votes "
        f"load {loaded - start:6.2f} fit {fitted - loaded:6.2f} tally {done - fitted:5.2f} "
        f"total {done - start:6.2f} s  peak {peak:6.0f} MB  groups {result.n_groups}",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--draw"]:
        draw(Path(sys.argv[2]), sys.argv[3])
    elif sys.argv[1:2] == ["--fit"]:
        fit(Path(sys.argv[2]), sys.argv[3])
    else:
        main(sys.argv[1:])
