"""How many came, voted and guessed just now: small counters in memory, of no person.

They slow no vote and block nobody. What they find unusual becomes an alert for the facilitator.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from statistics import median

from hiwar.common.patience import Patience

MINUTE = 60.0
WINDOW = 10
DAY = 24 * 60
KNOWN = 512
AT_LEAST = 50
STATEMENTS_AT_LEAST = 20
COPIES_AT_LEAST = 10
TEXTS_KNOWN = 2000
TIMES_USUAL = 5
TIMES_OTHERS = 10
QUIET = 60
FREE_GUESSES = 20
MANY_GUESSES = 100


@dataclass(frozen=True, slots=True)
class Unusual:
    """What is unusual: its kind, the statement if it is about one, how many, and the usual."""

    kind: str
    count: int
    usual: int
    statement: int = 0


@dataclass
class _Seen:
    minutes: dict[int, int] = field(default_factory=dict)
    votes: dict[int, int] = field(default_factory=dict)
    since: int = 0
    raised: dict[tuple[str, int], int] = field(default_factory=dict)
    usual: tuple[int, float] = (-1, 0.0)
    statements: dict[int, int] = field(default_factory=dict)
    copies: dict[int, int] = field(default_factory=dict)
    copies_since: int = 0


class Arrivals:
    """Counts newcomers, statements and votes by statement for each dialogue, for a day at most.

    Ten minutes are unusual with fifty newcomers who are five times as many as in the usual ten
    minutes of the day before; a statement is, with fifty votes that are ten times the median of
    all. Twenty statements that are five times the usual are, and the same words ten times. The
    same is told once in an hour.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Seen] = OrderedDict()

    def newcomer(self, code: str, at: float) -> Unusual | None:
        """Count somebody who came by the open link."""
        minute, seen = int(at // MINUTE), self._of(code)
        now = _counted(seen.minutes, minute)
        if now < AT_LEAST:
            return None
        if seen.usual[0] != minute:
            seen.usual = (minute, _usual(seen.minutes, minute))
        usual = seen.usual[1]
        if now < TIMES_USUAL * usual or not _may_tell(seen, "newcomers", 0, minute):
            return None
        return Unusual("newcomers", now, round(usual))

    def vote(self, code: str, statement: int, statements: int, at: float) -> Unusual | None:
        """Count a vote on one of so many open statements."""
        minute, seen = int(at // MINUTE), self._of(code)
        if minute - seen.since >= WINDOW:
            seen.votes, seen.since = {}, minute
        count = seen.votes[statement] = seen.votes.get(statement, 0) + 1
        if count % AT_LEAST or statements < 2:
            return None
        others = [number for other, number in seen.votes.items() if other != statement]
        usual = median(others + [0] * max(0, statements - 1 - len(others)))
        if count < TIMES_OTHERS * usual or not _may_tell(seen, "statement", statement, minute):
            return None
        return Unusual("statement", count, int(usual), statement)

    def statement(self, code: str, number: int, words: str, at: float) -> Unusual | None:
        """Count a statement that somebody wrote, whatever became of it, by its words.

        ``number`` is that of the statement that bears the words, 0 where there is none.
        """
        minute, seen = int(at // MINUTE), self._of(code)
        if minute - seen.copies_since >= WINDOW or len(seen.copies) > TEXTS_KNOWN:
            seen.copies, seen.copies_since = {}, minute
        same = hash(words)
        copies = seen.copies[same] = seen.copies.get(same, 0) + 1
        now, usual = _counted(seen.statements, minute), _usual(seen.statements, minute)
        if copies >= COPIES_AT_LEAST and _may_tell(seen, "copies", same, minute):
            return Unusual("copies", copies, 1, number)
        if now < STATEMENTS_AT_LEAST or now < TIMES_USUAL * usual:
            return None
        if not _may_tell(seen, "statements", 0, minute):
            return None
        return Unusual("statements", now, round(usual))

    def forget(self) -> None:
        """Begin anew."""
        self._kept.clear()

    def _of(self, code: str) -> _Seen:
        seen = self._kept.get(code)
        if seen is None:
            seen = self._kept[code] = _Seen()
            if len(self._kept) > KNOWN:
                self._kept.popitem(last=False)
        return seen


def _counted(minutes: dict[int, int], minute: int) -> int:
    """Count one more, and return how many there were within ten minutes."""
    minutes[minute] = minutes.get(minute, 0) + 1
    if len(minutes) > DAY:
        for old in [at for at in minutes if minute - at >= DAY]:
            del minutes[old]
    return sum(minutes.get(minute - back, 0) for back in range(WINDOW))


def _usual(minutes: dict[int, int], minute: int) -> float:
    """Return how many are usual within ten minutes, by the day before these."""
    before = {at: n for at, n in minutes.items() if WINDOW <= minute - at < DAY}
    if not before:
        return 0.0
    span = max(WINDOW, minute - min(before) - WINDOW + 1)
    return sum(before.values()) * WINDOW / span


class Guesses(Patience):
    """Counts wrong codes by network and by the hour; keeps no address."""

    def wrong(self, address: str, at: float) -> Unusual | None:
        """Count a wrong code."""
        total = self.count(address, at)
        return Unusual("codes", total, 0) if total == MANY_GUESSES else None


ARRIVALS = Arrivals()
GUESSES = Guesses("dialogues.patience", FREE_GUESSES)


def _may_tell(seen: _Seen, kind: str, statement: int, minute: int) -> bool:
    """Return whether the same was not told within the last hour, and remember that it is now."""
    last = seen.raised.get((kind, statement))
    if last is not None and minute - last < QUIET:
        return False
    seen.raised[kind, statement] = minute
    return True
