"""Two maps of the same votes: principal components, and a latent trait on a plane.

`python -m bench.maps` prints, for each published conversation beside the checkout and for planted
ones, how many withheld votes each map foretells (by the same regression on its places, and by the
trait's own answer curves), and how far the distance from the middle says how much somebody voted.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.planted import Plan, draw
from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion import accuracy as foretelling
from hiwar.engine.opinion.answers import Answers
from hiwar.engine.opinion.fingerprints import cell_fingerprints
from hiwar.engine.opinion.ideal_points import ideal_points
from hiwar.engine.opinion.latent_trait import fit_trait, start_at
from hiwar.engine.opinion.maps import corrected_position, fit_map
from hiwar.engine.opinion.missingness import missingness
from hiwar.engine.opinion.results import Parameters

DATA = Path(__file__).resolve().parents[1].parent / "shared/data/polis"
HEAD = (
    "| conversation | people | votes withheld | components | corrected | trait | trait, own curves"
    " | line, own curves | number of votes: components | corrected | trait | s, trait |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Read, withhold, foretell and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.maps", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print(HEAD)
    for folder in sorted(asked.data.iterdir()) if asked.data.is_dir() else ():
        if folder.is_dir():
            _line(folder.name, *_read(folder), asked.seed)
    for plan in (Plan("line"), Plan("disc"), Plan("independent", 2)):
        for shape in ((600, 60, 0.6), (1_000, 100, 0.9)):
            votes = Votes.from_dense(draw(plan, shape, asked.seed).matrix)
            _line(f"{plan.name}, {shape[0]} × {shape[1]}", votes, None, asked.seed)


def _read(folder: Path) -> tuple[Votes, Moderation]:
    from hiwar.analysis.reading import Options, read_conversation

    read = read_conversation(folder, Options("check", (), None, None, None, None, "check", None))
    return read.votes, read.moderation


def _line(name: str, votes: Votes, moderation: Moderation | None, seed: int) -> None:
    if moderation is not None:
        votes = votes.keep_statements(~moderation.out)
    everything, parameters = Moderation.none(votes.n_statements), Parameters(seed=seed)
    shown = fit_map(votes, everything, parameters)
    held = cell_fingerprints(votes, seed) < np.uint64(int(foretelling.WITHHELD * 2**64))
    train = foretelling._keep_votes(votes, ~held)
    refit = fit_map(train, everything, parameters, settled=shown)
    refit = replace(refit, in_map=shown.in_map)
    corrected = corrected_position(train, everything, refit)
    asked = held & (votes.vote != 0) & shown.in_map[votes.participant]
    rows, columns, truth = votes.participant[asked], votes.statement[asked], votes.vote[asked] > 0
    score = foretelling._Scores(train)
    points = ideal_points(train, everything, parameters, refit)
    share = [
        float(((score.map(np.nan_to_num(place), rows, columns) >= 0) == truth).mean())
        for place in (refit.position, corrected, points.place)
    ]
    for d in (2, 1):
        answers = Answers(train, np.ones(train.n_participants))
        trait = fit_trait(answers, start_at(refit.position[:, :d]), d)
        table = np.exp(trait.log_answer).reshape(-1, 3, len(trait.node))
        lean = (table[:, 2] - table[:, 0])[columns]
        said = np.einsum("vg,vg->v", trait.posterior(answers)[rows], lean)
        share.append(float(((said >= 0) == truth).mean()))
    began = time.process_time()
    whole = ideal_points(votes, everything, parameters, shown)
    took = time.process_time() - began
    artefact = missingness(votes, everything, shown, corrected_position(votes, everything, shown))
    trait_artefact = missingness(
        votes, everything, replace(shown, position=np.nan_to_num(whole.place)), whole.place
    ).distance_correlation
    cells = [
        name, f"{int(shown.in_map.sum()):,}", f"{len(truth):,}", *(f"{s:.3f}" for s in share),
        f"{artefact.distance_correlation:+.2f}", f"{artefact.distance_correlation_corrected:+.2f}",
        f"{trait_artefact:+.2f}", f"{took:.2f}",
    ]  # fmt: skip
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
