"""Lists of activities and of attendance as they would come in: read, with problems first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hiwar.common.imports import NotTaken, Plan, Problem, ShownRow
from hiwar.common.imports.plans import LEFT_OUT, LONGEST_VALUE, NEW, SHOWN_ROWS, left_columns
from hiwar.common.vocabularies.lists import words_in
from hiwar.contacts.queries import files
from hiwar.contacts.queries.cells import clock_in, day_in, folded
from hiwar.contacts.queries.files import look_at, places_by_word
from hiwar.contacts.queries.people import people_for
from hiwar.contacts.queries.sheets import columns
from hiwar.engine.names import digits_as_ascii
from hiwar.events.models import Event
from hiwar.events.queries.events import events_for
from hiwar.places.models import Season
from hiwar.places.queries import the_calendar
from hiwar.places.queries.vocabularies import place_headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, time

    from hiwar.accounts.models import User
    from hiwar.common.imports import Source
    from hiwar.common.imports.importers import Taking
    from hiwar.common.models import ImportRun
    from hiwar.contacts.queries.files import Reading
    from hiwar.places.models import Calendar

    Rows = Sequence[tuple[int, Sequence[str]]]

ACTIVITIES, ATTENDANCE = "activities", "attendance"
COLUMNS = Path(__file__).resolve().parents[1] / "sheet_columns.json"
LONGEST_CODE = 40
MOST_HOURS = Decimal(24)
# What the calendar has to say is told and stands in nobody's way.
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
class Look:
    """Both lists as they would come in.

    ``codes`` holds the code of the activity of each row of attendance that comes in, by line.
    """

    activities: tuple[ActivityRow, ...] = ()
    codes: Mapping[int, str] = field(default_factory=dict)
    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def names_of_seasons(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of seasons by key."""
    return {str(season.pk): str(season.name) for season in Season.objects.filter(pk__in=list(keys))}


def heading_words() -> dict[str, list[str]]:
    """Return by what names the columns of activities are known."""
    words: dict[str, list[str]] = dict(words_in(COLUMNS)["headings"])
    words["place"] = [*words["place"], *place_headings()]
    return words


def room_name() -> dict[str, str]:
    """Return what the one room of an activity is called."""
    return dict(words_in(COLUMNS)["room"])


def read_activities(
    rows: Rows, mapping: Mapping[str, str]
) -> tuple[list[ActivityRow], list[Problem]]:
    """Return the activities of a list, with what is wrong and what the calendar has to say."""
    places, calendar = places_by_word(), the_calendar()
    seasons = list(calendar.seasons.order_by("starts_on", "pk")) if calendar else []
    there = set(Event.objects.values_list("code", flat=True))
    seen: set[str] = set()
    activities, faults = [], []
    for line, cells in rows:
        cells_of = _given(cells, mapping)
        row, wrong = _activity(line, cells_of, places)
        if row is not None and (row.code in there or row.code in seen):
            code = "activity_there" if row.code in there else "activity_twice"
            wrong.append(_left_out(ACTIVITIES, line, code, row.code))
            row = None
        faults += wrong
        if row is not None:
            seen.add(row.code)
            activities.append(row)
            faults += _of_calendar(row, calendar, seasons)
    return activities, faults


def plan_lists(source: Source) -> Plan:
    """Return what lists of activities and attendance would do, with what of them is not taken."""
    activities, attendance = source.files.get(ACTIVITIES), source.files.get(ATTENDANCE)
    looked = look(activities, attendance, source.actor)
    lost: list[NotTaken] = []
    rows: list[ShownRow] = []
    changed: list[ShownRow] = []
    if activities is not None:
        lost += left_columns(activities.header, activities.rows, activities.mapping, ACTIVITIES)
        rows += _shown_activities(activities.rows, looked.activities)
    if attendance is not None:
        people = looked.reading.rows if looked.reading else ()
        mapping = {at: name for at, name in attendance.mapping.items() if name != "activity"}
        lost += [
            lost_column
            for lost_column in files.not_taken(
                attendance.header, attendance.rows, mapping, people, ATTENDANCE
            )
            if attendance.mapping.get(_column(attendance.header, lost_column.title)) != "activity"
        ]
        rows += _shown_attendance(attendance.rows, looked)
    if looked.reading is not None:
        changed = files.rows_that_change(looked.reading)
    return Plan(
        rows=rows,
        changed=changed,
        problems=list(looked.problems),
        not_taken=lost,
        counts=looked.counts,
        data=looked,
    )


def lacks_columns(run: ImportRun) -> bool:
    """Return whether a list has no column for what it cannot do without."""
    activities, attendance = (
        set(run.choices[part]["mapping"].values()) if part in run.choices else None
        for part in (ACTIVITIES, ATTENDANCE)
    )
    if activities is not None and not {"activity", "date"} <= activities:
        return True
    return attendance is not None and not (
        "activity" in attendance and files.names_somebody(attendance)
    )


def look(activities: Taking | None, attendance: Taking | None, user: User) -> Look:
    """Return how lists would come in beside what is there already."""
    planned, problems = (
        read_activities(activities.rows, activities.mapping) if activities else ([], [])
    )
    codes, kept = _with_activity(attendance, user, [row.code for row in planned], problems)
    reading = None
    if kept and attendance is not None:
        reading = look_at(kept, attendance.mapping, people_for(user))
        problems += [
            msgspec.structs.replace(
                problem, part=ATTENDANCE, is_silent=problem.code == "phone_missing"
            )
            for problem in reading.problems
        ]
        codes = {row.line: codes[row.line] for row in reading.rows}
        problems += _twice(reading, codes)
        for problem in problems:
            if problem.code == "person_twice":
                codes.pop(problem.line, None)
    return Look(
        activities=tuple(planned),
        codes=codes,
        reading=reading,
        problems=tuple(problems),
        counts=_counts(activities, attendance, planned, codes, reading),
    )


def _column(header: Sequence[str], title: str) -> str:
    return str(header.index(title)) if title in header else ""


def _shown_activities(rows: Rows, planned: Sequence[ActivityRow]) -> list[ShownRow]:
    by_line = {row.line: row for row in planned}
    shown = []
    for line, cells in rows[:SHOWN_ROWS]:
        row = by_line.get(line)
        if row is None:
            text = " · ".join(cell for cell in cells if cell.strip())
            shown.append(ShownRow(line, LEFT_OUT, (text[:LONGEST_VALUE],), part=ACTIVITIES))
        else:
            summary = (row.code, row.title, row.day.isoformat(), str(row.hours))
            shown.append(ShownRow(line, NEW, summary, part=ACTIVITIES))
    return shown


def _shown_attendance(rows: Rows, looked: Look) -> list[ShownRow]:
    people = files.shown_rows(rows, looked.reading) if looked.reading else []
    by_line = {row.line: row for row in people}
    shown = []
    for line, cells in rows[:SHOWN_ROWS]:
        row, code = by_line.get(line), looked.codes.get(line)
        if row is None or code is None:
            text = " · ".join(cell for cell in cells if cell.strip())
            shown.append(ShownRow(line, LEFT_OUT, (text[:LONGEST_VALUE],), part=ATTENDANCE))
        else:
            summary = (row.cells[0], code, *row.cells[1:2])
            shown.append(ShownRow(line, row.outcome, summary, part=ATTENDANCE))
    return shown


def _left_out(part: str, line: int, code: str, value: str = "") -> Problem:
    return Problem(code, line, part, value=value, leaves_out=True)


def _with_activity(
    attendance: Taking | None, user: User, new: Iterable[str], problems: list[Problem]
) -> tuple[dict[int, str], list[tuple[int, Sequence[str]]]]:
    """Return the rows whose activity is known, with its code, and note those without one."""
    if attendance is None:
        return {}, []
    known = {code.casefold(): code for code in (*events_for(user).values_list("code", flat=True),
                                                *new)}  # fmt: skip
    codes: dict[int, str] = {}
    kept: list[tuple[int, Sequence[str]]] = []
    for line, cells in attendance.rows:
        said = digits_as_ascii(_given(cells, attendance.mapping).get("activity", "")).casefold()
        if said in known:
            codes[line] = known[said]
            kept.append((line, cells))
        else:
            problems.append(_left_out(ATTENDANCE, line, "activity_unknown", said))
    return codes, kept


def _twice(reading: Reading, codes: Mapping[int, str]) -> list[Problem]:
    """Return the rows by which somebody would be at one activity a second time."""
    problems = []
    for lines, _key in reading.groups:
        seen: set[str] = set()
        for line in lines:
            if codes[line] in seen:
                problems.append(_left_out(ATTENDANCE, line, "person_twice", codes[line]))
            seen.add(codes[line])
    return problems


def _counts(
    activities: Taking | None,
    attendance: Taking | None,
    planned: Sequence[ActivityRow],
    codes: Mapping[int, str],
    reading: Reading | None,
) -> dict[str, int]:
    counts = dict(reading.counts) if reading else {}
    return {
        "activity_rows": len(activities.rows) if activities else 0,
        "activities": len(planned),
        "rows": len(attendance.rows) if attendance else 0,
        "attendances": len(codes),
        **{
            name: counts.get(name, 0)
            for name in ("forms", "people", "known", "to_decide", "namesakes", "without_phone")
        },
    }


def _activity(
    line: int, said_of: Mapping[str, str], places: Mapping[str, str]
) -> tuple[ActivityRow | None, list[Problem]]:
    faults = []
    code = digits_as_ascii(said_of.get("activity", ""))[:LONGEST_CODE].replace("/", "-")
    day = day_in(said_of.get("date", ""))
    if not code:
        faults.append(_left_out(ACTIVITIES, line, "code_missing"))
    if day is None:
        said = said_of.get("date", "")
        faults.append(_left_out(ACTIVITIES, line, "date_unreadable", said))
    if not code or day is None:
        return None, faults
    kind = _kind(said_of.get("kind", ""))
    if not kind:
        faults.append(Problem("kind_unknown", line, ACTIVITIES, value=said_of.get("kind", "")))
    hours = _hours(said_of.get("hours", ""))
    if hours is None:
        faults.append(Problem("hours_unreadable", line, ACTIVITIES, value=said_of.get("hours", "")))
    place = said_of.get("place", "")
    if place and folded(place) not in places:
        faults.append(Problem("place_unknown", line, ACTIVITIES, value=place))
    row = ActivityRow(
        line=line,
        code=code,
        kind=kind or Event.Kind.MEETING,
        title=said_of.get("title", "")[:200],
        day=day,
        starts=clock_in(said_of.get("starts", "")),
        hours=hours or Decimal(1),
        place=places.get(folded(place), ""),
        is_women_only=folded(said_of.get("women_only", "")) in _yes(),
        donors=tuple(
            part.strip()[:40] for part in re.split(r"[;,،؛+]", said_of.get("donors", ""))
            if part.strip()
        ),
    )  # fmt: skip
    return row, faults


def _of_calendar(
    row: ActivityRow, calendar: Calendar | None, seasons: Sequence[Season]
) -> list[Problem]:
    """Return what the calendar of the installation has to say about a day; never a ban."""
    if calendar is None:
        return []
    value = row.day.isoformat()
    notices = [
        Problem(
            season.kind, row.line, ACTIVITIES, value=value, detail=str(season.pk), is_notice=True
        )
        for season in seasons
        if season.starts_on <= row.day <= season.ends_on
    ]
    if row.day.isoweekday() in calendar.weekend:
        notices.append(Problem("weekend", row.line, ACTIVITIES, value=value, is_notice=True))
    return notices


def _given(cells: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    return {name: cells[int(at)].strip() for at, name in mapping.items() if int(at) < len(cells)}


def _hours(text: str) -> Decimal | None:
    match = re.search(r"\d+(?:\.\d+)?", digits_as_ascii(text).replace("٫", ".").replace(",", "."))
    try:
        hours = Decimal(match[0]) if match else None
    except InvalidOperation:
        return None
    return hours if hours is not None and 0 < hours <= MOST_HOURS else None


def _kind(text: str) -> str:
    said = folded(text)
    for kind, words in words_in(COLUMNS)["kinds"].items():
        if said in {folded(word) for word in words}:
            return str(kind)
    return ""


def _yes() -> frozenset[str]:
    return frozenset(folded(word) for word in columns()["yes"])  # type: ignore[attr-defined]  # a list of words
