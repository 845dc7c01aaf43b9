"""Whether the house stands still: one row of the database, read by every door that lets out or in.

Requests ask what this process knows, and the database at most once in `FRESH` seconds; work beside
the requests and the outbox ask the database each time. Rooms say what waits (`register_waiting`).
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DatabaseError

from hiwar.common.models import Held, Pause

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import _StrPromise

FRESH = 2.0
# Seconds after which whoever was refused may ask again.
COME_AGAIN = 300


@dataclass(frozen=True, slots=True)
class Standing:
    """How the house stands: the pause that lasts, and the kinds that one holds or left held.

    ``began`` is when the newest pause began, ``since`` the same while it lasts, else None.
    """

    began: datetime | None = None
    since: datetime | None = None
    held: frozenset[str] = frozenset()

    @property
    def is_paused(self) -> bool:
        """Return whether a pause lasts."""
        return self.since is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one kind, as a room counts it."""

    kind: Held
    label: str | _StrPromise
    count: int


@dataclass(slots=True)
class _Known:
    """What this process knows."""

    standing: Standing = Standing()
    looked_at: float | None = None


_known = _Known()
_counters: list[tuple[Held, str | _StrPromise, Callable[[datetime], int]]] = []


def newest_pause() -> Pause | None:
    """Return the newest pause, whether it lasts or not."""
    return Pause.objects.order_by("-since", "pk").first()


def standing() -> Standing:
    """Ask the database how the house stands; for doors that are passed seldom."""
    pause = newest_pause()
    if pause is None:
        return Standing()
    return Standing(pause.since, pause.since if pause.lasts else None, frozenset(pause.held))


def known() -> Standing:
    """Return how the house stands as this process knows it; asks no database."""
    return _known.standing


def refresh(*, at_once: bool = False) -> None:
    """Ask the database again, at most once in `FRESH` seconds, or now when `at_once`."""
    now = time.monotonic()
    if not at_once and _known.looked_at is not None and now - _known.looked_at < FRESH:
        return
    if _known.looked_at != math.inf:
        _known.looked_at = now
    try:
        _known.standing = standing()
    except DatabaseError:
        # A database that is away or older than the code: what is known stays, and health says it.
        if at_once:
            raise


def forget(*, until_changed: bool = False) -> None:
    """Know of no pause, until the next `refresh` or, if so, this process's next change."""
    _known.standing = Standing()
    _known.looked_at = math.inf if until_changed else None


def is_held(kind: str) -> bool:
    """Ask the database whether a kind is held."""
    return kind in standing().held


def shown_at(now: datetime) -> datetime:
    """Return the hour by which the public sees what opens by the clock.

    It stands still while schedules are held: what comes due in a pause opens for nobody.
    """
    stands = _known.standing
    if stands.began is None or Held.SCHEDULES not in stands.held:
        return now
    return min(now, stands.began)


def register_waiting(
    kind: Held, label: str | _StrPromise, count: Callable[[datetime], int]
) -> None:
    """Let a room count what waits of a kind at an instant; the same label twice counts once."""
    _counters[:] = [line for line in _counters if line[:2] != (kind, label)]
    _counters.append((kind, label, count))


def waiting(now: datetime) -> list[Waiting]:
    """Return what waits, kind by kind, in the order of the kinds."""
    order = list(Held)
    counted = [Waiting(kind, label, count(now)) for kind, label, count in _counters]
    return sorted(counted, key=lambda line: order.index(line.kind))
