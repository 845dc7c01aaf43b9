"""Synthetic conversations: the shapes of the benchmark, and planted groups to be found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHARES = (0.5, 0.3, 0.2)
SEED = 7
BLOCK = 20_000


@dataclass(frozen=True, eq=False)
class Events:
    """Votes as columns, with the group that was planted for each participant."""

    participant: NDArray[np.int32]
    statement: NDArray[np.int32]
    vote: NDArray[np.int8]
    planted: NDArray[np.int64]
    n_participants: int
    n_statements: int


def conversation(
    n_participants: int,
    n_statements: int,
    mean_votes: float,
    *,
    shares: Sequence[float] = SHARES,
    spread: float = 1.2,
    noise: float = 1.0,
    seed: int = SEED,
) -> Events:
    """Draw a conversation.

    Votes per person are ``round(lognormal)`` with the given mean and sigma 0.9, clipped to
    [1, C], on statements without replacement. A vote is the sign of
    ``base_j + load_gj + noise`` with base ~ N(0.3, 0.8), load ~ N(0, spread) on half of the
    statements, and a pass where that is below 0.25 in size.
    """
    rng = np.random.default_rng(seed)
    base = rng.normal(0.3, 0.8, n_statements).astype(np.float32)
    load = rng.normal(0.0, spread, (len(shares), n_statements)).astype(np.float32)
    load *= rng.random(n_statements) < 0.5
    planted = rng.choice(len(shares), n_participants, p=shares)
    drawn = rng.lognormal(np.log(mean_votes) - 0.405, 0.9, n_participants)
    number = np.clip(np.round(drawn), 1, n_statements).astype(np.int64)
    parts = [
        _block(rng, base + load[planted[at : at + BLOCK]], number[at : at + BLOCK], noise)
        for at in range(0, n_participants, BLOCK)
    ]
    return Events(
        participant=np.repeat(np.arange(n_participants, dtype=np.int32), number),
        statement=np.concatenate([statement for statement, _ in parts]),
        vote=np.concatenate([vote for _, vote in parts]),
        planted=planted,
        n_participants=n_participants,
        n_statements=n_statements,
    )


def _block(
    rng: np.random.Generator,
    leaning: NDArray[np.float32],
    number: NDArray[np.int64],
    noise: float,
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    order = np.argsort(rng.random(leaning.shape, dtype=np.float32), axis=1).astype(np.int32)
    chosen = np.arange(leaning.shape[1]) < number[:, None]
    rows = np.repeat(np.arange(len(number)), number)
    statement = order[chosen]
    felt = leaning[rows, statement] + noise * rng.standard_normal(len(statement), np.float32)
    vote = np.where(np.abs(felt) < 0.25, 0, np.sign(felt)).astype(np.int8)
    return statement, vote
