"""What the hot path must know of a dialogue, read at most every two seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.dialogues.models import Dialogue, Participant, Round, Statement
from hiwar.engine.opinion.routing import RoutingPlan, routing_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

LIFE = 2.0
KNOWN = 512


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A dialogue as the hot path sees it.

    Attributes
    ----------
    dialogue : UUID
        Key of the dialogue.
    code : str
        Its public code.
    refusal : str
        Why no vote is taken now, empty when votes are taken.
    statement_of : mapping of int to int
        Key of each open statement by its number; a number that was merged leads to the statement
        that stays, so that a vote from a phone that was away is not lost.
    texts : mapping of int to mapping of str to str
        Wording of each open statement by language, by number.
    numbers : tuple of int
        Numbers in the order of the columns of `plan`.
    column_of : mapping of int to int
        Column of `plan` by key of the statement.
    plan : RoutingPlan
        Weights for the next statement.
    blocked : frozenset of int
        Participants whose acts are refused.
    accepts_open_link : bool
        Whether somebody without a code may take part.
    """

    dialogue: UUID
    code: str
    refusal: str
    statement_of: Mapping[int, int]
    texts: Mapping[int, Mapping[str, str]]
    numbers: tuple[int, ...]
    column_of: Mapping[int, int]
    plan: RoutingPlan
    blocked: frozenset[int]
    accepts_open_link: bool


def take_snapshot(code: str) -> Snapshot | None:
    """Read a dialogue from the database; None when there is none that the public may see."""
    dialogue = Dialogue.objects.filter(code=code).exclude(state=Dialogue.State.DRAFT).first()
    if dialogue is None:
        return None
    rows = list(
        Statement.objects.filter(dialogue=dialogue, state=Statement.State.OPEN)
        .order_by("number", "pk")
        .values_list("pk", "number", "text", "weight")
    )
    blocked = Participant.objects.filter(dialogue=dialogue, is_blocked=True)
    weights = np.array([max(weight, 1e-9) for *_, weight in rows])
    return Snapshot(
        dialogue=dialogue.pk,
        code=code,
        refusal=refusal_of(dialogue),
        statement_of=_merged_numbers(dialogue, {key for key, *_ in rows})
        | {number: key for key, number, _, _ in rows},
        texts={number: dict(text) for _, number, text, _ in rows},
        numbers=tuple(number for _, number, _, _ in rows),
        column_of={key: column for column, (key, *_) in enumerate(rows)},
        plan=routing_plan(weights, np.ones(len(rows), np.bool_)),
        blocked=frozenset(blocked.values_list("pk", flat=True)),
        accepts_open_link=dialogue.accepts_open_link,
    )


def _merged_numbers(dialogue: Dialogue, open_keys: set[int]) -> dict[int, int]:
    """Return the open statement that each number leads to that was merged into it."""
    merged = Statement.objects.filter(dialogue=dialogue, state=Statement.State.MERGED)
    rows = list(merged.values_list("pk", "number", "derived_from"))
    onward = {key: kept for key, _number, kept in rows}
    leads = {}
    for key, number, _kept in rows:
        last: int | None = key
        for _step in rows:
            if last not in onward:
                break
            last = onward[last]
        if last in open_keys:
            leads[number] = last
    return leads


def refusal_of(dialogue: Dialogue) -> str:
    """Return why a dialogue takes no votes now, empty when it does."""
    if dialogue.state != Dialogue.State.OPEN:
        return "dialogue_closed"
    voting = dialogue.rounds.filter(
        state=Round.State.OPEN, kind__in=(Round.Kind.VOTE, Round.Kind.COLLECT)
    )
    return "" if voting.exists() else "no_round_open"


class Snapshots:
    """Snapshots of the dialogues in use.

    Parameters
    ----------
    read : callable
        Reads a snapshot by code.
    life : float
        Seconds for which a snapshot serves.
    """

    def __init__(
        self, read: Callable[[str], Snapshot | None] = take_snapshot, life: float = LIFE
    ) -> None:
        self._read = read
        self._life = life
        self._kept: dict[str, tuple[float, Snapshot | None]] = {}

    def fresh(self, code: str) -> tuple[Snapshot | None, bool]:
        """Return what is kept and whether it may still be served without a look."""
        kept = self._kept.get(code)
        if kept is None:
            return None, False
        return kept[1], time.monotonic() - kept[0] < self._life

    def refresh(self, code: str) -> Snapshot | None:
        """Read a snapshot and keep it."""
        snapshot = self._read(code)
        if len(self._kept) >= KNOWN:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[code] = (time.monotonic(), snapshot)
        return snapshot

    def forget(self, code: str) -> None:
        """Read again at the next look."""
        self._kept.pop(code, None)
