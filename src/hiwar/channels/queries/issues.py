"""What became of an issue of the newsletter: counted, with what stopped by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from hiwar.channels.models import Batch, IssueCopy, IssueSending

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

# Of so many letters that came to an end last, so many that failed for good stop a sending.
WATCHED, TOO_MANY = 200, 10
State = IssueCopy.State
ENDED = (State.SENT, State.HARD, State.SOFT, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an issue is: its sending, its copies by state, how many left by it.

    ``halted_at`` says since when it stands because too many addresses do not exist.
    """

    batch: Batch | None
    total: int
    states: tuple[tuple[str, int], ...]
    left: int
    halted_at: datetime | None


def progress_of(key: UUID) -> Progress | None:
    """Return how far an issue is; None while nothing of it was sent."""
    sending = IssueSending.objects.select_related("batch").filter(pk=key).first()
    if sending is None:
        return None
    rows = sending.copies.order_by().values("state").annotate(n=Count("pk"))
    counts = {row["state"]: row["n"] for row in rows}
    return Progress(
        sending.batch, sum(counts.values()),
        tuple((str(state.label), counts[state]) for state in State if state in counts),
        sending.copies.filter(has_left=True).count(), sending.halted_at,
    )  # fmt: skip


def fails_too_often(sending: IssueSending) -> bool:
    """Return whether one in twenty of the last two hundred letters had an address that is none."""
    ended = sending.copies.filter(state__in=ENDED, settled_at__gte=sending.watched_from)
    states = list(ended.order_by("-settled_at", "pk").values_list("state", flat=True)[:WATCHED])
    return states.count(State.HARD) >= TOO_MANY


def halted_sendings() -> list[IssueSending]:
    """Return the issues that stopped by themselves and that nobody has looked at."""
    halted = IssueSending.objects.filter(halted_at__isnull=False, batch__state=Batch.State.PAUSED)
    return list(halted.select_related("batch").order_by("halted_at"))


def is_halted(batch: Batch) -> bool:
    """Return whether a sending stands because it stopped by itself."""
    return IssueSending.objects.filter(batch=batch, halted_at__isnull=False).exists()
