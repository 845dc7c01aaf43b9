"""Which paragraph or provision became which: pairs, moves, splits, merges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hiwar.engine.law.folding import word_key
from hiwar.engine.law.words import ascending, matching, tokens_with_letters

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_PLACE, OTHER_PLACE, MOVED = 0.3, 0.45, 0.55
_LEAST_WORDS = 6
_COVERED = 0.7
_LARGEST_GAP = 40_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph or provision as it is compared.

    Attributes
    ----------
    identity : str
        Its address; empty where it has none.
    key : str
        Its words folded, with single blanks.
    words : Counter
        How often each word stands in it.
    size : int
        Number of words.
    """

    identity: str
    key: str
    words: Counter[str]
    size: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of units.

    Attributes
    ----------
    old, new : tuple of int
        Places in either list; several on one side where units were split or merged, none where
        one was added or removed.
    is_moved : bool
        Whether it stands before something that it stood behind, or the reverse.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    is_moved: bool = False


def unit(text: str, identity: str = "") -> Unit:
    """Return a text as it is compared.

    Parameters
    ----------
    text : str
        Of a paragraph or provision.
    identity : str
        Its address.

    Returns
    -------
    Unit
        Its words, folded and counted.
    """
    words = [word_key(token) for token in tokens_with_letters(text)]
    return Unit(identity, " ".join(words), Counter(words), len(words))


def likeness(old: Unit, new: Unit) -> float:
    """Return how much of two units is the same words.

    Parameters
    ----------
    old, new : Unit
        To be compared.

    Returns
    -------
    float
        Dice's coefficient over words as often as they stand, from 0 to 1; 1 for two empty ones.
    """
    size = old.size + new.size
    if not size:
        return 1.0
    fewer, more = sorted((old.words, new.words), key=len)
    shared = sum(min(count, more[word]) for word, count in fewer.items() if word in more)
    return 2 * shared / size


class _Matching:
    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old, self.new = old, new
        self.partner: dict[int, int] = {}
        self.taken: dict[int, int] = {}

    def pair(self, at: int, place: int) -> None:
        self.partner[at], self.taken[place] = place, at

    def rest(self) -> tuple[list[int], list[int]]:
        return (
            [at for at in range(len(self.old)) if at not in self.partner],
            [at for at in range(len(self.new)) if at not in self.taken],
        )

    def by_identity_and_text(self) -> None:
        places = {
            (unit.identity, unit.key): at for at, unit in enumerate(self.new) if unit.identity
        }
        for at, unit_ in enumerate(self.old):
            place = places.get((unit_.identity, unit_.key))
            if unit_.identity and place is not None and place not in self.taken:
                self.pair(at, place)

    def by_text(self) -> None:
        """Pair equal texts in sequence, then those that stand once on either side."""
        old, new = self.rest()
        codes: dict[str, int] = {}

        def coded(units: Sequence[Unit], places: list[int]) -> list[int]:
            # A unit with an address is not paired with its neighbour's text by sequence alone.
            return [codes.setdefault(units[at].key, len(codes)) for at in places]

        first, second = coded(self.old, old), coded(self.new, new)
        for start, place, length in matching(first, second):
            for offset in range(length):
                at, to = old[start + offset], new[place + offset]
                if self._may_meet(at, to):
                    self.pair(at, to)
        old, new = self.rest()
        counts = Counter(self.old[at].key for at in old), Counter(self.new[at].key for at in new)
        places = {self.new[at].key: at for at in new}
        for at in old:
            key = self.old[at].key
            if counts[0][key] == counts[1][key] == 1 and self.old[at].size >= _LEAST_WORDS:
                self.pair(at, places[key])

    def _may_meet(self, at: int, to: int) -> bool:
        """Return whether equal texts may be one: short ones with other addresses may not."""
        old, new = self.old[at], self.new[to]
        return (
            not old.identity or not new.identity or old.identity == new.identity
            or old.size >= _LEAST_WORDS
        )  # fmt: skip

    def by_identity(self) -> None:
        """Pair what has one address, unless the text has plainly gone elsewhere."""
        old, new = self.rest()
        places = {self.new[at].identity: at for at in new if self.new[at].identity}
        elsewhere = self._candidates(old, new)
        for at in old:
            place = places.get(self.old[at].identity)
            if not self.old[at].identity or place is None or place in self.taken:
                continue
            alike = likeness(self.old[at], self.new[place])
            best = max(
                (score for score, other in elsewhere.get(at, ()) if other != place), default=0
            )
            if alike >= SAME_PLACE or best < MOVED:
                if best > alike + 0.2 and best >= MOVED:
                    continue
                self.pair(at, place)

    def in_gaps(self) -> None:
        """Pair what is alike between two pairs, in order."""
        anchors = sorted(self.partner.items())
        kept = [anchors[index] for index in ascending([place for _at, place in anchors])]
        edges = [(-1, -1), *kept, (len(self.old), len(self.new))]
        for (a, b), (c, d) in pairwise(edges):
            old = [at for at in range(a + 1, c) if at not in self.partner]
            new = [at for at in range(b + 1, d) if at not in self.taken]
            if old and new and len(old) * len(new) <= _LARGEST_GAP:
                for at, place in self._aligned(old, new):
                    self.pair(at, place)

    def _aligned(self, old: list[int], new: list[int]) -> list[tuple[int, int]]:
        """Return the pairs in order whose likeness adds up to most (dynamic programming)."""
        width = len(new) + 1
        best = [[0.0] * width for _row in range(len(old) + 1)]
        scores = [[self._score(at, place) for place in new] for at in old]
        for i in range(len(old) - 1, -1, -1):
            for j in range(len(new) - 1, -1, -1):
                score = scores[i][j]
                with_pair = score + best[i + 1][j + 1] if score else 0.0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], with_pair)
        pairs = []
        i = j = 0
        while i < len(old) and j < len(new):
            score = scores[i][j]
            if score and best[i][j] == score + best[i + 1][j + 1]:
                pairs.append((old[i], new[j]))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
        return pairs

    def _score(self, at: int, place: int) -> float:
        old, new = self.old[at], self.new[place]
        alike = likeness(old, new)
        named = bool(old.identity and new.identity)
        least = MOVED if named else OTHER_PLACE
        return alike if alike >= least and not (named and old.identity == new.identity) else 0.0

    def moved(self) -> None:
        """Pair what is left over and alike, the most alike first."""
        old, new = self.rest()
        pairs = [
            (score, at, place)
            for at, options in self._candidates(old, new).items()
            for score, place in options
        ]
        for score, at, place in sorted(pairs, key=lambda item: (-item[0], item[1], item[2])):
            enough = min(self.old[at].size, self.new[place].size) >= _LEAST_WORDS
            if score >= MOVED and enough and at not in self.partner and place not in self.taken:
                self.pair(at, place)

    def _candidates(self, old: list[int], new: list[int]) -> dict[int, list[tuple[float, int]]]:
        """Return, for each old unit, those that share rarer words with it, with their likeness."""
        holders: dict[str, list[int]] = {}
        for place in new:
            for word in self.new[place].words:
                holders.setdefault(word, []).append(place)
        most = max(8, len(new) // 10)
        candidates: dict[int, list[tuple[float, int]]] = {}
        for at in old:
            votes: Counter[int] = Counter()
            for word in self.old[at].words:
                places = holders.get(word, ())
                if len(places) <= most:
                    votes.update(places)
            candidates[at] = [
                (likeness(self.old[at], self.new[place]), place)
                for place, _count in votes.most_common(6)
            ]
        return candidates


def _absorbed(whole: Unit, part: Unit, rest: Sequence[Unit]) -> bool:
    """Return whether a unit was cut off another: its words are those that the others left."""
    if (rest and part.size < _LEAST_WORDS) or not part.size:
        return False
    left = whole.words.copy()
    for other in rest:
        left.subtract(other.words)
    shared = sum(min(count, left[word]) for word, count in part.words.items() if left[word] > 0)
    return shared >= _COVERED * part.size


def align(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Find which unit became which.

    Parameters
    ----------
    old, new : sequence of Unit
        In order.

    Returns
    -------
    list of Pair
        Every unit stands in exactly one pair; the order is that of the new units, with what was
        removed behind what it stood behind.

    Notes
    -----
    In this order: the same address and text; equal text in sequence, or once on either side; the
    same address unless the text is plainly elsewhere; alike between two pairs; left over, six
    words or more and 0.55 alike; a unit most of whose words another lost or gained (split, merge).
    Equal texts that stand more than once are never called moved.
    """
    work = _Matching(old, new)
    work.by_identity_and_text()
    work.by_text()
    work.by_identity()
    work.in_gaps()
    work.moved()
    splits, merges = _splits(work), _merges(work)
    anchors = sorted(work.partner.items())
    steady = {anchors[index] for index in ascending([place for _at, place in anchors])}
    pairs = []
    absorbed_old = {at for ats in merges.values() for at in ats}
    absorbed_new = {at for ats in splits.values() for at in ats}
    for at, place in anchors:
        sources = tuple(sorted((at, *merges.get(place, ()))))
        targets = tuple(sorted((place, *splits.get(at, ()))))
        pairs.append(Pair(sources, targets, (at, place) not in steady))
    left_old, left_new = work.rest()
    pairs += [Pair((at,), ()) for at in left_old if at not in absorbed_old]
    pairs += [Pair((), (place,)) for place in left_new if place not in absorbed_new]
    return _ordered(pairs)


def _splits(work: _Matching) -> dict[int, list[int]]:
    """Return, for old units, the new ones that were cut off them."""
    splits: dict[int, list[int]] = {}
    for place in work.rest()[1]:
        for neighbour in (place - 1, place + 1):
            at = work.taken.get(neighbour, -1)
            if at < 0:
                owner = [key for key, parts in splits.items() if neighbour in parts]
                at = owner[0] if owner else -1
            if at < 0:
                continue
            others = [work.new[work.partner[at]], *(work.new[p] for p in splits.get(at, ()))]
            if _absorbed(work.old[at], work.new[place], others):
                splits.setdefault(at, []).append(place)
                break
    return splits


def _merges(work: _Matching) -> dict[int, list[int]]:
    """Return, for new units, the old ones that were taken into them."""
    merges: dict[int, list[int]] = {}
    for at in work.rest()[0]:
        for neighbour in (at - 1, at + 1):
            place = work.partner.get(neighbour, -1)
            if place < 0:
                owner = [key for key, parts in merges.items() if neighbour in parts]
                place = owner[0] if owner else -1
            if place < 0:
                continue
            others = [work.old[work.taken[place]], *(work.old[a] for a in merges.get(place, ()))]
            if _absorbed(work.new[place], work.old[at], others):
                merges.setdefault(place, []).append(at)
                break
    return merges


def _ordered(pairs: list[Pair]) -> list[Pair]:
    """Order pairs by the new text; what was removed stands behind what it stood behind."""
    where: dict[int, int] = {}
    for pair in pairs:
        for at in pair.old:
            if pair.new and not pair.is_moved:
                where[at] = pair.new[0]
    keys: dict[Pair, tuple[int, int, int]] = {}
    for pair in pairs:
        if pair.new:
            keys[pair] = (pair.new[0], 0, 0)
            continue
        before = pair.old[0] - 1
        while before >= 0 and before not in where:
            before -= 1
        keys[pair] = (where.get(before, -1), 1, pair.old[0])
    return sorted(pairs, key=lambda pair: keys[pair])
