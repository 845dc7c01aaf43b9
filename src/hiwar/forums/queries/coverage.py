"""Who took part in a forum, source by source, and between which bounds the whole lies.

People of a closed dialogue cannot be joined to anybody, by design: who came to a session and who
voted are never put into one list. Of everybody together it is known that they are at least as many
as in the largest source and at most as many as in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from hiwar.dialogues.queries.coverage import public_coverage
from hiwar.dialogues.queries.templates import PLACE
from hiwar.events.models import Attendance
from hiwar.forums.queries.targets import targets_of
from hiwar.places.queries import unit_of, units_of_report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from hiwar.dialogues.models import Dialogue
    from hiwar.dialogues.queries.coverage import Coverage
    from hiwar.events.models import Event
    from hiwar.forums.models import Forum, ForumTarget, Stage

SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of a source belong to the group of a target.

    ``reached`` is None where the number is hidden; ``least`` and ``most`` bound it then.
    """

    reached: int | None
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Source:
    """A dialogue or a session, with who took part in it.

    Attributes
    ----------
    title : object
        A text in several languages; None where the reader may not read the event.
    kind : str
        ``dialogue`` or ``event``.
    code : str
    people : int or None
        Each counted once within the source; None where they are too few to be told.
    counts : tuple of Counted
        In the order of the targets.
    """

    title: Any
    kind: str
    code: str
    people: int | None
    counts: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which shares, or numbers of places, everybody of a forum together lies.

    Attributes
    ----------
    target : ForumTarget
    least, most : float
        Shares from 0 to 1, or whole numbers of places.
    floor : float
    whole : int
        Of places: how many there are; 1 for shares.
    verdict : str
        ``met`` or ``missed`` whoever is in several sources, ``open`` where that decides, and
        ``nobody`` before anybody took part.
    """

    target: ForumTarget
    least: float
    most: float
    floor: float
    whole: int
    verdict: str

    @property
    def is_exact(self) -> bool:
        """Whether there is one source alone and nothing hidden."""
        return self.least == self.most

    @property
    def bar(self) -> tuple[int, int, int]:
        """Least, width up to the most, and floor, each from 0 to 100, as they are drawn."""
        whole = max(self.whole, 1)
        least, most, floor = (
            min(round(100 * value / whole), 100) for value in (self.least, self.most, self.floor)
        )
        return least, max(most - least, 0), floor

    @property
    def percents(self) -> tuple[int, int, int]:
        """Least, most and floor in percent."""
        return round(100 * self.least), round(100 * self.most), round(100 * self.floor)


@dataclass(frozen=True, slots=True)
class ForumCoverage:
    """Who took part: the sources, the bounds of each target, and the bounds of people."""

    sources: tuple[Source, ...]
    bounds: tuple[Bounds, ...]
    least_people: int
    most_people: int


def coverage_of(forum: Forum, stages: Sequence[Stage], readable: Collection[UUID]) -> ForumCoverage:
    """Return who took part in a forum, with small numbers hidden.

    ``readable`` are the keys of events whose names the reader may know; the others are counted
    without a name.
    """
    targets = list(targets_of(forum))
    places = units_of_report().count()
    dialogues = {stage.round.dialogue_id: stage.round.dialogue for stage in stages if stage.round}
    events = {stage.event.pk: stage.event for stage in stages if stage.event}
    sources = [_of_dialogue(dialogue, targets) for dialogue in dialogues.values()]
    sources += _of_events(events.values(), targets, readable)
    known = [source for source in sources if source.people != 0]
    bounds = tuple(
        _bounds(target, [(source, source.counts[at]) for source in known], places)
        for at, target in enumerate(targets)
    )
    people = [source.people or 0 for source in known]
    most = sum(SMALLEST - 1 if source.people is None else source.people for source in known)
    return ForumCoverage(tuple(sources), bounds, max(people, default=0), most)


def _of_dialogue(dialogue: Dialogue, targets: Sequence[ForumTarget]) -> Source:
    covered = public_coverage(dialogue)
    counts = tuple(_in_dialogue(covered, target) for target in targets)
    return Source(dialogue.title, "dialogue", dialogue.code, covered.people, counts)


def _in_dialogue(covered: Coverage, target: ForumTarget) -> Counted:
    if target.attribute == PLACE:
        return Counted(covered.places_reached, covered.places_reached, covered.places_reached)
    spread = covered.spreads[target.attribute]
    parts = [each.people for each in spread.categories if each.code in target.values]
    shown = sum(part for part in parts if part is not None)
    if all(part is not None for part in parts):
        return Counted(shown, shown, shown)
    return Counted(None, shown, covered.people)


def _of_events(
    events: Iterable[Event], targets: Sequence[ForumTarget], readable: Collection[UUID]
) -> list[Source]:
    """Return the sessions as sources; two queries for all of them."""
    in_order = sorted(events, key=lambda event: (event.starts_at, event.pk))
    rows: dict[UUID, list[dict[str, Any]]] = {event.pk: [] for event in in_order}
    counted = Attendance.objects.filter(event__in=in_order).values(
        "event", "sex", "age_band", "disability", "place", "sector"
    )
    for row in counted.annotate(n=Count("pk")).order_by():
        rows[row["event"]].append(dict(row))
    units = unit_of() if any(rows.values()) else {}
    return [
        _of_event(event, rows[event.pk], units, targets, is_named=event.pk in readable)
        for event in in_order
    ]


def _of_event(
    event: Event, rows: Sequence[dict[str, Any]], units: dict[object, object],
    targets: Sequence[ForumTarget], *, is_named: bool,
) -> Source:  # fmt: skip
    people = sum(row["n"] for row in rows)
    counts = []
    for target in targets:
        if 0 < people < SMALLEST:
            counts.append(Counted(None, 0, SMALLEST - 1))
            continue
        if target.attribute == PLACE:
            reached = len({units[row["place"]] for row in rows if row["place"] in units})
            counts.append(Counted(reached, reached, reached))
            continue
        here = sum(row["n"] for row in rows if row[target.attribute] in target.values)
        if min(here, people - here) < SMALLEST and people:
            # A few, or all but a few: neither is told.
            low, high = (0, SMALLEST - 1) if here < SMALLEST else (people - SMALLEST + 1, people)
            counts.append(Counted(None, min(low, people), min(high, people)))
        else:
            counts.append(Counted(here, here, here))
    shown = people if people >= SMALLEST or not people else None
    title = event.title if is_named else None
    return Source(title, "event", event.code if is_named else "", shown, tuple(counts))


def _bounds(target: ForumTarget, counted: Sequence[tuple[Source, Counted]], places: int) -> Bounds:
    if target.count is not None:
        fewest = max((count.least for _source, count in counted), default=0)
        highest = min(sum(count.most for _source, count in counted), places) if counted else 0
        return _judged(target, fewest, highest, target.count, places, is_known=bool(counted))
    floor = float(target.share or 0)
    here_least = max((count.least for _source, count in counted), default=0)
    here_most = sum(count.most for _source, count in counted)
    sizes = [SMALLEST - 1 if source.people is None else source.people for source, _count in counted]
    others = list(zip(sizes, (count for _source, count in counted), strict=True))
    others_most = sum(max(size - count.least, 0) for size, count in others)
    others_least = max((max(size - count.most, 0) for size, count in others), default=0)
    least = here_least / (here_least + others_most) if here_least else 0.0
    most = here_most / (here_most + others_least) if here_most else 0.0
    return _judged(target, least, most, floor, 1, is_known=bool(counted))


def _judged(
    target: ForumTarget, least: float, most: float, floor: float, whole: int, *, is_known: bool
) -> Bounds:
    verdict = "open"
    if not is_known:
        verdict = "nobody"
    elif least >= floor:
        verdict = "met"
    elif most < floor:
        verdict = "missed"
    return Bounds(target, least, most, floor, whole, verdict)
