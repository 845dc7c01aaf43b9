"""What two statements that look alike do not share, and whether it turns the meaning round."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hiwar.dialogues.queries.statements import fold, stem

DATA = Path(__file__).parents[1] / "opposites.json"
# Of a person or a time before a verb, and of number or sex behind a word.
_BEFORE, _BEHIND = "^[سيتنا](?=...)", "(?<=...)(?:ون|ين|ات|ها|هم|ه|وا|ا)$"
_ENDINGS = "(?<=..)(?:ing|ed|es|s|d|e)$"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two wordings side by side.

    Attributes
    ----------
    first, second : tuple of (str, bool)
        The words of each as they are written, and whether the other lacks them.
    is_opposite : bool
        Whether one of them denies or turns round what the other says; a guess by words, for a
        person to judge.
    """

    first: tuple[tuple[str, bool], ...]
    second: tuple[tuple[str, bool], ...]
    is_opposite: bool


def difference(first: str, second: str) -> Difference:
    """Return how two wordings differ, word by word.

    Negations that only one of them has, or a word here with its opposite there
    (``opposites.json``), make them opposite: what looks alike by letters may say the contrary.

    Examples
    --------
    >>> difference("نريد حديقة", "لا نريد حديقة").is_opposite
    True
    """
    here, there = _stems(first), _stems(second)
    only_here, only_there = here - there, there - here
    return Difference(
        _marked(first, only_here),
        _marked(second, only_there),
        _are_opposite(only_here, only_there),
    )


def _stems(text: str) -> Counter[str]:
    return Counter(stem(word) for word in fold(text).split())


def _marked(text: str, alone: Counter[str]) -> tuple[tuple[str, bool], ...]:
    left = Counter(alone)
    marked = []
    for word in text.split():
        parts = [stem(part) for part in fold(word).split()]
        differs = any(left[part] for part in parts)
        left.subtract(part for part in parts if left[part])
        marked.append((word, differs))
    return tuple(marked)


def _are_opposite(here: Counter[str], there: Counter[str]) -> bool:
    negations, sides = _words()
    denied = [sum(n for word, n in side.items() if word in negations) for side in (here, there)]
    first, second = ({form for word in side for form in _forms(word)} for side in (here, there))
    is_turned = any(
        (first & words and second & contrary) or (first & contrary and second & words)
        for words, contrary in sides
    )
    # "Do not close it" says what "keep it open" says.
    return is_turned != bool((denied[0] - denied[1]) % 2)


@cache
def _words() -> tuple[frozenset[str], tuple[tuple[frozenset[str], frozenset[str]], ...]]:
    data = json.loads(DATA.read_text("utf-8"))
    sides = tuple(
        (_all_forms(words), _all_forms(contrary)) for words, contrary in data["opposites"]
    )
    return frozenset(stem(fold(word)) for word in data["negations"]), sides


def _all_forms(words: list[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in _forms(stem(fold(word))))


def _forms(word: str) -> set[str]:
    """Return a word as it stands and without what grammar put around it."""
    bare = {word, re.sub(_BEFORE, "", word), re.sub("^[بل](?=...)", "", word)}
    return bare | {re.sub(_BEHIND, "", form) for form in bare} | {re.sub(_ENDINGS, "", word)}
