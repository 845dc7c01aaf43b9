"""How much it says that two records agree: less, the more people have the same."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.names.sounds import skeletons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.engine.names.blocks import Reading

# Before anything was counted, one person in a hundred has a given word, year or place.
_PRIOR_COUNT, _PRIOR_SIZE = 1.0, 100.0


@dataclass(frozen=True)
class Frequencies:
    """How common words, years and places are among the people of a register.

    Attributes
    ----------
    n_people : int
        Records that differ in name, year or place.
    words, years, places : Counter
        How many of them have a skeleton, a year, a place.
    """

    n_people: int
    words: Counter[str]
    years: Counter[int]
    places: Counter[str]

    def word_share(self, word: str) -> float:
        """Return the share of people who have a word that sounds like this one.

        Parameters
        ----------
        word : str
            A word as `words.words` gives it.

        Returns
        -------
        float
            Between 0 and 1, both excluded.
        """
        return self._share(self.words[skeletons(word)[0]])

    def year_share(self, year: int) -> float:
        """Return the share of people who were born in a year.

        Parameters
        ----------
        year : int
            The year.

        Returns
        -------
        float
            Between 0 and 1, both excluded.
        """
        return self._share(self.years[year])

    def place_share(self, place: str) -> float:
        """Return the share of people who are in a place.

        Parameters
        ----------
        place : str
            Key of the place.

        Returns
        -------
        float
            Between 0 and 1, both excluded.
        """
        return self._share(self.places[place])

    @property
    def prior_bits(self) -> float:
        """Return how much must speak for two records before they are more likely one than not."""
        return math.log2(max(self.n_people, _PRIOR_SIZE))

    def _share(self, count: int) -> float:
        return (count + _PRIOR_COUNT) / (self.n_people + _PRIOR_SIZE)


def frequencies(readings: Sequence[Reading]) -> Frequencies:
    """Count words, years and places, each person once as far as that is known.

    Parameters
    ----------
    readings : sequence of Reading
        Every record.

    Returns
    -------
    Frequencies
        The counts.
    """
    people = {
        (reading.spellings, reading.record.birth_year, reading.record.place) for reading in readings
    }
    words: Counter[str] = Counter()
    for spellings, _year, _place in people:
        words.update({skeletons(word)[0] for spelling in spellings for word in spelling})
    return Frequencies(
        len(people),
        words,
        Counter(year for _s, year, _p in people if year),
        Counter(place for _s, _y, place in people if place),
    )
