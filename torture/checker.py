"""Compare what was answered with what is stored. A program of its own, tested on planted losses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Slot = tuple[int, int]
ACKNOWLEDGED, REFUSED, UNKNOWN = "acknowledged", "refused", "unknown"


@dataclass(frozen=True)
class Sent:
    """One vote that was sent: for whom, on what, its sequence, its choice and how it ended."""

    participant: int
    statement: int
    sequence: int
    choice: int
    outcome: str


@dataclass
class Verdict:
    """What the comparison found; everything but the counts and the remark must be empty."""

    acknowledged: int = 0
    unknown: int = 0
    unknown_stored: int = 0
    lost: list[Sent] = field(default_factory=list)
    phantom: list[tuple[int, int, int, int]] = field(default_factory=list)
    duplicate: list[Slot] = field(default_factory=list)
    refused_but_stored: list[Sent] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remark: str = ""

    @property
    def is_clean(self) -> bool:
        """True when nothing was lost, invented, doubled, or stored after a refusal."""
        found = self.lost or self.phantom or self.duplicate or self.refused_but_stored
        return not (found or self.faults)


def check(sent: Iterable[Sent], stored: Iterable[tuple[int, int, int, int]]) -> Verdict:
    """Compare votes sent with rows (participant, statement, sequence, choice).

    An acknowledged vote is lost when its slot is absent or holds an earlier sequence. A row is a
    phantom when nobody sent it as it stands. A vote whose answer never came may be stored or not.
    """
    verdict = Verdict()
    asked: dict[tuple[int, int, int, int], Sent] = {}
    rows = list(stored)
    held = {(p, s): sequence for p, s, sequence, _ in rows}
    seen = Counter((p, s) for p, s, _, _ in rows)
    verdict.duplicate = [slot for slot, times in seen.items() if times > 1]
    for vote in sent:
        key = (vote.participant, vote.statement, vote.sequence, vote.choice)
        if vote.outcome != REFUSED or key not in asked:
            asked[key] = vote
        here = held.get((vote.participant, vote.statement), -1)
        if vote.outcome == ACKNOWLEDGED:
            verdict.acknowledged += 1
            if here < vote.sequence:
                verdict.lost.append(vote)
        elif vote.outcome == UNKNOWN:
            verdict.unknown += 1
            verdict.unknown_stored += here == vote.sequence
    for row in rows:
        if row not in asked:
            verdict.phantom.append(row)
        elif asked[row].outcome == REFUSED:
            verdict.refused_but_stored.append(asked[row])
    return verdict
