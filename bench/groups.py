"""Plant groups, continua and noise, and see what Hiwar and red-dwarf find.

`python -m bench.groups` draws from `bench.planted`, with `--generator live` from
`bench.planted_live`, and prints a table: for each kind, how often the right number was found, the
mean adjusted Rand index over people with a group (0 where none is shown), and what held-out votes
said. Then how far membership can be believed, and the processor time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench import planted as planted_at_random
from bench import planted_live
from bench.planted import OVERLAPPING, SHAPES, Plan, Planted
from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.agreement import adjusted_rand_index
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.matching import cheapest_matching
from hiwar.engine.opinion.results import Parameters
from hiwar.engine.opinion.stability import bootstrap_stability

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".venv-bench/bin/python"
RESAMPLES = 40
GENERATORS = {"random": planted_at_random.draw, "live": planted_live.draw}
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.01)
PLANS = (
    *(Plan("independent", k) for k in (2, 3, 4, 5)),
    *(Plan("independent", k, uneven=True) for k in (2, 3, 4, 5)),
    *(Plan("plane", k) for k in (3, 4, 5)),
    *(Plan("independent", k, OVERLAPPING) for k in (2, 3, 4, 5)),
    *(Plan("independent", k, OVERLAPPING, uneven=True) for k in (2, 3)),
    Plan("line"),
    Plan("disc"),
    Plan("one"),
    Plan("noise"),
)


@dataclass
class Outcome:
    """What came of the draws of one plan."""

    plan: Plan
    number: list[int] = field(default_factory=list)
    verdict: list[str] = field(default_factory=list)
    agreement: list[float] = field(default_factory=list)
    peer_number: list[int] = field(default_factory=list)
    peer_agreement: list[float] = field(default_factory=list)

    def line(self) -> str:
        """Return the row of the table."""
        right, draws = sum(n == self.plan.n_groups for n in self.number), len(self.number)
        if self.plan.n_groups == 1:
            right = sum(n == 0 for n in self.number)
        verdicts = Counter(self.verdict)
        said = ", ".join(f"{name} {n}" for name, n in sorted(verdicts.items()))
        shown = " ".join(f"{n}×{c}" for n, c in sorted(Counter(self.number).items()))
        cells = [
            self.plan.name, f"{right}/{draws}", shown, f"{np.mean(self.agreement):.2f}",
            self._where(self.agreement, "gap"), self._where(self.agreement, "no_gap"), said,
        ]  # fmt: skip
        if self.peer_number:
            same = sum(n == self.plan.n_groups for n in self.peer_number)
            cells += [
                f"{same}/{draws}", f"{np.mean(self.peer_agreement):.2f}",
                self._where(self.peer_agreement, "gap"),
                self._where(self.peer_agreement, "no_gap"),
            ]  # fmt: skip
        return "| " + " | ".join(cells) + " |"

    def _where(self, agreement: list[float], verdict: str) -> str:
        """Return the mean agreement over the draws that were given this verdict."""
        part = [a for a, v in zip(agreement, self.verdict, strict=True) if v == verdict]
        return f"{np.mean(part):.2f}" if part and self.plan.n_groups > 1 else ""


def main() -> None:
    """Draw, find and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.groups", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--only", default="", help="plans whose name contains this")
    parser.add_argument("--resamples", type=int, default=RESAMPLES)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--generator", choices=sorted(GENERATORS), default="random")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    draw = GENERATORS[asked.generator]
    believed: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    began, draws = time.process_time(), 0
    print("| planted | number right | numbers shown | ARI | where a gap | where none | verdicts"
          " | red-dwarf: number | ARI | where Hiwar says a gap | none |\n"
          "|---|---|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    for plan in PLANS:
        if asked.only not in plan.name:
            continue
        outcome = Outcome(plan)
        planted = {
            f"{people}-{statements}-{seed}": draw(plan, (people, statements, missing), seed)
            for people, statements, missing in SHAPES
            for seed in seeds
        }
        for each in planted.values():
            draws += 1
            found = _ours(each, outcome, asked.resamples)
            if found is not None:
                believed.setdefault(outcome.verdict[-1], []).append(found)
        if not asked.no_peer:
            _theirs(planted, outcome)
        print(outcome.line(), flush=True)
    print(f"\n{(time.process_time() - began) / max(draws, 1):.2f} s of processor time a draw")
    for verdict, pairs in sorted(believed.items()):
        print(f"\nMembership, number right, verdict {verdict}:")
        _calibration(*(np.concatenate(part) for part in zip(*pairs, strict=True)))


def _ours(
    planted: Planted, outcome: Outcome, resamples: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Find groups; return membership and whether it is true, where the number is right."""
    votes = Votes.from_dense(planted.matrix)
    moderation, parameters = Moderation.none(votes.n_statements), Parameters(bootstrap=resamples)
    shown = fit_map(votes, moderation, parameters)
    inside = shown.group >= 0
    outcome.number.append(shown.n_groups)
    outcome.verdict.append(shown.gap.verdict if shown.gap else "not asked")
    agreement = adjusted_rand_index(planted.group, shown.group) if inside.any() else 0.0
    outcome.agreement.append(float(agreement))
    if not resamples or shown.n_groups != outcome.plan.n_groups or outcome.plan.n_groups == 1:
        return None
    stability = bootstrap_stability(votes, moderation, parameters, shown)
    table = np.zeros((shown.n_groups, shown.n_groups))
    np.add.at(table, (shown.group[inside], planted.group[inside]), 1)
    name = cheapest_matching(-table)[1]
    is_right = name[shown.group[inside]] == planted.group[inside]
    known = np.isfinite(stability.membership[inside])
    return (stability.membership[inside][known], is_right[known]) if known.any() else None


def _theirs(planted: dict[str, Planted], outcome: Outcome) -> None:
    if not PEER.exists():
        return
    with tempfile.TemporaryDirectory(prefix="hiwar-bench-") as name:
        draws, result = Path(name) / "draws.npz", Path(name) / "result.npz"
        np.savez(draws, **{key: each.matrix for key, each in planted.items()})
        script = ROOT / "bench/peers/red_dwarf_groups.py"
        subprocess.run([PEER, script, draws, result], check=True, env=dict(os.environ))
        with np.load(result) as labels:
            for key, each in planted.items():
                label = labels[key]
                outcome.peer_number.append(len(np.unique(label[label >= 0])))
                outcome.peer_agreement.append(
                    float(adjusted_rand_index(each.group, label)) if (label >= 0).any() else 0.0
                )


def _calibration(predicted: np.ndarray, true: np.ndarray) -> None:
    print("\n| membership | people | said | true |\n|---|---|---|---|")
    for low, high in pairwise(BINS):
        here = (predicted >= low) & (predicted < high)
        if here.any():
            said, right = predicted[here].mean(), true[here].mean()
            print(f"| {low:.2f}–{min(high, 1):.2f} | {here.sum():,} | {said:.3f} | {right:.3f} |")


if __name__ == "__main__":
    main()
