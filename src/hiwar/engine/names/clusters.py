"""People out of pairs: who is one with whom, once it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.names.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hiwar.engine.names.records import Candidate, Pair


@dataclass(frozen=True, slots=True)
class Decision:
    """Two records are one person, or are not.

    Attributes
    ----------
    first, second : str
        Keys of records.
    is_same : bool
        What was decided.
    by_person : bool
        Whether somebody decided it; what a program decided gives way to what people decided.
    score : float
        What a program decided goes in this order, the highest first.
    """

    first: str
    second: str
    is_same: bool
    by_person: bool = True
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Clustering:
    """Records grouped to people.

    Attributes
    ----------
    groups : tuple of tuple of str
        One for each person: the keys of the records, sorted; groups in the order of their first.
    refused : tuple of Decision
        Those that were not carried out, because they would have joined records that were decided
        to be different people, or that contradict one another.
    """

    groups: tuple[tuple[str, ...], ...]
    refused: tuple[Decision, ...]

    @property
    def group_of(self) -> dict[str, int]:
        """Return the number of the group of each key."""
        return {key: at for at, group in enumerate(self.groups) for key in group}


def automatic(pairs: Iterable[Pair]) -> list[Decision]:
    """Return the decisions that need nobody: the pairs that are safe.

    Parameters
    ----------
    pairs : iterable of Pair
        As `duplicates.propose_duplicates` gives them.

    Returns
    -------
    list of Decision
        One for each pair with the verdict ``SAME``.
    """
    return [
        Decision(pair.first, pair.second, is_same=True, by_person=False, score=pair.score)
        for pair in pairs
        if pair.verdict is Verdict.SAME
    ]


def cluster(records: Sequence[Candidate], decisions: Iterable[Decision]) -> Clustering:
    """Group records to people by what was decided.

    Parameters
    ----------
    records : sequence of Candidate
        Every record; one that no decision names is a person of its own.
    decisions : iterable of Decision
        In any order: what people decided goes before what a program decided, "different" before
        "the same". Keys of unknown records are passed over.

    Returns
    -------
    Clustering
        The same whatever the order of records and decisions.

    Notes
    -----
    Being one person is carried on: A with B and B with C makes A and C one. A join is refused when
    it would carry on to two records that were decided to be different; a program's join also when
    the two groups give different sexes, years of birth, telephones, addresses or organisations.
    """
    state = _State({record.key: record for record in records})
    ordered = sorted(
        decisions, key=lambda d: (d.is_same, not d.by_person, -d.score, d.first, d.second)
    )
    refused = []
    for decision in ordered:
        if decision.first not in state.parent or decision.second not in state.parent:
            continue
        if not decision.is_same:
            state.part(decision.first, decision.second)
        elif not state.join(decision.first, decision.second, is_checked=not decision.by_person):
            refused.append(decision)
    return Clustering(state.groups(), tuple(refused))


def open_pairs(pairs: Iterable[Pair], clustering: Clustering) -> list[Pair]:
    """Return what is left for a person to look at once records are grouped.

    Parameters
    ----------
    pairs : iterable of Pair
        As `duplicates.propose_duplicates` gives them.
    clustering : Clustering
        The groups so far.

    Returns
    -------
    list of Pair
        For every two groups between which pairs were proposed the one with the highest score, the
        likeliest first. Its keys are of records, of which the groups are the people.
    """
    group = clustering.group_of
    best: dict[tuple[int, int], Pair] = {}
    for pair in pairs:
        here, there = group.get(pair.first, -1), group.get(pair.second, -1)
        if here == there or min(here, there) < 0:
            continue
        between = (min(here, there), max(here, there))
        held = best.get(between)
        if held is None or _rank(pair) < _rank(held):
            best[between] = pair
    return sorted(best.values(), key=_rank)


def _rank(pair: Pair) -> tuple[float, str, str]:
    return -pair.score, pair.first, pair.second


class _State:
    """Union-find that knows who must stay apart."""

    def __init__(self, records: Mapping[str, Candidate]) -> None:
        self.parent = {key: key for key in records}
        self.members = {key: [key] for key in records}
        self.apart: dict[str, set[str]] = {key: set() for key in records}
        self.facts = {key: _facts(record) for key, record in records.items()}

    def root(self, key: str) -> str:
        while self.parent[key] != key:
            self.parent[key] = self.parent[self.parent[key]]
            key = self.parent[key]
        return key

    def part(self, first: str, second: str) -> None:
        self.apart[first].add(second)
        self.apart[second].add(first)

    def join(self, first: str, second: str, *, is_checked: bool) -> bool:
        """Join two groups unless they must stay apart; return whether they are one now."""
        here, there = self.root(first), self.root(second)
        if here == there:
            return True
        if any(
            self.root(other) == there for key in self.members[here] for other in self.apart[key]
        ):
            return False
        if is_checked and self._contradict(here, there):
            return False
        if (len(self.members[here]), there) < (len(self.members[there]), here):
            here, there = there, here
        self.parent[there] = here
        self.members[here] += self.members.pop(there)
        for held, new in zip(self.facts[here], self.facts.pop(there), strict=True):
            held.update(new)
        return True

    def _contradict(self, here: str, there: str) -> bool:
        both = zip(self.facts[here], self.facts[there], strict=True)
        return any(a and b and not a & b for a, b in both)

    def groups(self) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted(tuple(sorted(keys)) for keys in self.members.values()))


def _facts(record: Candidate) -> tuple[set[object], ...]:
    """Return what one person has in common with every record of theirs that knows it."""
    sex, year = {record.sex} - {""}, {record.birth_year} - {None}
    emails = {email.strip().casefold() for email in record.emails} - {""}
    return set(sex), set(year), set(record.phones), set(emails), set(record.organisations)
