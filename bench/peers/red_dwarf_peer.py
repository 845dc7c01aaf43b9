"""red-dwarf: the same file through its public pipeline, which takes one dictionary per vote.

Called as: python red_dwarf_peer.py VOTES.parquet SIDE.json RESULT.npz
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from reddwarf.implementations.base import run_pipeline


def main(votes: Path, side: Path, result: Path) -> None:
    known = json.loads(side.read_text())
    start = time.process_time()
    table = pq.read_table(votes, use_threads=False)
    rows = [
        {"participant_id": p, "statement_id": s, "vote": v, "modified": 0}
        for p, s, v in zip(*(table.column(i).to_pylist() for i in range(3)), strict=True)
    ]
    loaded = time.process_time()
    found = run_pipeline(
        votes=rows,
        mod_out_statement_ids=known["rejected"],
        meta_statement_ids=known["meta"],
        random_state=0,
    )
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    people = found.participants_df
    label = people["cluster_id"].astype("Int64").fillna(-1).to_numpy(dtype=np.int64)
    np.savez(result, participant=people.index.to_numpy(dtype=np.int64), group=label)
    print(json.dumps({"load": loaded - start, "cpu": end - start, "peak": peak}))


main(*map(Path, sys.argv[1:]))
