"""Keys by which a name is found: rows of an index in a database, and the keys of a query."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from hiwar.engine.names.lexicon import ARTICLE, LATIN_ARTICLES
from hiwar.engine.names.sounds import skeletons
from hiwar.engine.names.words import parts, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# The kinds of key, each a first letter: a word as written, a skeleton, a whole name's skeletons.
WORD, SKELETON, WHOLE = "w", "s", "n"
_LONGEST = 40
_MOST_WHOLE = 4
_MOST_ASKED = 8
_SHORTEST_MISTAKEN, _LONGEST_MISTAKEN = 3, 12
_ARABIC_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SKELETON_LETTERS = "bdfghjklmnrstxz"


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
        Keys of rows that match the word if one letter is mistaken; for when too little was found.
    far : tuple of str
        Keys of rows whose consonants match but for one; for when even that found too little.
    """

    word: str
    exact: tuple[str, ...]
    prefixes: tuple[str, ...]
    near: tuple[str, ...]
    far: tuple[str, ...]


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
        skeleton (``s…``), and for the skeletons of the whole name in any order (``n…``). A
        compound has those of its parts as well.

    Examples
    --------
    >>> sorted(keys("ليلى خالد") & keys("Laila Khaled"))
    ['nhld ll', 'nkld ll', 'shld', 'skld', 'sll']
    """
    word_list = words(text, honorifics)
    by_word = [skeletons(word) for word in word_list]
    single = [*word_list, *(part for word in word_list for part in parts(word))]
    word_keys = {WORD + word[:_LONGEST] for word in single}
    word_keys |= {SKELETON + form[:_LONGEST] for word in single for form in skeletons(word)}
    if len(word_list) > 1:
        choices = product(*(forms[:2] for forms in by_word[:6]))
        for _count, forms in zip(range(_MOST_WHOLE), choices, strict=False):
            word_keys.add(WHOLE + " ".join(sorted(forms))[:_LONGEST])
    return frozenset(word_keys)


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
        One for each of the first eight words; a person matches who has, for every word, a row
        with one of its keys.

    Examples
    --------
    >>> [key.word for key in search_keys("ليلى خا")]
    ['ليلي', 'خا']
    >>> search_keys("ليلى خا")[1].prefixes
    ('wخا', 'sk', 'sh')
    """
    word_list = words(query, honorifics)
    word_list = word_list[:_MOST_ASKED]
    open_at = len(word_list) - 1 if query and not query[-1].isspace() else -1
    if open_at > 0 and word_list[-1] in {ARTICLE, *LATIN_ARTICLES}:
        word_list = word_list[:-1]
    return tuple(_word_keys(word, is_open=at == open_at) for at, word in enumerate(word_list))


def _word_keys(word: str, *, is_open: bool) -> WordKeys:
    forms = skeletons(word)
    exact = (WORD + word[:_LONGEST], *(SKELETON + form[:_LONGEST] for form in forms))
    prefixes: tuple[str, ...] = ()
    if is_open:
        prefixes = exact if len(word) > 1 else exact[:1]
        if bare := article_free(word):
            prefixes += (WORD + bare, *(SKELETON + form for form in skeletons(bare)))
    return WordKeys(word, exact, prefixes, _near(word), _far(forms))


def article_free(word: str) -> str:
    """Return what follows the article in a word that is still being typed.

    Parameters
    ----------
    word : str
        The beginning of a word.

    Returns
    -------
    str
        Empty when the word does not begin with the article, or holds nothing else.

    Examples
    --------
    >>> article_free("الق"), article_free("alq"), article_free("قوا")
    ('ق', 'q', '')
    """
    return word[2:] if word.startswith((ARTICLE, "al", "el")) else ""


def _near(word: str) -> tuple[str, ...]:
    """Return the keys of words that are written with one letter otherwise."""
    if len(word) < _SHORTEST_MISTAKEN:
        return ()
    letters = _LATIN_LETTERS if word.isascii() else _ARABIC_LETTERS
    return tuple(dict.fromkeys(WORD + other for other in _mistakes(word[:_LONGEST], letters)))


def _far(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of skeletons with one consonant otherwise."""
    long = [form for form in forms[:2] if len(form) > 1]
    near = (other for form in long for other in _mistakes(form, _SKELETON_LETTERS))
    return tuple(dict.fromkeys(SKELETON + other for other in near))


def _mistakes(word: str, letters: str) -> Iterator[str]:
    """Yield every word with one letter less, one more, one other, or two neighbours swapped."""
    if len(word) > _LONGEST_MISTAKEN:
        return
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in letters)
        if tail and len(word) >= _SHORTEST_MISTAKEN:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters if letter != tail[0])
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
