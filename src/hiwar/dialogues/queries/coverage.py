"""Who takes part, against the plan, and who is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.common.multilingual import MultilingualText
from hiwar.dialogues.queries.attributes import ANSWERED_BY_CODE, answers, first_year
from hiwar.dialogues.queries.matrix import attributes_of
from hiwar.dialogues.queries.people import participants_of
from hiwar.engine.inclusion.disclosure import suppress
from hiwar.places.queries import units_of_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hiwar.dialogues.models import Dialogue, Participant, Target

DESCRIBED = ("sex", "age_band", "disability", "place", "sector", "locality_kind")
KNOWN = (*DESCRIBED, "trust", "channel", "last_channel")

Columns = dict[str, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Category:
    """An answer and how many people gave it; None where the number is hidden."""

    code: str
    name: MultilingualText
    people: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How the people of a dialogue spread over the answers to one question.

    Attributes
    ----------
    attribute : str
    categories : tuple of Category
        People may be in several sectors, and in one category of everything else.
    people : int
        Everybody.
    stated : int or None
        People who answered: ``people - stated`` did not. None where hidden.
    """

    attribute: str
    categories: tuple[Category, ...]
    people: int
    stated: int | None


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a target is reached, with both denominators.

    Attributes
    ----------
    label : MultilingualText
    attribute : str
    reached : int or None
        People, or places in which anybody takes part; None where hidden.
    of_all : int
        Everybody, "not stated" included; for places, how many there are.
    of_stated : int or None
        Everybody who answered the question, "not stated" left out.
    wanted_share : float or None
    wanted_count : int or None
    is_met : bool or None
        Against everybody, "not stated" included: who did not answer is not counted as reached.
    """

    label: MultilingualText
    attribute: str
    reached: int | None
    of_all: int
    of_stated: int | None
    wanted_share: float | None
    wanted_count: int | None
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who takes part.

    Attributes
    ----------
    people : int
        Everybody, each counted once.
    spreads : mapping of str to Spread
        By attribute: sex, age_band, disability, place, sector, locality_kind, trust, channel
        (as first used), last_channel.
    targets : tuple of Reached
    places_reached, places : int
        Units of report in which anybody takes part, of all there are.
    """

    people: int
    spreads: Mapping[str, Spread]
    targets: tuple[Reached, ...]
    places_reached: int
    places: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Who is missing in a place: nobody at all, nobody of a target, or too few to show.

    Attributes
    ----------
    place : MultilingualText
    label : MultilingualText or None
        Of the target; None when nobody at all takes part there.
    is_nobody : bool
        Else there are people, fewer than the threshold.
    """

    place: MultilingualText
    label: MultilingualText | None
    is_nobody: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """A table of people that may be published: totals last, None where hidden.

    Attributes
    ----------
    rows, columns : tuple of Category
        People of each, the totals of the table; None where hidden.
    cells : tuple of tuple of (int or None)
        Shape (rows, columns).
    people : int
    hidden : int
        Cells that are too small to be shown.
    """

    rows: tuple[Category, ...]
    columns: tuple[Category, ...]
    cells: tuple[tuple[int | None, ...], ...]
    people: int
    hidden: int


def coverage(dialogue: Dialogue) -> Coverage:
    """Return who takes part, exactly: for the desk, never for a public page."""
    columns, people, names = _read(dialogue)
    units = names["place"]
    reached = {place for place in columns["place"] if place is not None}
    spreads = {name: _spread(name, columns[name], people, names) for name in KNOWN}
    targets = tuple(
        _reached(target, columns, people, len(units))
        for target in dialogue.targets.order_by("attribute", "pk")
    )
    return Coverage(people, spreads, targets, len(reached), len(units))


def public_coverage(dialogue: Dialogue) -> Coverage:
    """Return who takes part with small numbers hidden, and others that would give them away.

    A target is shown when the spread of its question is shown in full or adds up without a hidden
    number.
    """
    exact = coverage(dialogue)
    threshold = dialogue.threshold
    spreads = {name: _hide(spread, threshold) for name, spread in exact.spreads.items()}
    wanted = list(dialogue.targets.order_by("attribute", "pk"))
    targets = tuple(
        _public_target(target, reached, spreads)
        for target, reached in zip(wanted, exact.targets, strict=True)
    )
    return Coverage(exact.people, spreads, targets, exact.places_reached, exact.places)


def missing(dialogue: Dialogue) -> list[Missing]:
    """Return who is missing, by place: first places without anybody, then targets without anybody.

    Says "nobody" or "few" and no number, because one person in a village is somebody.
    """
    columns, _people, names = _read(dialogue)
    there = Counter(place for place in columns["place"] if place is not None)
    targets = [
        target_set
        for target_set in dialogue.targets.order_by("attribute", "pk")
        if target_set.share
    ]
    nobody: list[Missing] = []
    none_of: list[Missing] = []
    few: list[Missing] = []
    for code, name in names["place"].items():
        if not there[code]:
            nobody.append(Missing(name, None, is_nobody=True))
            continue
        for target in targets:
            belongs = _belongs(target, columns[target.attribute])
            count = sum(
                place == code and here
                for place, here in zip(columns["place"], belongs, strict=True)
            )
            if count == 0:
                none_of.append(Missing(name, target.label, is_nobody=True))
            elif count < dialogue.threshold:
                few.append(Missing(name, target.label, is_nobody=False))
    return nobody + none_of + few


def cross_coverage(dialogue: Dialogue, row: str, column: str) -> Crossing:
    """Return people by two attributes as it may be published, such as places by sex.

    Cells below the threshold are hidden, and so many others that no sum gives them away, the two
    spreads of `public_coverage` included. "Not stated" is the last row and column, with the empty
    code. Sectors overlap and cannot be crossed.
    """
    if "sector" in (row, column):
        msg = "people are in several sectors"
        raise ValueError(msg)
    columns, people, names = _read(dialogue)
    rows = [*_codes(row, columns[row], names), ""]
    cols = [*_codes(column, columns[column], names), ""]
    counts = np.zeros((len(rows), len(cols)), np.int64)
    for first, other in zip(columns[row], columns[column], strict=True):
        counts[rows.index(first or ""), cols.index(other or "")] += 1
    # The spreads of both questions are shown beside the table, so its margins are known where they
    # are. Of who did not answer nothing is asked: the rest is protected as if those were known.
    members = [
        _told(_hide(_spread(name, columns[name], people, names), dialogue.threshold))
        for name in (row, column)
    ]
    public = np.zeros((len(rows) + 1, len(cols) + 1), np.bool_)
    public[:-1, -1], public[-1, :-1] = members
    public[-2, :] = public[:, -2] = public[-1, -1] = True
    suppression = suppress(counts, dialogue.threshold, public=public)
    small = (suppression.table > 0) & (suppression.table < dialogue.threshold)
    # A few who did not answer are not told from what is left of their row or column either.
    left_over = (small[:, -2:-1] | small[-2:-1, :]) & (suppression.table > 0)
    shown = np.where(suppression.hidden | small | left_over, np.nan, suppression.table)
    shown[:-1, -1] = np.where(members[0] & ~small[:-1, -1], suppression.table[:-1, -1], np.nan)
    shown[-1, :-1] = np.where(members[1] & ~small[-1, :-1], suppression.table[-1, :-1], np.nan)
    if not suppression.is_safe:
        shown[:-1, :-1] = np.nan

    def cell(at: int, to: int) -> int | None:
        return None if np.isnan(shown[at, to]) else int(shown[at, to])

    return Crossing(
        tuple(Category(c, _name(row, c, names), cell(at, -1)) for at, c in enumerate(rows)),
        tuple(Category(c, _name(column, c, names), cell(-1, at)) for at, c in enumerate(cols)),
        tuple(tuple(cell(at, to) for to in range(len(cols))) for at in range(len(rows))),
        people,
        int(small[:-1, :-1].sum()),
    )


def _told(spread: Spread) -> NDArray[np.bool_]:
    """Return which numbers of a spread are shown; who did not answer comes last."""
    return np.array(
        [
            *(category.people is not None for category in spread.categories),
            spread.stated is not None,
        ]
    )


Names = dict[str, dict[str, MultilingualText]]


def _read(dialogue: Dialogue) -> tuple[Columns, int, Names]:
    people = list(participants_of(dialogue))
    return attributes_of(people), len(people), _names()


def _names() -> Names:
    names: Names = {name: answers(name) for name in ANSWERED_BY_CODE}
    names["place"] = {unit.code: unit.name for unit in units_of_report()}
    return names


def _codes(attribute: str, column: Sequence[str | None], names: Names) -> list[str]:
    """Return the known answers and any other that was given, such as bands of an imported file."""
    known = list(names.get(attribute, {}))
    codes = {code for value in column if value for code in _parts(attribute, value)}
    used = [code for code in known if code in codes or attribute in {"sex", "disability", "place"}]
    every = used + sorted(codes - set(known))
    if attribute == "age_band":  # in the order of life
        return sorted(every, key=lambda band: first_year(band, names[attribute].get(band, {})))
    return every


def _parts(attribute: str, value: str) -> list[str]:
    return value.split(";") if attribute == "sector" else [value]


def _name(attribute: str, code: str, names: Names) -> MultilingualText:
    name = names.get(attribute, {}).get(code)
    return name if name is not None else MultilingualText({"und": code})


def _spread(attribute: str, column: Sequence[str | None], people: int, names: Names) -> Spread:
    counts = Counter(c for value in column if value for c in _parts(attribute, value))
    categories = tuple(
        Category(code, _name(attribute, code, names), counts[code])
        for code in _codes(attribute, column, names)
    )
    return Spread(attribute, categories, people, sum(value is not None for value in column))


def _belongs(target: Target, column: Sequence[str | None]) -> list[bool]:
    wanted = set(target.values)
    return [
        value is not None and bool(wanted & set(_parts(target.attribute, value)))
        for value in column
    ]


def _reached(target: Target, columns: Columns, people: int, units: int) -> Reached:
    column = columns[target.attribute]
    stated: int | None = sum(value is not None for value in column)
    if target.attribute == "place" and target.count:
        codes = {value for value in column if value is not None}
        count = len(codes & set(target.values) if target.values else codes)
        of_all, stated = len(target.values) or units, None
    else:
        count, of_all = sum(_belongs(target, column)), people
    share = float(target.share) if target.share is not None else None
    is_met = (
        count >= target.count if target.count else people > 0 and count >= (share or 0) * people
    )
    return Reached(
        target.label, target.attribute, count, of_all, stated, share, target.count, is_met
    )


def hidden_spread(dialogue: Dialogue, people: Sequence[Participant], attribute: str) -> Spread:
    """Return how some of the people spread over an attribute, with small numbers hidden."""
    columns, names = attributes_of(list(people)), _names()
    return _hide(_spread(attribute, columns[attribute], len(people), names), dialogue.threshold)


def _hide(spread: Spread, threshold: int) -> Spread:
    """Hide small numbers of a spread.

    How many did not answer is no secret about anybody; it is left out of the protection. Sectors
    overlap, so no sum gives one away, and each is hidden by itself.
    """
    counts = np.array([category.people or 0 for category in spread.categories], np.int64)
    if not len(counts):
        return spread
    if spread.attribute == "sector":
        hidden = (counts > 0) & (counts < threshold)
        is_stated_shown = True
    else:
        suppression = suppress(counts, threshold)
        hidden = suppression.hidden[:-1] | (not suppression.is_safe)
        is_stated_shown = suppression.is_safe and not suppression.hidden[-1]
    categories = tuple(
        Category(category.code, category.name, None if is_hidden else category.people)
        for category, is_hidden in zip(spread.categories, hidden, strict=True)
    )
    stated = spread.stated if is_stated_shown else None
    return Spread(spread.attribute, categories, spread.people, stated)


def _public_target(target: Target, exact: Reached, spreads: Mapping[str, Spread]) -> Reached:
    if exact.wanted_count and exact.attribute == "place":
        return exact
    spread = spreads[target.attribute]
    parts = [category.people for category in spread.categories if category.code in target.values]
    if all(part is not None for part in parts):
        return exact
    return Reached(
        exact.label, exact.attribute, None, exact.of_all, spread.stated,
        exact.wanted_share, exact.wanted_count, None,
    )  # fmt: skip
