"""What is compared to find duplicates, and what is said of two that may be one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of one record of a person.

    Attributes
    ----------
    key : str
        The caller's key of the record; unique.
    names : tuple of str
        Every spelling of the full name, in any script.
    phones : frozenset of str
        Keys under which equal telephones are known.
    emails : frozenset of str
        Addresses; case is folded here.
    birth_year : int, optional
        Year of birth, None when it is not known.
    place : str
        Key of the place of the person; empty when it is not known.
    organisations : frozenset of str
        Keys of organisations.
    sex : str
        Code; empty when it is not known.
    """

    key: str
    names: tuple[str, ...]
    phones: frozenset[str] = field(default_factory=frozenset)
    emails: frozenset[str] = field(default_factory=frozenset)
    birth_year: int | None = None
    place: str = ""
    organisations: frozenset[str] = field(default_factory=frozenset)
    sex: str = ""


class Verdict(StrEnum):
    """What may be done with a pair.

    ``SAME``: one person; safe to accept in one action. ``LIKELY``: a person decides. ``NAMESAKES``:
    the same name, but something else says that these are two people. ``SHARED``: other names with
    one telephone or address, as in a family or an office.
    """

    SAME = "same"
    LIKELY = "likely"
    NAMESAKES = "namesakes"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against two records being one person.

    Attributes
    ----------
    code : str
        ``same-``, ``other-`` or ``similar-`` and what is compared: ``name``, ``phone``, ``email``,
        ``birth-year``, ``place``, ``organisation``, ``sex``; ``shared-phone`` for a telephone that
        several people with other names have; ``close-birth-year`` for a year apart.
    bits : float
        How much it speaks for one person, in bits: negative speaks against.
    first, second : str
        What is compared, for whoever decides.
    """

    code: str
    bits: float
    first: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, with the reasons.

    Attributes
    ----------
    first, second : str
        Keys, the smaller first.
    verdict : Verdict
        What may be done.
    score : float
        How likely it is that they are one person, from 0 to 1.
    name_similarity : float
        From 0 to 1, of the two spellings that are most alike.
    evidence : tuple of Evidence
        The reasons, the strongest first.
    """

    first: str
    second: str
    verdict: Verdict
    score: float
    name_similarity: float
    evidence: tuple[Evidence, ...]
