"""Two people's texts merged by block: joined where that is safe, put before a person elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import product
from typing import TYPE_CHECKING

from hiwar.engine.blocks.words import is_weighty, plain_text, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

APART = 3  # unchanged words between two changes that may be joined
PASSAGE = 4  # words of a passage that must not stand twice
UNJOINED = frozenset({"recommendation", "table"})  # kinds whose text a person always chooses


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list or other part of a paper, in every language at once.

    Attributes
    ----------
    key : str
        Never changes: a split keeps it on the first part, a join keeps that of the first.
    kind : str
    texts : mapping of language to text
    """

    key: str
    kind: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person has to decide, with all three sides whole.

    Attributes
    ----------
    key : str
        The block.
    what : str
        ``text`` (both changed one language), ``kind``, ``deleted`` (one deleted what the other
        changed), ``order`` (both moved it) or ``doubled`` (a passage stands elsewhere too).
    language : str
        For ``text``; empty elsewhere.
    base, current, mine : mapping of str to str
        Texts by language; for ``kind`` and ``order`` one entry of that name. Empty where the block
        is not there.
    """

    key: str
    what: str
    language: str = ""
    base: Mapping[str, str] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)
    mine: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged text: its blocks in order, what was joined by itself, what a person decides.

    Attributes
    ----------
    blocks : list of Block
        Where a person decides, the block stands as it is now in the shared text; a block that one
        deleted and the other changed stands as it was changed.
    choices : list of Choice
    joined : list of (str, str)
        Block and language in which the words of both stand now.
    """

    blocks: list[Block]
    choices: list[Choice]
    joined: list[tuple[str, str]]


def merge_words(base: str, current: str, mine: str) -> str | None:
    """Return a text with the changes of both, or None where a person has to choose.

    Parameters
    ----------
    base : str
        What both began with.
    current, mine : str
        What stands now, and what somebody else made of the base.

    Returns
    -------
    str or None
        Joined only where changes lie at least ``APART`` words from each other and touch no digit,
        no word for a number, no mark of a citation and no negation. The same change made by both is
        one change.
    """
    old, theirs, ours = words_of(base), words_of(current), words_of(mine)
    if ours in (theirs, old):
        return current
    if theirs == old:
        return mine
    first, second = _changes(old, theirs), _changes(old, ours)
    shared = set(first) & set(second)
    alone = [change for change in first if change not in shared]
    added = [change for change in second if change not in shared]
    for change in (*alone, *added):
        if any(map(is_weighty, (*old[change[0] : change[1]], *change[2]))):
            return None
    for (start, end, _new), (other_start, other_end, _other) in product(first, added):
        if max(other_start - end, start - other_end) < APART:
            return None
    words = list(old)
    for start, end, new in sorted({*first, *second}, reverse=True):
        words[start:end] = new
    return plain_text(words)


def merge(base: Sequence[Block], current: Sequence[Block], mine: Sequence[Block]) -> Merged:
    """Merge two texts that began as one; nothing is lost, and nothing stands twice unmarked.

    Parameters
    ----------
    base : sequence of Block
        What both began with.
    current : sequence of Block
        What stands now.
    mine : sequence of Block
        What somebody made of the base meanwhile.

    Returns
    -------
    Merged

    Notes
    -----
    Kind, each language and the place of a block are merged apart from each other. Keys are unique
    within a text.
    """
    sides = tuple({block.key: block for block in side} for side in (base, current, mine))
    old, theirs, ours = sides
    merging = _Merging()
    kept: dict[str, Block] = {}
    for key in dict.fromkeys((*theirs, *ours)):
        block = merging.block(old.get(key), theirs.get(key), ours.get(key))
        if block is not None:
            kept[key] = block
    order = merging.order(list(old), list(theirs), list(ours), set(kept))
    merging.mark_split(old, theirs, ours)
    merging.mark_doubled(sides, kept)
    return Merged([kept[key] for key in order], merging.choices, merging.joined)


class _Merging:
    """What is decided on the way."""

    def __init__(self) -> None:
        self.choices: list[Choice] = []
        self.joined: list[tuple[str, str]] = []

    def block(self, old: Block | None, theirs: Block | None, ours: Block | None) -> Block | None:
        """Merge one block; None where it is deleted."""
        if theirs is None or ours is None:
            return self._without(old, theirs, ours)
        if old is None:  # both have it and neither began with it: an edit that came twice
            return theirs
        kind = theirs.kind if ours.kind in {old.kind, theirs.kind} else ours.kind
        if old.kind not in {theirs.kind, ours.kind} and theirs.kind != ours.kind:
            kind = theirs.kind
            self.choices.append(
                Choice(old.key, "kind", "", *({"kind": each.kind} for each in (old, theirs, ours)))
            )
        is_joined = not UNJOINED & {old.kind, theirs.kind, ours.kind}
        texts: dict[str, str] = {}
        for language in dict.fromkeys((*old.texts, *theirs.texts, *ours.texts)):
            texts[language] = self._text(language, old, theirs, ours, is_joined=is_joined)
        return Block(old.key, kind, texts)

    def _text(
        self, language: str, old: Block, theirs: Block, ours: Block, *, is_joined: bool
    ) -> str:
        was, stands, new = (each.texts.get(language, "") for each in (old, theirs, ours))
        if new in {was, stands}:
            return stands
        if stands == was:
            return new
        text = merge_words(was, stands, new) if is_joined else None
        if text is None:
            sides = ({language: was}, {language: stands}, {language: new})
            self.choices.append(Choice(old.key, "text", language, *sides))
            return stands
        if text not in {stands, new}:
            self.joined.append((old.key, language))
        return text

    def _without(self, old: Block | None, theirs: Block | None, ours: Block | None) -> Block | None:
        block = theirs or ours
        if old is None or block is None:  # added by one of them, or gone on both sides
            return block
        if block.kind == old.kind and _same(block, old):
            return None
        self.choices.append(
            Choice(old.key, "deleted", "", old.texts,
                   theirs.texts if theirs else {}, ours.texts if ours else {})
        )  # fmt: skip
        return block

    def order(
        self, old: list[str], theirs: list[str], ours: list[str], kept: set[str]
    ) -> list[str]:
        """Return the keys of the blocks that stay, in their merged order."""
        keys = [key for key in theirs if key in kept]
        moved_here, moved_there = _moved(old, ours), _moved(old, theirs)
        for at, key in enumerate(ours):
            if key not in kept:
                continue
            if key in keys:
                if key not in moved_here:
                    continue
                if key in moved_there:
                    self._moved_twice(key, old, theirs, ours)
                    continue
                keys.remove(key)
            # What is new follows its neighbour wherever that went; what was moved stands still.
            elsewhere = moved_there if key in moved_here else set()
            near = (each for each in reversed(ours[:at]) if each in keys and each not in elsewhere)
            before = next(near, None)
            keys.insert(keys.index(before) + 1 if before else 0, key)
        return keys

    def _moved_twice(self, key: str, old: list[str], theirs: list[str], ours: list[str]) -> None:
        sides = [{"after": _before(key, side)} for side in (old, theirs, ours)]
        if sides[1] != sides[2]:
            self.choices.append(Choice(key, "order", "", *sides))

    def mark_split(
        self, old: Mapping[str, Block], theirs: Mapping[str, Block], ours: Mapping[str, Block]
    ) -> None:
        """Mark what was cut out of a block that both changed: it may stand there still."""
        undecided = {choice.key for choice in self.choices}
        deleted = {choice.key for choice in self.choices if choice.what == "deleted"}
        for side, other, origins in ((ours, theirs, undecided), (theirs, ours, deleted)):
            for key in set(side) - set(old) - set(other):
                block = side[key]
                near = (origin for origin in origins if origin in old and origin in side)
                if any(_is_cut(block, old[origin], side[origin]) for origin in near):
                    self.choices.append(Choice(key, "doubled", mine=block.texts))

    def mark_doubled(
        self, sides: tuple[Mapping[str, Block], ...], kept: Mapping[str, Block]
    ) -> None:
        """Mark passages that stand more often than in any of the three texts."""
        touched = {
            key for key in {key for side in sides for key in side}
            if len({_signature(side.get(key)) for side in sides}) > 1
        }  # fmt: skip
        before = [_passages([side[key] for key in touched if key in side]) for side in sides]
        after = _passages([kept[key] for key in touched if key in kept])
        too_often = {
            passage for passage, times in after.items()
            if times > max(counts[passage] for counts in before)
        }  # fmt: skip
        marked = {choice.key for choice in self.choices}
        seen: set[tuple[str, ...]] = set()
        # What came last is what is asked about: blocks of the other side before those that came in.
        for key in sorted(touched & set(kept), key=lambda key: (key in sides[2], key)):
            passages = set(_runs(kept[key])) & too_often
            if passages & seen and key not in marked:
                self.choices.append(Choice(key, "doubled", mine=kept[key].texts))
            seen |= passages


def _same(block: Block, other: Block) -> bool:
    languages = {*block.texts, *other.texts}
    return all(block.texts.get(each, "") == other.texts.get(each, "") for each in languages)


def _signature(block: Block | None) -> object:
    return block and (block.kind, tuple(sorted(block.texts.items())))


def _changes(old: list[str], new: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return what was changed: from and to which word of the old text, and the words there now."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        (start, end, tuple(new[new_start:new_end]))
        for tag, start, end, new_start, new_end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _moved(old: list[str], side: list[str]) -> set[str]:
    """Return the fewest keys that have to move for the one order to become the other."""
    places = {key: at for at, key in enumerate(old)}
    keys = [key for key in side if key in places]
    ends: list[int] = []  # the smallest last place of a rising row of each length
    last: list[int] = []  # its index in keys
    earlier: list[int] = []
    for at, key in enumerate(keys):
        length = bisect_left(ends, places[key])
        earlier.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(places[key])
            last.append(at)
        else:
            ends[length], last[length] = places[key], at
    rising: set[str] = set()
    at = last[-1] if last else -1
    while at >= 0:
        rising.add(keys[at])
        at = earlier[at]
    return set(keys) - rising


def _before(key: str, side: list[str]) -> str:
    at = side.index(key)
    return side[at - 1] if at else ""


def _is_cut(block: Block, old: Block, now: Block) -> bool:
    """Return whether a new block begins with, or mostly is, what was taken out of another."""
    for language, text in block.texts.items():
        words = words_of(text)
        gone = Counter(words_of(old.texts.get(language, "")))
        gone.subtract(words_of(now.texts.get(language, "")))
        held = sum(
            min(times, gone[word]) for word, times in Counter(words).items() if gone[word] > 0
        )
        if words and (held * 2 >= len(words) or gone[words[0]] > 0):
            return True
    return False


def _runs(block: Block) -> Iterator[tuple[str, ...]]:
    for language, text in block.texts.items():
        words = words_of(text)
        for at in range(max(1, len(words) - PASSAGE + 1) if words else 0):
            yield (language, *words[at : at + PASSAGE])


def _passages(blocks: Sequence[Block]) -> Counter[tuple[str, ...]]:
    return Counter(run for block in blocks for run in _runs(block))
