"""Words on the institution's own list that a statement uses: a flag for a person, no verdict."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.vocabularies import entries, lists
from hiwar.dialogues.queries.statements import fold, stem

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parents[1] / "flagged_words.json"
LIST = "dialogues.flagged_words"
VOCABULARIES = (
    lists.Vocabulary(
        LIST,
        _("Words that are flagged in statements"),
        _("Dialogues"),
        lists.seed_of(FILE, "flagged_words"),
        about=_(
            "A statement with one of these words waits for review and is marked there. Nothing is"
            " removed because of a word."
        ),
        properties=(
            lists.NAME,
            lists.Property(
                "words",
                _("Words and phrases"),
                lists.Kind.WORDS,
                help=_(
                    "In any language, one to a line. Endings, articles, drawn-out letters and"
                    " other spellings are found as well."
                ),
            ),
        ),
    ),
)
# Behind a word in Arabic (number, sex, whose) and in English.
_BEHIND = re.compile("(?<=...)(?:ون|ين|ات|كم|هم|ها|ة|ه|ك|ا)$")
_ENDING = re.compile("(?<=...)(?:ing|ed|es|s)$")
_BEFORE = re.compile("^[بلو](?=...)")
_SPACED = re.compile(r"(?<!\w)\w(?:[\s._*-]+\w(?!\w)){2,}")
_DRAWN_OUT = re.compile(r"(\w)\1+")
_STRETCH = "\u0640"
_AS_LETTERS = str.maketrans("0134578@$", "oieastbas")

_Phrase = tuple[frozenset[str], ...]
MOST = 5000
_phrases: dict[str, _Phrase] = {}


@dataclass(frozen=True, slots=True)
class Flag:
    """What a text is marked with: the code of an entry, its wording, and the words found."""

    code: str
    label: str
    words: tuple[str, ...]


def flags(text: str) -> tuple[Flag, ...]:
    """Return the entries of the institution's list whose words stand in a text.

    Compared without marks, variants and doubled letters, articles and usual endings; letters that
    are set apart (``i d i o t``) or written as digits are read as a word. Retired entries flag
    nothing.

    Examples
    --------
    >>> [flag.code for flag in flags("you are an i.d.i.o.t")]
    ['insult']
    """
    said = [(word, _keys(word)) for word in _words(text)]
    flagged = []
    for code, label, phrases in _listed():
        hits = [
            " ".join(word for word, _keys in said[at : at + len(phrase)])
            for phrase in phrases
            for at in range(len(said) - len(phrase) + 1)
            if all(part & said[at + n][1] for n, part in enumerate(phrase))
        ]
        if hits:
            flagged.append(Flag(code, label, tuple(dict.fromkeys(hits))))
    return tuple(flagged)


def flags_of(texts: Mapping[str, str]) -> tuple[Flag, ...]:
    """Return the flags of a text in all its languages, each entry once."""
    by_code: dict[str, Flag] = {}
    for text in texts.values():
        for flag in flags(text):
            known = by_code.get(flag.code)
            words = dict.fromkeys((*(known.words if known else ()), *flag.words))
            by_code[flag.code] = Flag(flag.code, flag.label, tuple(words))
    return tuple(by_code.values())


def _listed() -> list[tuple[str, str, list[_Phrase]]]:
    """Return code, label and phrases of every entry that is not retired."""
    return [
        (code, str(entry), [phrase for words in entry.words("words") if (phrase := _phrase(words))])
        for code, entry in entries.entries(LIST).items()
        if not entry.is_retired
    ]


def _phrase(words: str) -> _Phrase:
    known = _phrases.get(words)
    if known is None:
        if len(_phrases) > MOST:
            _phrases.clear()
        known = _phrases[words] = tuple(_keys(word) for word in words.split() if _keys(word))
    return known


def _words(text: str) -> list[str]:
    bare = "".join(sign for sign in text if not unicodedata.combining(sign) and sign != _STRETCH)
    joined = _SPACED.sub(lambda run: re.sub(r"[\s._*-]+", "", run.group()), bare)
    return [word for word in re.split(r"[^\w@$]+", joined) if word]


def _keys(word: str) -> frozenset[str]:
    """Return under what a word is found: itself and what is left without its usual additions."""
    bare = _DRAWN_OUT.sub(r"\1", fold(word).replace(" ", ""))
    if not bare:
        return frozenset()
    forms = {bare, stem(bare), _BEFORE.sub("", bare)}
    if any(sign.isdigit() or sign in "@$" for sign in word) and not word.isdigit():
        forms.add(_DRAWN_OUT.sub(r"\1", fold(word.translate(_AS_LETTERS)).replace(" ", "")))
    return frozenset(
        key for form in forms for key in (form, _BEHIND.sub("", form), _ENDING.sub("", form))
    )
