"""Measure Hiwar beside its peers and write docs/engine/benchmarks.md.

Every measurement is a process of its own with one thread. What is counted is the CPU time after the
imports (reading the file and computing) and the largest resident memory of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.report import Row, write
from bench.synthetic import conversation
from hiwar.analysis.reading import Options, read_conversation
from hiwar.engine.opinion.agreement import adjusted_rand_index

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "polis"
PAGE = ROOT / "docs" / "engine" / "benchmarks.md"
OPEN = ("brexit-consensus", "scoop-hivemind.biodiversity", "vtaiwan.uberx",
        "american-assembly.bowling-green")  # fmt: skip
SHAPES = (
    (536, 314, 56), (10_000, 500, 30), (33_422, 783, 59), (100_000, 500, 30), (1_000_000, 500, 30),
)  # fmt: skip
PEERS = {
    "Hiwar": (ROOT / ".venv/bin/python", "hiwar_peer.py"),
    "red-dwarf 0.4.0": (ROOT / ".venv-bench/bin/python", "red_dwarf_peer.py"),
}
MOST_SECONDS, MOST_MEMORY = 300, 4 << 30
QUICK = 10_000
THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB")


@dataclass(frozen=True)
class Case:
    """One conversation as every peer gets it."""

    name: str
    votes: Path
    side: Path
    shape: tuple[int, int, int]
    known: tuple[np.ndarray, np.ndarray] | None
    runs: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run each, small shapes only")
    parser.add_argument("--only", help="cases whose name contains this; the page is not written")
    asked = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="hiwar-bench-") as name:
        for case in _cases(Path(name), quick=asked.quick, only=asked.only or ""):
            rows.append(_row(case))
            print(rows[-1].line(), flush=True)
            case.votes.unlink()
    if not asked.quick and not asked.only:
        write(PAGE, rows, {name: version(name) for name in ("numpy", "scipy", "pyarrow")})
        print(f"written: {PAGE.relative_to(ROOT)}")


def _cases(folder: Path, *, quick: bool, only: str):
    for name in OPEN:
        if only not in name:
            continue
        if not (DATA / name).is_dir():
            print(f"{name}: left out, the third-party data is not here")
            continue
        for mode in ("default", "compat"):
            yield _open_case(folder, name, mode, 1 if quick else 3)
    for people, statements, mean in SHAPES:
        name = f"{people:,} × {statements}"
        if only in name and not (quick and people > QUICK):
            runs = 1 if quick or people > QUICK * 5 else 3
            yield _synthetic_case(folder, name, (people, statements, mean), runs)


def _open_case(folder: Path, name: str, mode: str, runs: int) -> Case:
    reference = json.loads((DATA / name / "reference.json").read_text())
    meta = reference.get("polis_production_math_output", {}).get("meta_statements", [])
    found = read_conversation(DATA / name, Options(meta=tuple(map(str, meta))))
    ids = np.array(found.statement_ids)
    votes = found.votes
    people = np.array(found.participant_ids)
    columns = people[votes.participant], ids[votes.statement], votes.vote
    known = {
        "rejected": ids[found.moderation.status < 0].tolist(),
        "meta": ids[found.moderation.is_meta].tolist(),
        "mode": mode,
    }
    shape = votes.n_participants, votes.n_statements, votes.n_votes
    published = None if found.published_group is None else (people, found.published_group)
    label = f"{name.rpartition('.')[2]}, {mode}"
    return _case(folder, label, columns, known, (shape, published, runs))


def _synthetic_case(folder: Path, name: str, shape: tuple[int, int, int], runs: int) -> Case:
    made = conversation(*shape)
    columns = made.participant, made.statement, made.vote
    size = made.n_participants, made.n_statements, len(made.vote)
    known = {"rejected": [], "meta": [], "mode": "default"}
    planted = np.arange(made.n_participants), made.planted
    return _case(folder, name, columns, known, (size, planted, runs))


def _case(folder: Path, name: str, columns, known: dict[str, object], more) -> Case:
    votes, side = folder / "votes.parquet", folder / "side.json"
    names = ("participant", "statement", "vote")
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), votes)
    side.write_text(json.dumps(known))
    shape, truth, runs = more
    return Case(name, votes, side, shape, truth, runs)


def _row(case: Case) -> Row:
    measured = {peer: _measure(case, peer) for peer in PEERS}
    return Row(case.name, case.shape, measured)


def _measure(case: Case, peer: str) -> dict[str, float] | str:
    if peer != "Hiwar":
        people, statements, _ = case.shape
        if "compat" in case.name:
            return "as above"
        if people * statements * 8 >= MOST_MEMORY * 0.9:
            return "left out: its dense matrix alone fills 4 GB"
    runs = []
    for _ in range(case.runs):
        found = _run(case, peer)
        if isinstance(found, str):
            return found
        runs.append(found)
        if found["cpu"] > 20:
            break
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    agreement = _agreement(case)
    return median if agreement is None else median | {"agreement": agreement}


def _run(case: Case, peer: str) -> dict[str, float] | str:
    python, script = PEERS[peer]
    if not python.exists():
        return "left out: its environment is not here (make bench makes it)"
    environ = os.environ | {f"{name}_NUM_THREADS": "1" for name in THREADS}
    arguments = [python, ROOT / "bench/peers" / script, case.votes, case.side, _result(case)]
    done = subprocess.run(
        arguments, env=environ, capture_output=True, text=True, check=False, preexec_fn=_bounded
    )
    if done.returncode in {-24, -9}:
        return f"stopped after {MOST_SECONDS} CPU seconds"
    if "MemoryError" in done.stderr or "Unable to allocate" in done.stderr:
        return "stopped: more than 4 GB of memory"
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return "failed"
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    # Address space is larger than resident memory: libraries reserve what they never touch.
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY + (2 << 30),) * 2)


def _result(case: Case) -> Path:
    return case.votes.parent / "result.npz"


def _agreement(case: Case) -> float | None:
    """Compare with the published or planted groups, over people who have both."""
    if case.known is None:
        return None
    with np.load(_result(case)) as found:
        people, group = found["participant"], found["group"]
    ids, truth = case.known
    place = np.searchsorted(ids, people)
    label = np.full(len(ids), -1)
    label[place] = group
    return float(adjusted_rand_index(truth, label)) if (label >= 0).any() else None
