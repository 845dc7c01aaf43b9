"""Attendance over many events: how often and how many different people, by what they said."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from hiwar.common.multilingual import MultilingualText
from hiwar.common.vocabularies.lists import words_in
from hiwar.contacts.models import Person
from hiwar.contacts.queries.vocabularies import texts
from hiwar.engine.inclusion.disclosure import suppress
from hiwar.events.models import Attendance, Event, Series
from hiwar.events.queries.events import events_for
from hiwar.events.queries.proceedings import SMALLEST_SHOWN
from hiwar.places.models import Place
from hiwar.places.queries import unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User

BANDS = Path(__file__).resolve().parents[1] / "bands.json"
GONE = (Event.State.CANCELLED, Event.State.POSTPONED)
SEXES = ("female", "male", "other", "")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events are counted; what is empty is no condition. ``bands`` is a definition."""

    since: date | None = None
    until: date | None = None
    kind: str = ""
    donor: str = ""
    place: str = ""
    series: str = ""
    bands: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A category: times attended and different people, by sex; None where a number is hidden."""

    label: str
    times: int | None
    people: int | None
    by_sex: tuple[int | None, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The categories of one question, with the total last and how many did not say."""

    title: str
    note: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands above the numbers of a line."""
        return (_("Different people"), *self.columns, _("Attendances"))

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, int | None]]]]:
        """Each line, the total last: its label, and each number with what stands above it."""
        return [
            (line.label, [*zip(self.heads, (line.people, *line.by_sex, line.times), strict=True)])
            for line in (*self.lines, self.total)
        ]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything told about a selection; ``unnamed`` attendances have no record of a person.

    ``of_disability`` is how many answered that question, None where it would give a small number
    away.
    """

    activities: int
    times: int
    people: int
    unnamed: int
    hours: float
    sexes: tuple[Line, ...]
    with_disability: int | None
    of_disability: int | None
    breakdowns: tuple[Breakdown, ...] = ()


@dataclass(slots=True)
class _Somebody:
    """One person over all attendances: the last thing they said counts."""

    sex: str = ""
    age: int | None = None
    band: str = ""
    disability: str = ""
    place: str = ""
    sector: str = ""
    times: int = 0
    at: set[str] = field(default_factory=set)


def definitions() -> list[dict[str, Any]]:
    """Return the definitions of age bands, as they lie in ``bands.json``."""
    return [{**band, "name": MultilingualText(band["name"])} for band in words_in(BANDS)]


def selected(user: User, wish: Selection) -> QuerySet[Event]:
    """Return the events of a selection that a user may read and that were not called off."""
    events = events_for(user).exclude(state__in=GONE)
    if wish.since:
        events = events.filter(ends_on__gte=wish.since)
    if wish.until:
        events = events.filter(starts_on__lte=wish.until)
    if wish.kind:
        events = events.filter(kind=wish.kind)
    if wish.place:
        units = unit_of()
        inside = [key for key, unit in units.items() if str(unit) == wish.place]
        events = events.filter(place__in=[*inside, wish.place])
    if wish.series:
        events = events.filter(series__pk=wish.series)
    if wish.donor:
        keys = [key for key, donors in events.values_list("pk", "donors") if wish.donor in donors]
        events = events.filter(pk__in=keys)
    return events


def series_of(user: User) -> list[Series]:
    """Return the series of which a user may read an event, by title."""
    keys = events_for(user).exclude(series=None).values("series")
    return sorted(
        Series.objects.filter(pk__in=keys), key=lambda series: (str(series), str(series.pk))
    )


def donors_of(user: User) -> list[str]:
    """Return the donors that any readable event names."""
    listed = events_for(user).exclude(donors=[]).values_list("donors", flat=True)
    return sorted({donor for donors in listed for donor in donors})


def figures(user: User, wish: Selection) -> Figures:
    """Return how many came to the events of a selection; small numbers are hidden in tables.

    Somebody who came twice is one person with two attendances; records that were joined count as
    one; an attendance without a record is a person of its own. Age is the age reached in the year
    of the event, the last one where somebody came in several years.
    """
    events = {selected_event.pk: selected_event for selected_event in selected(user, wish)}
    there = Attendance.objects.filter(event__in=events)
    rows = there.select_related("person__merged_into").order_by("arrived_at", "pk")
    units = {key: str(unit) for key, unit in unit_of().items()}
    people: dict[str, _Somebody] = {}
    hours, unnamed = 0.0, 0
    for row in rows:
        event = events[row.event_id]
        hours += (event.ends_at - event.starts_at).total_seconds() / 3600
        person = row.person.merged_into or row.person if row.person else None
        unnamed += person is None
        somebody = people.setdefault(str(person.pk if person else row.pk), _Somebody())
        _say(somebody, row, person, event, units)
    listed = list(people.values())
    whole = _breakdown(_("Sex"), listed, lambda somebody: somebody.sex, _sexes())
    disabled = sum(somebody.disability == "yes" for somebody in listed)
    answered = sum(bool(somebody.disability) for somebody in listed)
    small = range(1, SMALLEST_SHOWN)
    gives_away = answered - disabled in small or len(listed) - answered in small
    return Figures(
        activities=len(events),
        times=sum(somebody.times for somebody in listed),
        people=len(listed),
        unnamed=unnamed,
        hours=round(hours, 1),
        sexes=whole.lines,
        with_disability=None if disabled in small else disabled,
        of_disability=None if disabled in small or gives_away else answered,
        breakdowns=tuple(_breakdowns(listed, wish, units)),
    )


def _breakdowns(
    listed: Sequence[_Somebody], wish: Selection, units: Mapping[Any, str]
) -> list[Breakdown]:
    bands = words_in(BANDS)
    band = next((each for each in bands if each["code"] == wish.bands), bands[0])
    answers = [("yes", _("yes")), ("no", _("no")), ("", _("not stated"))]
    names = {
        str(place.pk): str(place.name) for place in Place.objects.filter(pk__in=set(units.values()))
    }
    places = sorted(
        {somebody.place for somebody in listed if somebody.place},
        key=lambda key: names.get(key, ""),
    )
    sectors = sorted({somebody.sector for somebody in listed if somebody.sector})
    of_sectors = texts("sectors")
    return [
        _breakdown(
            _("Age"), listed, lambda somebody: _band_of(somebody, band), _labels(band),
            str(MultilingualText(band["name"])),
        ),
        _breakdown(_("Disability"), listed, lambda somebody: somebody.disability, answers),
        _breakdown(
            _("Place"), listed, lambda somebody: somebody.place,
            [*((key, names[key]) for key in places), ("", _("not stated"))],
        ),
        _breakdown(
            _("Sector"), listed, lambda somebody: somebody.sector,
            [*((code, str(of_sectors.get(code, code))) for code in sectors), ("", _("not stated"))],
        ),
    ]  # fmt: skip


def _say(
    somebody: _Somebody,
    row: Attendance,
    person: Person | None,
    event: Event,
    units: Mapping[Any, str],
) -> None:
    """Let what was said at one attendance count, over what was said before."""
    somebody.times += 1
    somebody.sex = row.sex or (person.sex if person else "") or somebody.sex
    if person is not None and person.birth_year:
        somebody.age = event.starts_on.year - person.birth_year
    somebody.band = row.age_band or somebody.band
    # Whoever said once that they live with a disability is not asked again by another list.
    if somebody.disability != "yes":
        said = person.disability if person else ""
        somebody.disability = "yes" if "yes" in (row.disability, said) else row.disability or said
    place = row.place_id or (person.place_id if person else None)
    somebody.place = units.get(place, "") or somebody.place
    somebody.sector = row.sector or (person.sector if person else "") or somebody.sector


def _breakdown(
    title: str,
    listed: Sequence[_Somebody],
    of: Callable[[_Somebody], str],
    labels: Sequence[tuple[str, str]],
    note: str = "",
) -> Breakdown:
    codes = [code for code, _label in labels]
    shown = [sex for sex in SEXES if any(somebody.sex == sex for somebody in listed)]
    counts = np.zeros((len(codes), max(len(shown), 1)), dtype=int)
    times = np.zeros(len(codes), dtype=int)
    for somebody in listed:
        code = of(somebody)
        if code in codes:
            at = codes.index(code)
            counts[at, shown.index(somebody.sex)] += 1
            times[at] += somebody.times
    visible = suppress(counts, SMALLEST_SHOWN).shown()
    cells = [[None if np.isnan(n) else int(n) for n in row] for row in visible]
    everybody = int(counts.sum())
    lines = [
        Line(
            label=label,
            # Who attended how often says as much as who was there.
            times=None if cells[at][-1] is None else int(times[at]),
            people=cells[at][-1],
            by_sex=tuple(cells[at][:-1]),
            share=_share(cells[at][-1], everybody),
        )
        for at, (_one, label) in enumerate(labels)
        if counts[at].sum()
    ]
    if sum(line.times is None for line in lines) == 1:
        # One hidden number would follow from the total.
        least = min((line for line in lines if line.times is not None and line.people),
                    key=lambda line: line.times or 0, default=None)  # fmt: skip
        lines = [
            Line(line.label, None, line.people, line.by_sex, line.share) if line is least else line
            for line in lines
        ]
    total = Line(_("All"), int(times.sum()), cells[-1][-1], tuple(cells[-1][:-1]), None)
    names = dict(_sexes())
    return Breakdown(title, note, tuple(names[sex] for sex in shown), tuple(lines), total)


def _share(people: int | None, everybody: int) -> float | None:
    return None if people is None or not everybody else round(100 * people / everybody, 1)


def _sexes() -> list[tuple[str, str]]:
    return [(code, str(Person.Sex(code).label)) for code in SEXES]


def _labels(band: Mapping[str, Any]) -> list[tuple[str, str]]:
    starts = band["from"]
    labels = [
        (str(low), f"{low}–{high - 1}" if high else _("%(age)s and over") % {"age": low})
        for low, high in zip(starts, [*starts[1:], None], strict=True)
    ]
    return [*labels, ("", _("not stated"))]


def _band_of(somebody: _Somebody, band: Mapping[str, Any]) -> str:
    """Return the band of somebody; a band they chose counts where it lies inside of one."""
    if somebody.age is not None:
        return str(max(low for low in band["from"] if low <= max(somebody.age, 0)))
    if not somebody.band:
        return ""
    first, _dash, last = somebody.band.rstrip("+").partition("-")
    low = max(start for start in band["from"] if start <= int(first))
    above = [start for start in band["from"] if start > low]
    inside = not above or (bool(last) and int(last) < above[0])
    return str(low) if inside else ""
