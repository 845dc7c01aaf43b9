"""Keys by which a name is found: rows of an index in a database, and the keys of a query."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from hiwar.engine.names.sounds import skeletons
from hiwar.engine.names.words import words

if TYPE_CHECKING:
    from collections.abc import Collection

# The kinds of key, each a first letter: a word as written, a skeleton, a whole name's skeletons.
WORD, SKELETON, WHOLE = "w", "s", "n"
_LONGEST = 40
_MOST_WHOLE = 4


@dataclass(frozen=True, slots=True)
class WordKeys:
    """How one word of a query is looked for.

    Attributes
    ----------
    word : str
        The word, normalised.
    exact : tuple of str
        Keys of rows that match the word.
    prefixes : tuple of str
        Beginnings of keys of rows that match the word while it is being typed; empty for a word
        that is complete.
    near : tuple of str
        Keys of rows that match the word if it holds one mistake; for when too little was found.
    """

    word: str
    exact: tuple[str, ...]
    prefixes: tuple[str, ...]
    near: tuple[str, ...]


def keys(text: str, *, honorifics: Collection[str] = ()) -> frozenset[str]:
    """Return the keys under which a name is kept in an index.

    Parameters
    ----------
    text : str
        A name.
    honorifics : collection of str
        Titles to leave out.

    Returns
    -------
    frozenset of str
        At most 41 characters each: one for each word as written (``w…``), one or more for its
        skeleton (``s…``), and for the skeletons of the whole name in any order (``n…``).

    Examples
    --------
    >>> sorted(keys("ليلى خالد") & keys("Laila Khaled"))
    ['nhld ll', 'nkld ll', 'shld', 'skld', 'sll']
    """
    found = words(text, honorifics)
    by_word = [skeletons(word) for word in found]
    made = {WORD + word[:_LONGEST] for word in found}
    made |= {SKELETON + form[:_LONGEST] for forms in by_word for form in forms}
    if len(found) > 1:
        choices = product(*(forms[:2] for forms in by_word[:6]))
        for _count, forms in zip(range(_MOST_WHOLE), choices, strict=False):
            made.add(WHOLE + " ".join(sorted(forms))[:_LONGEST])
    return frozenset(made)


def search_keys(query: str, *, honorifics: Collection[str] = ()) -> tuple[WordKeys, ...]:
    """Return how to look for what somebody types.

    Parameters
    ----------
    query : str
        Part of a name in any script. The last word may be unfinished, unless a blank follows it.
    honorifics : collection of str
        Titles to leave out.

    Returns
    -------
    tuple of WordKeys
        One for each word; a person matches who has, for every word, a row with one of its keys.

    Examples
    --------
    >>> [found.word for found in search_keys("ليلى خا")]
    ['ليلي', 'خا']
    >>> search_keys("ليلى خا")[1].prefixes
    ('wخا', 'sk', 'sh')
    """
    found = words(query, honorifics)
    open_at = len(found) - 1 if query and not query[-1].isspace() else -1
    return tuple(_word_keys(word, is_open=at == open_at) for at, word in enumerate(found))


def _word_keys(word: str, *, is_open: bool) -> WordKeys:
    forms = skeletons(word)
    exact = (WORD + word[:_LONGEST], *(SKELETON + form[:_LONGEST] for form in forms))
    prefixes = exact if is_open else ()
    return WordKeys(word, exact, prefixes, near=())
