"""Hiwar: read a Parquet file of votes, make the map, the groups and every statement's figures.

Called as: python hiwar_peer.py VOTES.parquet SIDE.json RESULT.npz
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet  # noqa: F401 - imports are not part of the work
import scipy.optimize
import scipy.sparse.linalg  # noqa: F401

from hiwar.analysis.reading import read_conversation
from hiwar.engine.opinion import Moderation
from hiwar.engine.opinion.analysis import analyse
from hiwar.engine.opinion.results import Parameters


def main(votes: Path, side: Path, result: Path) -> None:
    known = json.loads(side.read_text())
    start = time.process_time()
    conversation = read_conversation(votes)
    loaded = time.process_time()
    ids = np.array(conversation.statement_ids)
    moderation = Moderation(
        np.where(np.isin(ids, known["rejected"]), -1, 1).astype(np.int8),
        np.isin(ids, known["meta"]),
    )
    found = analyse(conversation.votes, moderation, Parameters(mode=known["mode"]), quality=False)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    np.savez(result, participant=conversation.participant_ids, group=found.opinion_map.group)
    print(json.dumps({"load": loaded - start, "cpu": end - start, "peak": peak}))


main(*map(Path, sys.argv[1:]))
