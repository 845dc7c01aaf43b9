"""red-dwarf: the groups of many small conversations in one process.

Called as: python red_dwarf_groups.py DRAWS.npz RESULT.npz
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from reddwarf.implementations.base import run_pipeline


def main(draws: Path, result: Path) -> None:
    labels = {}
    with np.load(draws) as matrices:
        for name in matrices.files:
            matrix = matrices[name]
            rows = [
                {"participant_id": int(i), "statement_id": int(j), "vote": int(matrix[i, j])}
                for i, j in zip(*np.nonzero(~np.isnan(matrix)), strict=True)
            ]
            people = run_pipeline(votes=rows, random_state=0).participants_df
            found = people["cluster_id"].astype("Int64").fillna(-1)
            label = np.full(len(matrix), -1)
            label[people.index.to_numpy(dtype=np.int64)] = found.to_numpy(dtype=np.int64)
            labels[name] = label
    np.savez(result, **labels)


main(*map(Path, sys.argv[1:]))
