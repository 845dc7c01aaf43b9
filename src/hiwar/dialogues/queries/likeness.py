"""Which of many texts are close to one: an index over the letters of all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar

from hiwar.dialogues.queries.differences import difference
from hiwar.dialogues.queries.statements import ALIKE, grams, likeness

if TYPE_CHECKING:
    from hiwar.dialogues.queries.statements import Grams

Key = TypeVar("Key")
LOOKED_AT = 8


class Likenesses(Generic[Key]):
    """Texts that later ones are compared with; nothing is compared with all of them."""

    def __init__(self) -> None:
        self._texts: list[tuple[Key, str, Grams]] = []
        self._holding: dict[str, list[int]] = defaultdict(list)

    def add(self, key: Key, text: str) -> None:
        """Let later texts be compared with this one; a key may have several."""
        compared = grams(text)
        for letters in compared[1]:
            self._holding[letters].append(len(self._texts))
        self._texts.append((key, text, compared))

    def closest(self, text: str) -> tuple[Key, float, str] | None:
        """Return the key, likeness in [0.55, 1] and words of what says nearly the same.

        Of the eight texts that share most letters, the closest; what may say the contrary
        (``differences.difference``) is none. None where there is nothing close.
        """
        wanted = grams(text)
        shared: Counter[int] = Counter()
        for letters in wanted[1]:
            shared.update(self._holding.get(letters, ()))
        size = len(wanted[1])
        nearest = sorted(
            shared, key=lambda at: (-shared[at] / (size + len(self._texts[at][2][1])), at)
        )
        scored = [(likeness(wanted, self._texts[at][2]), -at) for at in nearest[:LOOKED_AT]]
        for score, at in sorted(scored, reverse=True):
            key, words, _grams = self._texts[-at]
            if score < ALIKE:
                return None
            if not difference(text, words).is_opposite:
                return key, score, words
        return None
