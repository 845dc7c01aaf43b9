"""Addresses inside a law: reading their parts back, and giving them where a file has none."""

from __future__ import annotations

import re

from hiwar.engine.law.numbers import Number, letter_rank, rank_letter
from hiwar.engine.law.structure import ADDRESS

_PART = re.compile(r"([a-z]+)_(\d+)(bis(\d*))?(?:-(\d+))?([a-z]*)(?:_\d+)?$")
_LETTERS = re.compile(r"([a-z]+)_([a-z]{1,3})$")
KINDS = {short: kind for kind, short in ADDRESS.items()}


def number_of(eid: str) -> Number | None:
    """Return the number that an address ends with.

    Parameters
    ----------
    eid : str
        Such as `chp_2__art_14bis` or `art_2__point_c`.

    Returns
    -------
    Number or None
        The rank for a letter; None where the address is not of this form.

    Examples
    --------
    >>> str(number_of("chp_2__art_14bis-2")), number_of("art_2__point_c").base
    ('14bis-2', 3)
    """
    last = eid.rpartition("__")[2]
    if match := _PART.match(last):
        bis = 0 if not match[3] else int(match[4] or 1)
        return Number(int(match[2]), bis, int(match[5] or 0), match[6])
    if match := _LETTERS.match(last):
        rank = 0
        for letter in match[2]:
            rank = rank * 26 + letter_rank(letter)
        return Number(rank)
    return None


def part_of(kind: str, number: Number | None, *, is_letter: bool = False) -> str:
    """Return the part of an address that a provision adds.

    Parameters
    ----------
    kind : str
        As in `structure.ADDRESS`.
    number : Number or None
        Its number; without one it has no number in its address.
    is_letter : bool
        It counts by letters.

    Returns
    -------
    str
        Such as `art_14bis` or `point_a`.
    """
    if number is None:
        return ADDRESS[kind]
    written = rank_letter(number.base) if is_letter else str(number)
    return f"{ADDRESS[kind]}_{written}"
