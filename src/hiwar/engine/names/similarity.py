"""How alike two names are, across scripts, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hiwar.engine.names.distances import word_similarity
from hiwar.engine.names.words import words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_MATCH = 0.6
_ORDER = 0.03


@dataclass(frozen=True, slots=True)
class WordMatch:
    """Two words of two names that stand for one another; one is empty where a word has no partner.

    Attributes
    ----------
    first, second : str
        The words, normalised.
    similarity : float
        From 0 to 1; 0 without a partner.
    """

    first: str
    second: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two names count as alike.

    Attributes
    ----------
    score : float
        From 0 to 1, as `similarity` returns it.
    matches : tuple of WordMatch
        In the order of the first name, then what the second has beyond it.
    is_in_order : bool
        False when the words stand in another order.
    has_same_given_name : bool
        Whether the first words stand for one another.
    """

    score: float
    matches: tuple[WordMatch, ...]
    is_in_order: bool
    has_same_given_name: bool


def similarity(first: str, second: str, *, honorifics: Collection[str] = ()) -> float:
    """Return how alike two names are, in whichever scripts they are written.

    Parameters
    ----------
    first, second : str
        Names; the order makes no difference.
    honorifics : collection of str
        Titles to leave out.

    Returns
    -------
    float
        From 0 to 1; 1 only for names with the same normal form. Never enough to say that two
        people are one.

    Examples
    --------
    >>> similarity("عبدالله", "عبد الله")
    1.0
    >>> similarity("نور الدين القواسمي", "Noureddine Kawasmeh") > 0.9
    True
    """
    return explain(first, second, honorifics=honorifics).score


def explain(first: str, second: str, *, honorifics: Collection[str] = ()) -> Explanation:
    """Return how alike two names are, and which words were taken for which.

    Parameters
    ----------
    first, second : str
        Names.
    honorifics : collection of str
        Titles to leave out.

    Returns
    -------
    Explanation
        The score and what it rests on.

    Notes
    -----
    Each word is matched with the most similar free word of the other name. The score is the mean
    over the words of both names, words without a partner counting nought, but a name of which
    every word is found in the longer one (two parts of four) loses only a tenth for each that is
    missing. Another order costs 0.03.

    Examples
    --------
    >>> explain("ليلى خالد", "Laila Khaled").has_same_given_name
    True
    """
    return compare(words(first, honorifics), words(second, honorifics))


def compare(first: Sequence[str], second: Sequence[str]) -> Explanation:
    """Compare names that were split into words already.

    Parameters
    ----------
    first, second : sequence of str
        Words as `words.words` gives them.

    Returns
    -------
    Explanation
        As `explain` gives it.
    """
    return _compared(tuple(first), tuple(second))


@lru_cache(maxsize=65536)
def _compared(first: tuple[str, ...], second: tuple[str, ...]) -> Explanation:
    if not first or not second:
        return Explanation(0.0, (), is_in_order=True, has_same_given_name=False)
    pairs = _assigned(first, second)
    taken = [j for _i, j, _s in pairs]
    by_first = {i: (j, s) for i, j, s in pairs}
    matches = [
        WordMatch(word, second[by_first[i][0]], by_first[i][1])
        if i in by_first
        else WordMatch(word, "", 0.0)
        for i, word in enumerate(first)
    ]
    matches += [WordMatch("", word, 0.0) for j, word in enumerate(second) if j not in taken]
    is_in_order = taken == sorted(taken)
    partner = by_first.get(0)
    return Explanation(
        _score([s for _i, _j, s in pairs], len(first), len(second), is_in_order=is_in_order),
        tuple(matches),
        is_in_order,
        has_same_given_name=bool(partner and partner[0] == 0),
    )


def _assigned(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int, float]]:
    """Match words greedily, the most similar first and those in the same place before others."""
    offered = [
        (likeness, -abs(i - j), -i - j, i, j)
        for i, left in enumerate(first)
        for j, right in enumerate(second)
        if (likeness := word_similarity(left, right)) >= _MATCH
    ]
    offered.sort(key=lambda o: (-o[0], -o[1], -o[2], abs(o[3] - o[4])))
    rows: set[int] = set()
    columns: set[int] = set()
    pairs = []
    for likeness, _near, _early, i, j in offered:
        if i not in rows and j not in columns:
            rows.add(i)
            columns.add(j)
            pairs.append((i, j, likeness))
    return sorted(pairs)


def _score(likenesses: list[float], n_first: int, n_second: int, *, is_in_order: bool) -> float:
    if not likenesses:
        return 0.0
    shorter, longer = sorted((n_first, n_second))
    plain = 2 * sum(likenesses) / (shorter + longer)
    contained = 0.0
    if len(likenesses) == shorter and shorter > 1:
        contained = sum(likenesses) / shorter - 0.1 * (longer - shorter)
    score = max(plain, contained) - (0.0 if is_in_order else _ORDER)
    return max(0.0, min(1.0, score))
