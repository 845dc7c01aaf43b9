"""Opinion maps of running dialogues: how one is made, and of which votes."""

from __future__ import annotations

import hashlib
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from hiwar.analysis.cells import SMALLEST
from hiwar.analysis.document import build, encode
from hiwar.dialogues.models import Dialogue, MapRequest, OpinionMap, Publication, Statement
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.results import conversation_of, remembered_map
from hiwar.engine.opinion.analysis import analyse
from hiwar.engine.opinion.results import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hiwar.dialogues.queries.matrix import VoteMatrix
    from hiwar.engine.opinion.results import Analysis

SHORTEST_PAUSE = timedelta(seconds=1)
KEPT = 3
LEAST_WEIGHT = 1e-3


@transaction.atomic
def finish_map(
    *, dialogue: Dialogue, mark: str, began: datetime, now: datetime, took: timedelta
) -> None:
    """Keep of which votes the map was made; the dialogue then rests as long as the work took."""
    values = {
        "mark": mark, "started_at": began, "pause_until": now + max(SHORTEST_PAUSE, took),
    }  # fmt: skip
    MapRequest.objects.update_or_create(dialogue=dialogue, defaults=values)


def refresh_opinion_map(
    *,
    dialogue: Dialogue,
    now: datetime,
    progress: Callable[[str, float], None] | None = None,
    seed: int = 0,
) -> OpinionMap:
    """Make and keep the map of the votes as they are.

    While people vote it holds places and groups. Once the dialogue is closed it also holds how
    sure the groups are and what may be published, which takes longer than all the rest.
    """
    matrix = vote_matrix(dialogue)
    is_final = dialogue.state == Dialogue.State.CLOSED
    analysis = analyse(
        matrix.votes,
        matrix.moderation,
        Parameters(seed=seed),
        quality=is_final,
        progress=progress,
        before=remembered_map(dialogue, matrix.numbers.tolist()),
    )
    built = build(
        conversation_of(dialogue, matrix),
        analysis,
        smallest=max(SMALLEST, dialogue.threshold),
        stays_inside=True,
    )
    document = b"".join(encode(built))
    return _keep(
        dialogue=dialogue,
        matrix=matrix,
        analysis=analysis,
        document=zlib.compress(document, 6),
        now=now,
    )


@transaction.atomic
def _keep(
    *, dialogue: Dialogue, matrix: VoteMatrix, analysis: Analysis, document: bytes, now: datetime
) -> OpinionMap:
    kept = OpinionMap(
        dialogue=dialogue,
        document=document,
        engine_version=analysis.engine_version,
        input_hash=_hash(matrix),
        participants=matrix.votes.n_participants,
        votes=matrix.votes.n_votes,
        computed_at=now,
    )
    kept.save()
    _weigh(matrix, analysis)
    _forget_older(dialogue)
    return kept


def _hash(matrix: VoteMatrix) -> str:
    digest = hashlib.sha256()
    for part in (matrix.votes.indptr, matrix.votes.statement, matrix.votes.vote, matrix.numbers):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def _weigh(matrix: VoteMatrix, analysis: Analysis) -> None:
    """Let the next-statement sampler know the priorities, where they changed noticeably."""
    weights = np.nan_to_num(analysis.statements.priority, nan=1.0)
    weights = np.maximum(weights, LEAST_WEIGHT)
    changed = []
    for statement, weight in zip(matrix.statements, weights.tolist(), strict=True):
        if abs(statement.weight - weight) > 0.01 * weight:
            statement.weight = weight
            changed.append(statement)
    Statement.objects.bulk_update(changed, ["weight"], batch_size=200)


def _forget_older(dialogue: Dialogue) -> None:
    used = Publication.objects.filter(dialogue=dialogue).values("opinion_map")
    newest = OpinionMap.objects.filter(dialogue=dialogue).order_by("-computed_at", "pk")
    keep = list(newest.values_list("pk", flat=True)[:KEPT])
    OpinionMap.objects.filter(dialogue=dialogue).exclude(pk__in=keep).exclude(
        pk__in=[row["opinion_map"] for row in used if row["opinion_map"]]
    ).delete()
