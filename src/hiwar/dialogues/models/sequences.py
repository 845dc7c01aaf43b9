"""The order of one person's acts, without a clock: the day, then a counter that starts at random.

A sequence is a whole number: the day as an ordinal in the upper bits, the counter in the lower 32.
The later day stands; on one day the greater counter does. Counters of two people say nothing about
who came first, because each starts at a random number.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, tzinfo

COUNTERS = 2**32
# Before this day there is no vote: a number in between is the clock of an earlier script, in
# milliseconds since 1970.
EARLIEST = 700_000
EPOCH = 719_163
MILLISECONDS = 86_400_000
# Smaller numbers of a file are the places of its rows; a vote without a time gives way to each
# with one.
CLOCK = 10**11


def day_of(sequence: int) -> int:
    """Return the ordinal of the day of a sequence, 0 for one that has none."""
    return sequence // COUNTERS


def first_sequence(person: int, day: date) -> int:
    """Return where the counter of a person begins; her key is random, so the beginning is."""
    return day.toordinal() * COUNTERS + (person >> 16) % 2**30


def next_sequence(person: int, latest: int | None, day: date) -> int:
    """Return the sequence of a person's next act on a day, after the latest one there is."""
    if not latest:
        return first_sequence(person, day)
    return max(day.toordinal(), day_of(latest)) * COUNTERS + latest % COUNTERS + 1


def at_the_door(sequences: Iterable[int], today: date) -> list[int]:
    """Return what is stored of the sequences one person sends together; never a clock.

    A day that is still to come becomes today. What an earlier script sent as a clock becomes its
    day and its place among the others.
    """
    clocks = list(sequences)
    last = today.toordinal()
    places = {clock: place for place, clock in enumerate(sorted({*clocks}))}
    stored = []
    for sequence in clocks:
        day, counter = divmod(sequence, COUNTERS)
        if 0 < day < EARLIEST:
            day, counter = EPOCH + sequence // MILLISECONDS, places[sequence]
        stored.append(min(day, last) * COUNTERS + counter)
    return stored


def of_clock(clock: int, counter: int, zone: tzinfo) -> int:
    """Return the sequence of a time of a file, milliseconds since 1970, with a counter.

    What is less than a time (the place of a row that has none) has no day.
    """
    if clock < CLOCK:
        return counter
    return datetime.fromtimestamp(clock / 1000, zone).toordinal() * COUNTERS + counter
