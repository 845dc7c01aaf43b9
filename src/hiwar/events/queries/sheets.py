"""Lists of activities and of attendance as they would come in: read, with problems first."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiwar.contacts.queries.files import look_at, places_by_word
from hiwar.contacts.queries.people import people_for
from hiwar.contacts.queries.sheets import columns
from hiwar.engine.names import digits_as_ascii, fold_arabic, fold_latin
from hiwar.events.models import AttendanceSheet, Event
from hiwar.events.queries.events import events_for
from hiwar.places.models import Season
from hiwar.places.queries import the_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.contacts.queries.files import Reading
    from hiwar.places.models import Calendar

    Rows = Sequence[tuple[int, Sequence[str]]]

ACTIVITIES, ATTENDANCE = "activities", "attendance"
FOLDER = Path(__file__).resolve().parents[1]
LONGEST_CODE = 40
MOST_HOURS = Decimal(24)
YEARS = range(1990, 2101)
# A warning is told and stands in nobody's way.
WARNINGS = frozenset(["weekend", "fasting", "holiday", "busy"])


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as a row tells it; ``place`` is a key of a place, or empty."""

    line: int
    code: str
    kind: str
    title: str
    day: date
    starts: time | None
    hours: Decimal
    place: str
    is_women_only: bool
    donors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or to be known of it; a blocking one leaves the row out."""

    part: str
    line: int
    code: str
    value: str = ""
    is_blocking: bool = False
    season: str = ""

    @property
    def kind(self) -> str:
        """What is counted together: the list, what is wrong, and which season."""
        return ":".join(filter(None, [self.part, self.code, self.season]))


@dataclass(frozen=True, slots=True)
class Look:
    """Both lists as they would come in.

    ``codes`` holds the code of the activity of each row of attendance that comes in, by line.
    """

    activities: tuple[ActivityRow, ...] = ()
    codes: Mapping[int, str] = field(default_factory=dict)
    reading: Reading | None = None
    faults: tuple[Fault, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def sheets() -> QuerySet[AttendanceSheet]:
    """Return the lists brought in so far, the latest first, without their rows."""
    attendance_sheets = AttendanceSheet.objects.select_related("made_by").defer("problems")
    return attendance_sheets.order_by("-made_at", "pk")


def names_of_seasons(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of seasons by key."""
    return {str(season.pk): str(season.name) for season in Season.objects.filter(pk__in=list(keys))}


def heading_words() -> dict[str, list[str]]:
    """Return by what names the columns of activities are known."""
    headings: dict[str, list[str]] = _words()["headings"]
    return headings


def room_name() -> dict[str, str]:
    """Return what the one room of an activity is called."""
    return dict(_words()["room"])


def read_activities(
    rows: Rows, mapping: Mapping[str, str]
) -> tuple[list[ActivityRow], list[Fault]]:
    """Return the activities of a list, with what is wrong and what the calendar has to say."""
    places, calendar = places_by_word(), the_calendar()
    seasons = list(calendar.seasons.order_by("starts_on", "pk")) if calendar else []
    there = set(Event.objects.values_list("code", flat=True))
    seen: set[str] = set()
    activity_rows, faults = [], []
    for line, cells in rows:
        values = _given(cells, mapping)
        row, wrong = _activity(line, values, places)
        if row is not None and (row.code in there or row.code in seen):
            code = "activity_there" if row.code in there else "activity_twice"
            wrong.append(Fault(ACTIVITIES, line, code, row.code, is_blocking=True))
            row = None
        faults += wrong
        if row is not None:
            seen.add(row.code)
            activity_rows.append(row)
            faults += _of_calendar(row, calendar, seasons)
    return activity_rows, faults


def look(sheet: AttendanceSheet, user: User) -> Look:
    """Return how a list would come in beside what is there already."""
    activities, faults = read_activities(
        sheet.activities.get("rows", []), sheet.activities.get("mapping", {})
    )
    codes, kept = _with_activity(sheet, user, [row.code for row in activities], faults)
    reading = None
    if kept:
        reading = look_at(kept, sheet.attendance["mapping"], people_for(user))
        faults += [
            Fault(ATTENDANCE, problem.line, problem.code, problem.value, problem.is_blocking)
            for problem in reading.problems
        ]
        codes = {row.line: codes[row.line] for row in reading.rows}
        faults += _twice(reading, codes)
        for fault in faults:
            if fault.code == "person_twice":
                codes.pop(fault.line, None)
    return Look(
        activities=tuple(activities),
        codes=codes,
        reading=reading,
        faults=tuple(sorted(faults, key=_weight)),
        counts=_counts(sheet, activities, codes, reading),
    )


def _weight(fault: Fault) -> tuple[bool, bool, str, int]:
    return (not fault.is_blocking, fault.code in WARNINGS, fault.part, fault.line)


def _with_activity(
    sheet: AttendanceSheet, user: User, new: Iterable[str], faults: list[Fault]
) -> tuple[dict[int, str], list[tuple[int, Sequence[str]]]]:
    """Return the rows whose activity is known, with its code, and note those without one."""
    mapping = sheet.attendance.get("mapping", {})
    known = {code.casefold(): code for code in (*events_for(user).values_list("code", flat=True),
                                                *new)}  # fmt: skip
    codes, kept = {}, []
    for line, cells in sheet.attendance.get("rows", []):
        said = digits_as_ascii(_given(cells, mapping).get("activity", "")).casefold()
        if said in known:
            codes[line] = known[said]
            kept.append((line, cells))
        else:
            faults.append(Fault(ATTENDANCE, line, "activity_unknown", said, is_blocking=True))
    return codes, kept


def _twice(reading: Reading, codes: Mapping[int, str]) -> list[Fault]:
    """Return the rows by which somebody would be at one activity a second time."""
    faults = []
    for lines, _key in reading.groups:
        seen: set[str] = set()
        for line in lines:
            if codes[line] in seen:
                fault = Fault(ATTENDANCE, line, "person_twice", codes[line], is_blocking=True)
                faults.append(fault)
            seen.add(codes[line])
    return faults


def _counts(
    sheet: AttendanceSheet,
    activities: Sequence[ActivityRow],
    codes: Mapping[int, str],
    reading: Reading | None,
) -> dict[str, int]:
    counts = dict(reading.counts) if reading else {}
    return {
        "activity_rows": len(sheet.activities.get("rows", [])),
        "activities": len(activities),
        "rows": len(sheet.attendance.get("rows", [])),
        "attendances": len(codes),
        **{
            name: counts.get(name, 0)
            for name in ("forms", "people", "known", "to_decide", "namesakes", "without_phone")
        },
    }


def _activity(
    line: int, values: Mapping[str, str], places: Mapping[str, str]
) -> tuple[ActivityRow | None, list[Fault]]:
    faults = []
    code = digits_as_ascii(values.get("activity", ""))[:LONGEST_CODE].replace("/", "-")
    day = _day(values.get("date", ""))
    if not code:
        faults.append(Fault(ACTIVITIES, line, "code_missing", is_blocking=True))
    if day is None:
        said = values.get("date", "")
        faults.append(Fault(ACTIVITIES, line, "date_unreadable", said, is_blocking=True))
    if not code or day is None:
        return None, faults
    kind = _kind(values.get("kind", ""))
    if not kind:
        faults.append(Fault(ACTIVITIES, line, "kind_unknown", values.get("kind", "")))
    hours = _hours(values.get("hours", ""))
    if hours is None:
        faults.append(Fault(ACTIVITIES, line, "hours_unreadable", values.get("hours", "")))
    place = values.get("place", "")
    if place and _folded(place) not in places:
        faults.append(Fault(ACTIVITIES, line, "place_unknown", place))
    row = ActivityRow(
        line=line,
        code=code,
        kind=kind or Event.Kind.MEETING,
        title=values.get("title", "")[:200],
        day=day,
        starts=_clock(values.get("starts", "")),
        hours=hours or Decimal(1),
        place=places.get(_folded(place), ""),
        is_women_only=_folded(values.get("women_only", "")) in _yes(),
        donors=tuple(
            part.strip()[:40] for part in re.split(r"[;,،؛+]", values.get("donors", ""))
            if part.strip()
        ),
    )  # fmt: skip
    return row, faults


def _of_calendar(
    row: ActivityRow, calendar: Calendar | None, seasons: Sequence[Season]
) -> list[Fault]:
    """Return what the calendar of the installation has to say about a day; never a ban."""
    if calendar is None:
        return []
    value = row.day.isoformat()
    faults = [
        Fault(ACTIVITIES, row.line, season.kind, value, season=str(season.pk))
        for season in seasons
        if season.starts_on <= row.day <= season.ends_on
    ]
    if row.day.isoweekday() in calendar.weekend:
        faults.append(Fault(ACTIVITIES, row.line, "weekend", value))
    return faults


def _given(cells: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    return {name: cells[int(at)].strip() for at, name in mapping.items() if int(at) < len(cells)}


def _day(text: str) -> date | None:
    """Return a day: year first, or else day first, in either set of digits."""
    plain = digits_as_ascii(text).strip()
    match = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", plain)
    parts = match.groups() if match else None
    if parts is None and (match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", plain)):
        parts = match.group(3), match.group(2), match.group(1)
    if parts is None:
        return None
    year, month, number = map(int, parts)
    try:
        return date(year, month, number) if year in YEARS else None
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::\d{2})?", digits_as_ascii(text).strip())
    try:
        return time(int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def _hours(text: str) -> Decimal | None:
    match = re.search(r"\d+(?:\.\d+)?", digits_as_ascii(text).replace("٫", ".").replace(",", "."))
    try:
        hours = Decimal(match[0]) if match else None
    except InvalidOperation:
        return None
    return hours if hours is not None and 0 < hours <= MOST_HOURS else None


def _kind(text: str) -> str:
    folded = _folded(text)
    for kind, words in _words()["kinds"].items():
        if folded in {_folded(word) for word in words}:
            return str(kind)
    return ""


def _folded(text: str) -> str:
    return " ".join(fold_latin(fold_arabic(text)).casefold().split())


def _yes() -> frozenset[str]:
    return frozenset(_folded(column) for column in columns()["yes"])  # type: ignore[attr-defined]  # a list of words


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads((FOLDER / "sheet_columns.json").read_text("utf-8"))
    return words
