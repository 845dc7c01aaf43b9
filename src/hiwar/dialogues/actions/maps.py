"""Opinion maps of running dialogues: who works on one, and what came of it."""

from __future__ import annotations

import hashlib
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.db.models import F, Q

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

LEASE = timedelta(seconds=30)
SHORTEST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=1)
KEPT = 3
LEAST_WEIGHT = 1e-3


@transaction.atomic
def claim_map(*, dialogue: Dialogue, worker: str, now: datetime, lease: timedelta = LEASE) -> bool:
    """Take a dialogue's map for one worker; False when another has it or it pauses.

    The claim ends by itself, so the work of a worker that was killed is taken up by the next.
    """
    MapRequest.objects.get_or_create(dialogue=dialogue, defaults={"asked_at": now})
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    rested = Q(pause_until=None) | Q(pause_until__lte=now)
    taken = MapRequest.objects.filter(free, rested, dialogue=dialogue).update(
        worker=worker, started_at=now, lease_until=now + lease, progress=0.0
    )
    return bool(taken)


def keep_map(*, dialogue: Dialogue, worker: str, now: datetime, lease: timedelta = LEASE) -> bool:
    """Keep a claim while work goes on; False when it was lost."""
    mine = MapRequest.objects.filter(dialogue=dialogue, worker=worker, lease_until__gt=now)
    return bool(mine.update(lease_until=now + lease))


def tell_progress(*, dialogue: Dialogue, worker: str, share: float) -> None:
    """Say how far the work on a map is, from 0 to 1."""
    MapRequest.objects.filter(dialogue=dialogue, worker=worker).update(progress=share)


@transaction.atomic
def finish_map(
    *, dialogue: Dialogue, worker: str, mark: str, now: datetime, took: timedelta
) -> None:
    """Give a claim back after success; the dialogue then rests as long as the work took."""
    MapRequest.objects.filter(dialogue=dialogue, worker=worker).update(
        mark=mark,
        worker="",
        lease_until=None,
        pause_until=now + max(SHORTEST_PAUSE, took),
        progress=1.0,
        failures=0,
        error="",
    )


@transaction.atomic
def fail_map(*, dialogue: Dialogue, worker: str, error: str, now: datetime) -> None:
    """Give a claim back after a failure; each failure doubles the pause, up to an hour."""
    mine = MapRequest.objects.filter(dialogue=dialogue, worker=worker)
    for failures in mine.values_list("failures", flat=True):
        pause = min(timedelta(seconds=2 ** min(failures + 1, 16)), LONGEST_PAUSE)
        mine.update(
            worker="",
            lease_until=None,
            pause_until=now + pause,
            progress=0.0,
            failures=F("failures") + 1 if failures < 1000 else failures,
            error=error[:200],
        )


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
    told = build(
        conversation_of(dialogue, matrix),
        analysis,
        smallest=max(SMALLEST, dialogue.threshold),
        stays_inside=True,
    )
    document = b"".join(encode(told))
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


def release_map(*, dialogue: Dialogue, worker: str) -> None:
    """Give a claim back untouched, for instance when a worker is told to stop."""
    MapRequest.objects.filter(dialogue=dialogue, worker=worker).update(worker="", lease_until=None)
