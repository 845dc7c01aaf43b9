"""Records that may be one person: proposed with reasons, never decided on a name alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hiwar.engine.names.blocks import pairs_to_compare, read
from hiwar.engine.names.evidence import Comparison, Context, gather, have_contact, most_alike
from hiwar.engine.names.frequencies import frequencies
from hiwar.engine.names.records import Pair, Verdict
from hiwar.engine.names.similarity import Explanation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hiwar.engine.names.blocks import Reading
    from hiwar.engine.names.records import Candidate

# How many strangers may be expected to share name, year and place before that says too little.
_CHANCE = 0.01
_LIKELY = 0.5
_FULL_NAME = 3


def propose_duplicates(
    records: Iterable[Candidate], *, honorifics: Collection[str] = ()
) -> list[Pair]:
    """Propose which records may be one person.

    Parameters
    ----------
    records : iterable of Candidate
        Every record, with unique keys.
    honorifics : collection of str
        Titles to leave out of names.

    Returns
    -------
    list of Pair
        Those that may be one person first, then namesakes and those who only share a telephone or
        an address; within each the likeliest first. The same whatever the order of the records.

    Notes
    -----
    ``SAME`` needs a strong reason beside the name: the same telephone or address with a compatible
    name, or the same full name of three words or more with the same year and place where fewer
    than 0.01 strangers are to be expected with all of them. Compatible are names of which each
    word of the shorter is written in the longer, in order and with the same given name; a name
    in the other script needs the same year of birth as well, and names of one script that only
    sound alike (Samir, Samer) are for a person to decide.
    Different sexes or years never give ``SAME``, nor does a telephone that somebody with an
    incompatible name has too. What is known of both and differs (telephones, addresses,
    organisations of which none is shared) is asked about too, and so is a name that goes on with
    its own given name, for it may be a grandfather's. ``LIKELY`` is such a pair, or a posterior of
    at least one half. Whoever shares a telephone or an address is in the list.

    The score is the posterior 1 / (1 + 2^(log2 n - bits)), where n is the number of people and
    bits the sum over the evidence, as Fellegi and Sunter have it: what agrees counts -log2 of the
    share of people who have it.

    References
    ----------
    I. P. Fellegi and A. B. Sunter, "A theory for record linkage", JASA 64 (1969), section 2.

    Examples
    --------
    >>> from hiwar.engine.names.records import Candidate
    >>> phone = frozenset(["599123456"])
    >>> people = [Candidate("a", ("منى القواسمي",), phone), Candidate("b", ("مني قواسمى",), phone)]
    >>> [(pair.first, pair.second, pair.verdict.value) for pair in propose_duplicates(people)]
    [('a', 'b', 'same')]
    """
    readings = sorted((read(r, honorifics) for r in records), key=lambda r: r.record.key)
    context = Context(frequencies(readings), _shared_phones(readings))
    pairs = []
    for i, j in pairs_to_compare(readings):
        pair = _judged(readings[i], readings[j], context)
        if pair is not None:
            pairs.append(pair)
    last = {Verdict.NAMESAKES: 1, Verdict.SHARED: 2}
    return sorted(pairs, key=lambda p: (last.get(p.verdict, 0), -p.score, p.first, p.second))


def _judged(first: Reading, second: Reading, context: Context) -> Pair | None:
    """Return the pair with its verdict, or None where nothing is to be proposed."""
    if _is_hopeless(first, second):
        return None
    comparison = most_alike(first, second)
    if comparison is None:
        if not have_contact(first, second):
            return None
        nothing = Explanation(0.0, (), is_in_order=True, has_same_given_name=False)
        comparison = Comparison(first, second, (), nothing, is_written_alike=False)
    evidence = gather(comparison, context)
    bits = sum(reason.bits for reason in evidence) - context.common.prior_bits
    score = 1 / (1 + 2 ** -max(-60.0, min(60.0, bits)))
    verdict = _verdict(comparison, context, score)
    if verdict is None:
        return None
    reasons = tuple(sorted(evidence, key=lambda reason: (-abs(reason.bits), reason.code)))
    keys = comparison.first.key, comparison.second.key
    return Pair(*keys, verdict, score, comparison.explanation.score, reasons)


def _is_hopeless(first: Reading, second: Reading) -> bool:
    """Say quickly of most pairs that their names need not be compared."""
    left, other = first.record, second.record
    if have_contact(first, second):
        return False
    if set(first.spellings) & set(second.spellings):
        return False
    if left.sex and other.sex and left.sex != other.sex:
        return True
    return bool(
        left.birth_year and other.birth_year and abs(left.birth_year - other.birth_year) > 1
    )


def _verdict(comparison: Comparison, context: Context, score: float) -> Verdict | None:
    if not comparison.contradicts:
        if _is_same_by_contact(comparison, context) or _is_same_by_name(comparison, context):
            return Verdict.LIKELY if comparison.differs else Verdict.SAME
        if score >= _LIKELY:
            return Verdict.LIKELY
    elif comparison.has_same_year and score >= _LIKELY:
        return Verdict.LIKELY
    if comparison.has_contact and comparison.is_compatible and not comparison.sexes_differ:
        return Verdict.LIKELY
    if comparison.is_written_alike and comparison.n_words > 1:
        return Verdict.NAMESAKES
    return Verdict.SHARED if comparison.has_contact else None


def _is_same_by_contact(comparison: Comparison, context: Context) -> bool:
    """Return whether a telephone or address of their own goes with names of one person."""
    if not comparison.is_compatible or not comparison.has_own_contact(context):
        return False
    if comparison.may_be_grandfather and not comparison.has_same_year:
        return False
    return comparison.is_contained or (comparison.is_transcribed and comparison.has_same_year)


def _is_same_by_name(comparison: Comparison, context: Context) -> bool:
    """Return whether full name, year and place agree, and too rarely for strangers."""
    if not comparison.is_written_alike or comparison.n_words < _FULL_NAME:
        return False
    left, other = comparison.first, comparison.second
    if not left.place or left.place != other.place or not comparison.has_same_year:
        return False
    common = context.common
    strangers = float(common.n_people) * common.year_share(left.birth_year or 0)
    strangers *= common.place_share(left.place)
    for word in comparison.shared_words:
        strangers *= common.word_share(word)
    return strangers < _CHANCE


def _shared_phones(readings: Sequence[Reading]) -> frozenset[str]:
    """Return the telephones that people with different given names have."""
    holders: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        for phone in reading.record.phones:
            holders[phone].append(reading)
    return frozenset(
        phone
        for phone, people in holders.items()
        if len(people) > 1
        and any(
            (comparison := most_alike(people[0], other)) is None or not comparison.is_compatible
            for other in people[1:]
        )
    )
