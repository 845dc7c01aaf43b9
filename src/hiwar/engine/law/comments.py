"""Public comments that are one letter: sent as it is, or with small changes of one's own."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from hiwar.engine.law.folding import DROPPED, fold, word_key
from hiwar.engine.law.numbers import arabic_number
from hiwar.engine.law.words import matching

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LANGUAGES = ("ar", "en")
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{DROPPED}])*|[.!?؟…\n]")
_PREFIX = re.compile(r"(?:[وف])?(?:[بكل]?ال|لل|[بل](?=\w{3}))?")
_KEPT = 0.8  # share of the leader's words that a copy keeps
_OWN = 0.4  # share of a copy's words that may be its own
_LONG = 20  # words from which a word may be exchanged for another
_FEW = 4  # words that say too little to be half of another text
_SHORT = 12  # words up to which two words in a row find a text's like, too
_OPTIONS = 5  # leaders that a text is laid beside
_EACH = 10  # words of the leader for each word changed inside a sentence
_LINKED = 0.6  # share of the leader's words from which a text is shown beside it
_SLIPS = 0.1  # share of the leader's words that slips of a letter may hide
_QUOTED = 8  # words in a row that stand in the draft are a quotation
_MOST = 60  # leaders with one run of three words, from which the run says nothing
_RARE = 24  # runs of a text that are looked up, the rarest
_NUMBERS_EN = frozenset([
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
    "ninety", "hundred", "thousand", "half", "third", "quarter", "double", "twice",
])  # fmt: skip
Kind = Literal["leader", "identical", "near"]
Reason = Literal["turned", "number", "own_words"]


@dataclass(frozen=True, slots=True)
class Member:
    """A comment in its group.

    Attributes
    ----------
    at : int
        Place of the comment in what was given.
    kind : str
        `leader`, `identical` (the same words, however they are spelt and set), or `near`. What
        differs is `compare_words` of the two texts, which is left to where it is shown.
    """

    at: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Group:
    """Comments that are one letter.

    Attributes
    ----------
    leader : int
        Place of the comment that stands for all.
    members : tuple of Member
        In the order given; the leader is one of them.
    """

    leader: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A comment that holds much of a letter and is not one with it.

    Attributes
    ----------
    at, leader : int
        Places of the comment and of the letter's leader.
    reason : str
        `turned`: a word that turns the sense differs, or words stand in each other's place;
        `number`: a number differs; `own_words`: too much is its own.
    """

    at: int
    leader: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Grouping:
    """Comments in groups, counted three ways.

    Attributes
    ----------
    comments, texts : int
        How many were given, and how many different texts these are.
    groups : tuple of Group
        By their first comment; every comment stands in exactly one.
    links : tuple of Link
        By comment: what should be shown beside a letter.
    """

    comments: int
    texts: int
    groups: tuple[Group, ...]
    links: tuple[Link, ...]


def _words(text: str) -> list[str]:
    return [word_key(word) for word in _WORD.findall(text)]


def _is_word(word: str) -> bool:
    return word[0].isalnum()


@cache
def _turning() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words that turn a sentence, and the beginnings of such words."""
    whole: set[str] = set()
    begin: set[str] = set()
    for language in LANGUAGES:
        source = files("hiwar.engine.law").joinpath("turning").joinpath(f"{language}.toml")
        table = tomllib.loads(source.read_text("utf-8"))
        for word in [*table["negation"], *table["direction"]]:
            (begin if word.endswith("*") else whole).add(str(fold(word.removesuffix("*"))))
    return frozenset(whole), tuple(begin)


@lru_cache(maxsize=1 << 16)
def turns(word: str) -> bool:
    """Return whether a word turns what a sentence says.

    Parameters
    ----------
    word : str
        Folded, as `folding.word_key` gives it.

    Returns
    -------
    bool
        True for a negation, an exception, one of two opposites.

    Examples
    --------
    >>> turns("لا"), turns("والتوسيع"), turns("unlawful"), turns("gazette")
    (True, True, True, False)
    """
    whole, begin = _turning()
    return any(way in whole or way.startswith(begin) for way in (word, _bare(word)))


@lru_cache(maxsize=1 << 16)
def _bare(word: str) -> str:
    """Return a folded word without article, conjunction and preposition that are written to it."""
    prefix = _PREFIX.match(word)
    return word[prefix.end() :] if prefix else word


@lru_cache(maxsize=1 << 16)
def _counts(word: str) -> bool:
    """Return whether a folded word is a number."""
    return (
        any(letter.isdigit() for letter in word)
        or word in _NUMBERS_EN
        or arabic_number(word) is not None
        or arabic_number(word.rstrip("ا")) is not None
    )


@dataclass(slots=True)
class _Text:
    """A text as it is compared; the runs of three words (two, where it is short) find its like."""

    first: int
    words: list[str]  # without signs
    coded: list[int]  # the words as numbers
    vocabulary: frozenset[int]
    begins: list[bool]  # whether a sentence begins at each word, and one more for the end
    runs: list[int]
    target: str
    quoted: tuple[str, ...]
    senders: int = 0


def _quotations(words: list[str], draft: frozenset[tuple[str, ...]]) -> list[bool]:
    """Return, for each word, whether it stands in a quotation of the draft."""
    marked = [False] * len(words)
    for at in range(len(words) - _QUOTED + 1):
        if tuple(words[at : at + _QUOTED]) in draft:
            marked[at : at + _QUOTED] = [True] * _QUOTED
    return marked


def _prepared(
    first: int, tokens: list[str], target: str, draft: frozenset[tuple[str, ...]],
    codes: dict[str, int],
) -> _Text:  # fmt: skip
    words: list[str] = []
    begins: list[bool] = []
    is_new = True
    for token in tokens:
        if _is_word(token):
            words.append(token)
            begins.append(is_new)
            is_new = False
        else:
            is_new = True
    quoted: tuple[str, ...] = ()
    if draft:
        marked = _quotations(words, draft)
        if any(marked) and not all(marked):
            quoted = tuple(word for word, is_quoted in zip(words, marked, strict=True) if is_quoted)
            begins = [
                flag or (at > 0 and marked[at - 1])
                for at, flag in enumerate(begins)
                if not marked[at]
            ]
            words = [word for word, is_quoted in zip(words, marked, strict=True) if not is_quoted]
    coded = [codes.setdefault(word, len(codes) + 1) for word in words]
    runs = [(a << 42) | (b << 21) | c for a, b, c in zip(coded, coded[1:], coded[2:], strict=False)]
    if len(words) <= _SHORT:
        runs += [(a << 21) | b for a, b in pairwise(coded)] or coded
    once = list(dict.fromkeys(runs))
    return _Text(first, words, coded, frozenset(coded), [*begins, True], once, target, quoted)


def _changes(leader: _Text, text: _Text) -> Iterator[tuple[list[str], list[str], bool]]:
    """Yield what went, what came, and whether what came is sentences of their own."""
    at = place = 0
    for start, first, length in [
        *matching(leader.coded, text.coded), (len(leader.words), len(text.words), 0)
    ]:  # fmt: skip
        if start > at or first > place:
            own = text.begins[place] and text.begins[first] if first > place else True
            own = own and (leader.begins[at] and leader.begins[start] if start > at else True)
            yield leader.words[at:start], text.words[place:first], own
        at, place = start + length, first + length


def _is_spelling(gone: list[str], came: list[str]) -> bool:
    """Return whether words differ by a slip of a letter or two."""
    if len(gone) != len(came):
        return "".join(gone) == "".join(came)
    return all(_is_slip(a, b) for a, b in zip(gone, came, strict=True))


def _is_slip(a: str, b: str) -> bool:
    if a == b:
        return True
    if min(len(a), len(b)) < 4 or abs(len(a) - len(b)) > 1:
        return False
    shorter = min(len(a), len(b))
    head = next((at for at in range(shorter) if a[at] != b[at]), shorter)
    if not head:  # un-, im-, the person of a verb: the first letters may turn the sense
        return False
    tails = (a[head + 1 :], b[head + 1 :])
    return (
        tails[0] == tails[1] or a[head:] == tails[1] or tails[0] == b[head:]
        or (a[head : head + 2] == b[head : head + 2][::-1] and a[head + 2 :] == b[head + 2 :])
    )  # fmt: skip


def _weighs(gone: list[str], came: list[str]) -> bool:
    """Return whether a slip of a letter makes a number, or a word that turns, of another."""
    return any(map(_counts, gone + came)) or any(
        turns(a) != turns(b) for a, b in zip(gone, came, strict=False)
    )


def _judged(leader: _Text, text: _Text) -> tuple[Literal["near", "apart"] | Reason, float]:
    """Return what a text is to a leader, and the share of the leader's words that it keeps."""
    size = kept = len(leader.words)
    # Before the words are laid beside one another: are there enough that both have?
    shared = sum(map(text.vocabulary.__contains__, leader.coded))
    if size >= _LONG and shared < (_LINKED - _SLIPS) * size:
        return "apart", shared / size
    inside = own = exchanged = 0
    went: set[str] = set()
    arrived: set[str] = set()
    reason: Reason | None = None
    for gone, came, is_own in _changes(leader, text):
        kept -= len(gone)
        if _is_spelling(gone, came) and not _weighs(gone, came):
            kept += len(gone)
            continue
        if any(turns(word) for word in gone + came):
            reason = "turned"
        elif any(_counts(word) for word in gone + came):
            reason = reason or "number"
        own += len(came)
        if not is_own:
            inside += max(len(gone), len(came))
            exchanged += bool(gone and came)
            went.update(map(_bare, gone))
            arrived.update(map(_bare, came))
    if went & arrived:  # from the poor to the rich, from the rich to the poor
        reason = "turned"
    share = kept / max(size, 1)
    # A short text is one with another only where every word of it stands there.
    if (share < _LINKED or kept < _FEW) and not (kept and kept == size):
        return "apart", share
    if reason:
        return reason, share
    allowed = size // _EACH
    if exchanged and size < _LONG:
        return "own_words", share
    if share >= _KEPT and own <= _OWN * len(text.words) and inside <= allowed:
        return "near", share
    return "own_words", share


def group_comments(
    texts: Sequence[str], *, targets: Sequence[str] = (), draft: Sequence[str] = ()
) -> Grouping:
    """Group comments that are one letter around a leader.

    Parameters
    ----------
    texts : sequence of str
        The comments, of any language, in the order in which they came.
    targets : sequence of str
        What each is about, such as an address; comments about different things never meet. Empty:
        all are about one thing.
    draft : sequence of str
        Texts of the draft; eight words in a row that stand there are a quotation and count for no
        likeness, but two comments that quote different things are not one.

    Returns
    -------
    Grouping
        Every comment stands in exactly one group.

    Raises
    ------
    ValueError
        Where there are targets and not one for each text.

    Notes
    -----
    A text is compared with leaders alone, never with what joined one: likeness makes no chains.
    The wording with most senders leads; of these, the one of whose runs fewest are its own.

    Examples
    --------
    >>> group_comments(["نطالب بشمول الجميع", "نُطالب بشمول الجميع!", "لا نطالب بشمول الجميع"]).texts
    2
    """
    if targets and len(targets) != len(texts):
        msg = "one target for each text"
        raise ValueError(msg)
    quoted = frozenset(
        tuple(words[at : at + _QUOTED])
        for words in ([w for w in _words(text) if _is_word(w)] for text in draft)
        for at in range(len(words) - _QUOTED + 1)
    )
    codes: dict[str, int] = {}
    distinct: dict[tuple[str, str], _Text] = {}
    keys: list[tuple[str, str]] = []
    for at, text in enumerate(texts):
        tokens = _words(text)
        # A text without a word is its own letters.
        said = " ".join(filter(_is_word, tokens)) or f"\0{text.strip()}"
        key = (said, targets[at] if targets else "")
        if key not in distinct:
            distinct[key] = _prepared(at, tokens, key[1], quoted, codes)
        distinct[key].senders += 1
        keys.append(key)
    joined, links = _led(list(distinct.values()))
    return _grouping([distinct[key].first for key in keys], joined, links)


def _led(distinct: list[_Text]) -> tuple[dict[int, int], dict[int, tuple[int, Reason]]]:
    """Return the leader of each text, and the letters that texts are shown beside."""
    spread = Counter(run for text in distinct for run in text.runs)

    def rank(text: _Text) -> tuple[int, float, int]:
        lone = sum(spread[run] == 1 for run in text.runs) / max(len(text.runs), 1)
        return -text.senders, lone, text.first

    joined: dict[int, int] = {}
    links: dict[int, tuple[int, Reason]] = {}
    holders: dict[int, list[int]] = {}
    by_first = {text.first: text for text in distinct}
    for text in sorted(distinct, key=rank):
        best = _nearest(text, by_first, holders, spread)
        joined[text.first] = text.first
        if best:
            leader, verdict = best
            if verdict == "near":
                joined[text.first] = leader
                continue
            links[text.first] = leader, verdict
        for run in text.runs:
            holders.setdefault(run, []).append(text.first)
    return joined, links


def _nearest(
    text: _Text, by_first: dict[int, _Text], holders: dict[int, list[int]], spread: Counter[int]
) -> tuple[int, Literal["near"] | Reason] | None:
    """Return the leader that a text is one with, or the one it keeps most of, or None."""
    shared = sorted((run for run in text.runs if spread[run] > 1), key=spread.__getitem__)
    votes: Counter[int] = Counter()
    # Runs of a large campaign are common in texts and rare among leaders.
    for run in dict.fromkeys(shared[:_RARE] + shared[-_RARE:]):
        leaders = holders.get(run, ())
        if len(leaders) <= _MOST:
            votes.update(leaders)
    best: tuple[float, int, Reason] | None = None
    for first, _count in votes.most_common(_OPTIONS):
        leader = by_first[first]
        if leader.target != text.target:
            continue
        verdict, share = _judged(leader, text)
        if verdict == "near":
            if not (leader.quoted and text.quoted and leader.quoted != text.quoted):
                return first, "near"
            verdict = "own_words"
        if verdict != "apart" and (best is None or share > best[0]):
            best = share, first, verdict
    return best and (best[1], best[2])


def _grouping(
    firsts: list[int], joined: dict[int, int], links: dict[int, tuple[int, Reason]]
) -> Grouping:
    members: dict[int, list[Member]] = {}
    for at, first in enumerate(firsts):
        leader = joined[first]
        kind: Kind = "leader" if at == leader else "identical" if first == leader else "near"
        members.setdefault(leader, []).append(Member(at, kind))
    groups = sorted(members.items(), key=lambda item: item[1][0].at)
    return Grouping(
        len(firsts),
        len(joined),
        tuple(Group(leader, tuple(group)) for leader, group in groups),
        tuple(Link(at, leader, reason) for at, (leader, reason) in sorted(links.items())),
    )
