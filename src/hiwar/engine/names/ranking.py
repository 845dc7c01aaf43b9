"""Which of the people that were found is meant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hiwar.engine.names.distances import word_similarity
from hiwar.engine.names.keys import article_free
from hiwar.engine.names.sounds import skeletons
from hiwar.engine.names.words import parts, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

# A word of which only a part was asked for, or only the beginning, answers a little less.
_PART, _BEGUN, _UNLIKE = 0.9, 0.96, 0.55


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with how well it answers a query.

    Attributes
    ----------
    key : str
        The key that the caller gave.
    score : float
        From 0 to 1.
    name : str
        The spelling that answered best, as given.
    """

    key: str
    score: float
    name: str


def rank(
    query: str,
    candidates: Iterable[tuple[str, Sequence[str]]],
    *,
    honorifics: Collection[str] = (),
    limit: int = 20,
) -> list[Ranked]:
    """Order candidates by how well their names answer a query, the best first.

    Parameters
    ----------
    query : str
        Part of a name, as typed.
    candidates : iterable of (str, sequence of str)
        For each person a key and every spelling of the name that is kept.
    honorifics : collection of str
        Titles to leave out.
    limit : int
        The most that is returned.

    Returns
    -------
    list of Ranked
        Those with a score above nought; ties stand in the order of their names, then keys.

    Examples
    --------
    >>> people = [("p1", ["ليلى حسن"]), ("p2", ["ليلى خالد", "Layla Khalid"])]
    >>> [match.key for match in rank("laila kha", people)]
    ['p2', 'p1']
    """
    asked = words(query, honorifics)
    is_open = bool(query) and not query[-1].isspace()
    ranked = []
    for key, names in candidates:
        scored = [
            (_answer(asked, words(name, honorifics), is_open=is_open), name) for name in names
        ]
        score, name = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
        if score > 0:
            ranked.append(Ranked(key, score, name))
    ranked.sort(key=lambda match: (-match.score, match.name, match.key))
    return ranked[:limit]


def _answer(asked: tuple[str, ...], name: tuple[str, ...], *, is_open: bool) -> float:
    """Return how well a name answers: the mean over the words asked for, then closeness."""
    if not asked or not name:
        return 0.0
    free = list(range(len(name)))
    total = 0.0
    in_place = 0
    for at, word in enumerate(asked):
        last = is_open and at == len(asked) - 1
        worth = _worth(word, name, free, is_open=last)
        best, place = max(
            ((_word_answer(word, name[i], is_open=last), -i) for i in worth),
            default=(0.0, 0),
        )
        if best > 0:
            total += best
            free.remove(-place)
            in_place += -place == at
    share = total / len(asked)
    return share * (
        0.97 + 0.02 * len(asked) / max(len(asked), len(name)) + 0.01 * in_place / len(asked)
    )


def _worth(word: str, name: tuple[str, ...], free: list[int], *, is_open: bool) -> list[int]:
    """Return which words of a name to compare: the same one, else those of the same skeleton."""
    same = [i for i in free if name[i] == word]
    if not same and is_open:
        same = [i for i in free if name[i].startswith(word)]
    if same:
        return same[:1]
    forms = skeletons(word)
    if is_open:
        near = [i for i in free if any(form.startswith(forms) for form in skeletons(name[i]))]
    else:
        near = [i for i in free if not set(forms).isdisjoint(skeletons(name[i]))]
    return near or free


@lru_cache(maxsize=65536)
def _word_answer(word: str, other: str, *, is_open: bool) -> float:
    if word == other:
        return 1.0
    begun = [begin for begin in (word, article_free(word)) if begin] if is_open else []
    if any(other.startswith(begin) for begin in begun):
        return _BEGUN
    best = max((_PART * word_similarity(word, part) for part in parts(other)), default=0.0)
    best = max(best, word_similarity(word, other))
    if is_open and len(other) > len(word):
        for size in (len(word), len(word) + 1):
            best = max(best, _BEGUN * word_similarity(word, other[:size]))
    return best if best >= _UNLIKE else 0.0
