"""Two records side by side: what speaks for one person and what against, in bits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.names.records import Evidence
from hiwar.engine.names.similarity import Explanation, compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.engine.names.blocks import Reading
    from hiwar.engine.names.frequencies import Frequencies
    from hiwar.engine.names.records import Candidate

# Bits for and against; the rarity of names, years and places is counted, not given.
_PHONE, _SHARED_PHONE, _EMAIL, _ORGANISATION = 10.0, 3.0, 12.0, 4.0
_CLOSE_YEAR, _OTHER_YEAR, _OTHER_PLACE, _OTHER_SEX = 1.0, -5.0, -2.0, -8.0
# People change numbers and have several: another one says less against than the same one for.
_OTHER_PHONE, _OTHER_EMAIL, _OTHER_ORGANISATION = -2.0, -1.0, -2.0
_OTHER_GIVEN, _OTHER_WORD, _MISSING_WORD, _OTHER_ORDER = -8.0, -6.0, -1.0, -2.0
_MOST_WORD, _MOST_YEAR, _MOST_PLACE = 10.0, 7.0, 5.0
# Words that sound this much alike are the same, and below the lower bound they say nothing.
_ALIKE, _UNLIKE = 0.93, 0.78


@dataclass(frozen=True)
class Context:
    """What is known of all records when two of them are compared.

    Attributes
    ----------
    common : Frequencies
        How common words, years and places are.
    shared_phones : frozenset of str
        Telephones that people with incompatible names have.
    """

    common: Frequencies
    shared_phones: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """Two records with the two spellings of their names that are most alike.

    Attributes
    ----------
    left, right : Reading
        The records.
    words : tuple of str
        The words of the first record's spelling.
    explanation : Explanation
        How it compares with the second's.
    is_written_alike : bool
        Whether a spelling of one has the same normal form as one of the other.
    """

    left: Reading
    right: Reading
    words: tuple[str, ...]
    explanation: Explanation
    is_written_alike: bool

    @property
    def first(self) -> Candidate:
        """Return the first record."""
        return self.left.record

    @property
    def second(self) -> Candidate:
        """Return the second record."""
        return self.right.record

    @property
    def n_words(self) -> int:
        """Return how many words of the one name were found in the other."""
        return len(self.shared_words)

    @property
    def shared_words(self) -> list[str]:
        """Return the words of the first name that have a partner."""
        return [match.first for match in self.explanation.matches if match.first and match.second]

    @property
    def is_compatible(self) -> bool:
        """Return whether one person may give both names, in two words or more."""
        explanation = self.explanation
        missing = [match for match in explanation.matches if not (match.first and match.second)]
        one_sided = len({bool(match.first) for match in missing}) < 2
        alike = all(m.similarity >= _ALIKE for m in explanation.matches if m.first and m.second)
        return (
            self.n_words > 1
            and one_sided
            and alike
            and explanation.is_in_order
            and explanation.has_same_given_name
        )

    @property
    def is_contained(self) -> bool:
        """Return whether each word of the shorter name is written alike in the longer."""
        return all(m.similarity == 1 for m in self.explanation.matches if m.first and m.second)

    @property
    def is_transcribed(self) -> bool:
        """Return whether words that are not written alike are in different scripts."""
        return all(
            m.similarity == 1 or m.first.isascii() != m.second.isascii()
            for m in self.explanation.matches
            if m.first and m.second
        )

    @property
    def sexes_differ(self) -> bool:
        """Return whether both sexes are known and differ."""
        return bool(self.first.sex and self.second.sex and self.first.sex != self.second.sex)

    @property
    def has_same_year(self) -> bool:
        """Return whether both years of birth are known and the same."""
        return bool(self.first.birth_year) and self.first.birth_year == self.second.birth_year

    @property
    def years_differ(self) -> bool:
        """Return whether both years of birth are known and differ."""
        years = self.first.birth_year, self.second.birth_year
        return bool(all(years)) and years[0] != years[1]

    @property
    def contradicts(self) -> bool:
        """Return whether sex or year of birth say that these are two people."""
        return self.sexes_differ or self.years_differ

    @property
    def differs(self) -> bool:
        """Return whether telephones, addresses or organisations are known of both and differ."""
        left, other = self.first, self.second
        return any(
            a and b and not a & b
            for a, b in (
                (left.phones, other.phones),
                (self.left.emails, self.right.emails),
                (left.organisations, other.organisations),
            )
        )

    @property
    def may_be_grandfather(self) -> bool:
        """Return whether only one name goes on, and its given name returns as a forefather's.

        Where a boy is named for his grandfather, the name without a forefather's may be that of
        the elder: Kamal Khalid Jumaa beside Kamal Khalid Kamal Jumaa.
        """
        matches = self.explanation.matches
        given_name = next((match for match in matches if match.first and match.second), None)
        if given_name is None:
            return False
        alone = {m.first or m.second for m in matches if not (m.first and m.second)}
        return bool(alone & {given_name.first, given_name.second})

    @property
    def has_contact(self) -> bool:
        """Return whether they have a telephone or an address in common."""
        return have_contact(self.left, self.right)

    def has_own_contact(self, context: Context) -> bool:
        """Return whether they have a telephone or address in common that nobody else has.

        Parameters
        ----------
        context : Context
            What is known of all records.

        Returns
        -------
        bool
            Addresses count as one person's.
        """
        phones = self.first.phones & self.second.phones
        return bool(phones - context.shared_phones or self.left.emails & self.right.emails)


def have_contact(left: Reading, right: Reading) -> bool:
    """Return whether two records have a telephone or an address in common."""
    return bool(left.record.phones & right.record.phones or left.emails & right.emails)


def most_alike(left: Reading, right: Reading) -> Comparison | None:
    """Compare two records by the spellings of their names that are most alike.

    Parameters
    ----------
    left, right : Reading
        The records.

    Returns
    -------
    Comparison or None
        None when one of them has no name or no word sounds alike.
    """
    both = set(left.spellings) & set(right.spellings)
    if both:
        spelling = max(both, key=lambda words: (len(words), words))
        return Comparison(left, right, spelling, compare(spelling, spelling), True)
    best: Explanation | None = None
    words: tuple[str, ...] = ()
    for own_spelling in left.spellings:
        for other in right.spellings:
            explanation = compare(own_spelling, other)
            if best is None or explanation.score > best.score:
                best, words = explanation, own_spelling
    if best is None or best.score == 0:
        return None
    return Comparison(left, right, words, best, is_written_alike=False)


def gather(comparison: Comparison, context: Context) -> list[Evidence]:
    """List what speaks for and against one person.

    Parameters
    ----------
    comparison : Comparison
        Two records.
    context : Context
        What is known of all records.

    Returns
    -------
    list of Evidence
        In a fixed order.
    """
    return [
        _name(comparison, context.common),
        *_contacts(comparison, context),
        *_circumstances(comparison, context.common),
    ]


def _name(comparison: Comparison, common: Frequencies) -> Evidence:
    """Sum over the words: rare words that agree say much, a word that differs says the contrary."""
    explanation = comparison.explanation
    bits = 0.0 if explanation.is_in_order else _OTHER_ORDER
    unpaired = {True: 0, False: 0}
    for match in explanation.matches:
        if match.first and match.second:
            full = min(_MOST_WORD, -math.log2(common.word_share(match.first)))
            alike = min(1.0, (match.similarity - _UNLIKE) / (_ALIKE - _UNLIKE))
            bits += full * alike if alike > 0 else _OTHER_WORD
        else:
            unpaired[bool(match.first)] += 1
    differing, missing = min(unpaired.values()), max(unpaired.values())
    bits += differing * _OTHER_WORD + (missing - differing) * _MISSING_WORD
    if not explanation.has_same_given_name:
        bits += _OTHER_GIVEN
    code = "similar-name"
    if comparison.is_written_alike:
        code = "same-name"
    elif bits < 0:
        code = "other-name"
    return Evidence(code, bits, *_names(comparison))


def _names(comparison: Comparison) -> tuple[str, str]:
    return (comparison.first.names or ("",))[0], (comparison.second.names or ("",))[0]


def _contacts(comparison: Comparison, context: Context) -> Iterator[Evidence]:
    left, other = comparison.first, comparison.second
    for phone in sorted(left.phones & other.phones):
        if phone in context.shared_phones:
            yield Evidence("shared-phone", _SHARED_PHONE, phone, phone)
        else:
            yield Evidence("same-phone", _PHONE, phone, phone)
    for email in sorted(comparison.left.emails & comparison.right.emails):
        yield Evidence("same-email", _EMAIL, email, email)
    yield from _differing("other-phone", _OTHER_PHONE, left.phones, other.phones)
    yield from _differing(
        "other-email", _OTHER_EMAIL, comparison.left.emails, comparison.right.emails
    )
    yield from _differing(
        "other-organisation", _OTHER_ORGANISATION, left.organisations, other.organisations
    )


def _differing(
    code: str, bits: float, first: frozenset[str], second: frozenset[str]
) -> Iterator[Evidence]:
    """Yield what both have and none shares, which speaks against one person."""
    if first and second and not first & second:
        yield Evidence(code, bits, min(first), min(second))


def _circumstances(comparison: Comparison, common: Frequencies) -> Iterator[Evidence]:
    left, other = comparison.first, comparison.second
    if left.birth_year and other.birth_year:
        years = str(left.birth_year), str(other.birth_year)
        apart = abs(left.birth_year - other.birth_year)
        if apart == 0:
            bits = min(_MOST_YEAR, -math.log2(common.year_share(left.birth_year)))
            yield Evidence("same-birth-year", bits, *years)
        elif apart == 1:
            yield Evidence("close-birth-year", _CLOSE_YEAR, *years)
        else:
            yield Evidence("other-birth-year", _OTHER_YEAR, *years)
    if left.place and other.place:
        if left.place == other.place:
            bits = min(_MOST_PLACE, -math.log2(common.place_share(left.place)))
            yield Evidence("same-place", bits, left.place, other.place)
        else:
            yield Evidence("other-place", _OTHER_PLACE, left.place, other.place)
    for organisation in sorted(left.organisations & other.organisations):
        yield Evidence("same-organisation", _ORGANISATION, organisation, organisation)
    if comparison.sexes_differ:
        yield Evidence("other-sex", _OTHER_SEX, left.sex, other.sex)
