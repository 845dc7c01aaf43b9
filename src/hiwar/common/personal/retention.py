"""How long the house keeps what: a class, its days, and what ends it, declared by each room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import Promise


class Ending(Protocol):
    """An action that ends what is over."""

    def __call__(self, *, now: datetime) -> int:
        """Return how many rows were ended."""


@dataclass(frozen=True, slots=True)
class KeepingClass:
    """One class of data and its end.

    Attributes
    ----------
    code : str
        ``room.noun``.
    label : str
        What is kept.
    begins : str
        From when its days count.
    days : callable
        Returns how many days it is kept; settings and vocabularies may say so.
    end : callable or None
        Ends what is over at an instant and returns how many rows that were; safe to run twice.
        None where a duty of the room does it more often.
    duty : str
        The duty of the room that ends it, where there is no `end`.
    """

    code: str
    label: str | Promise
    begins: str | Promise
    days: Callable[[], int]
    end: Ending | None = None
    duty: str = "common.end_keeping"


_classes: dict[str, KeepingClass] = {}


def register_keeping(*classes: KeepingClass) -> None:
    """Register what a room keeps for a time."""
    _classes.update({kept.code: kept for kept in classes})


def keeping_classes() -> list[KeepingClass]:
    """Return every class, by code."""
    return [_classes[code] for code in sorted(_classes)]


def end_keeping(*, now: datetime) -> dict[str, int]:
    """End what is over in every class; return the rows by class.

    Each class is a transaction of its own, so that one that fails stops no other; the first
    failure is raised when all were tried, and the duty is then late.
    """
    ended: dict[str, int] = {}
    failure: Exception | None = None
    for kept in keeping_classes():
        if kept.end is None:
            continue
        try:
            ended[kept.code] = kept.end(now=now)
        except Exception as error:  # noqa: BLE001 - raised below
            failure = failure or error
    if failure is not None:
        raise failure
    return ended
