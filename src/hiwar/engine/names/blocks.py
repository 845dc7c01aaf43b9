"""Which records are worth comparing: those that share a block."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from hiwar.engine.names.sounds import skeletons
from hiwar.engine.names.words import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from hiwar.engine.names.records import Candidate

# A block with more records is too common to say anything; its records meet in narrower blocks.
_LARGEST = 40
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as it is compared.

    Attributes
    ----------
    record : Candidate
        What was given.
    spellings : tuple of tuple of str
        The words of each different spelling of the name.
    emails : frozenset of str
        Case folded.
    """

    record: Candidate
    spellings: tuple[tuple[str, ...], ...]
    emails: frozenset[str]


def read(record: Candidate, honorifics: Collection[str]) -> Reading:
    """Split the names of a record into words.

    Parameters
    ----------
    record : Candidate
        A record.
    honorifics : collection of str
        Titles to leave out.

    Returns
    -------
    Reading
        The record with its words.
    """
    spellings = dict.fromkeys(words(name, honorifics) for name in record.names)
    emails = frozenset(email.strip().casefold() for email in record.emails if email.strip())
    return Reading(record, tuple(s for s in spellings if s), emails)


def pairs_to_compare(readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    """Return the pairs that share a block, each once.

    Parameters
    ----------
    readings : sequence of Reading
        Every record.

    Returns
    -------
    iterator of (int, int)
        Positions, the smaller first, in a fixed order.

    Notes
    -----
    Blocks are: a telephone; an address; the skeletons of the whole name in any order; given and
    family name, alone or with year or place; given name or family name with year and place. In
    blocks of a contact or a whole name with more than 40 records each is compared with the eight
    that follow it in the order of names, years and places; larger blocks of the other kinds are
    left to narrower ones.
    """
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, reading in enumerate(readings):
        for block in set(_blocks(reading)):
            blocks[block].append(at)
    size = len(readings)
    seen: set[int] = set()
    for block, members in blocks.items():
        if len(members) < 2:
            continue
        is_strong = block[0] in {"phone", "email", "whole"}
        if len(members) > _LARGEST and not is_strong:
            continue
        seen.update(a * size + b for a, b in _within(members, readings))
    return (divmod(pair, size) for pair in sorted(seen))


def _within(members: list[int], readings: Sequence[Reading]) -> Iterable[tuple[int, int]]:
    if len(members) <= _LARGEST:
        return combinations(members, 2)
    ordered = sorted(members, key=lambda at: (_order(readings[at]), at))
    return (
        (min(a, b), max(a, b))
        for place, a in enumerate(ordered)
        for b in ordered[place + 1 : place + 1 + _NEIGHBOURS]
    )


def _order(reading: Reading) -> tuple[object, ...]:
    record = reading.record
    return reading.spellings, record.birth_year or 0, record.place, sorted(record.phones)


def _blocks(reading: Reading) -> Iterator[tuple[object, ...]]:
    record = reading.record
    yield from (("phone", phone) for phone in record.phones)
    yield from (("email", email) for email in reading.emails)
    year, place = record.birth_year, record.place
    for spelling in reading.spellings:
        forms = [skeletons(word)[:2] for word in spelling]
        yield ("whole", *sorted(options[0] for options in forms))
        yield ("whole", *sorted(options[-1] for options in forms))
        for form in forms[0]:
            if year and place:
                yield "given", form, year, place
            for family in forms[-1]:
                yield "ends", form, family
                if year:
                    yield "ends", form, family, year
                if place:
                    yield "ends", form, family, 0, place
        if year and place:
            yield from (("family", family, year, place) for family in forms[-1])
