"""Lists of activities and attendance written as events and attendances, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.common.scripts import language_of_text
from hiwar.common.search.indexing import remove_records
from hiwar.contacts.actions import imports
from hiwar.contacts.queries.files import ROW, people_of_rows
from hiwar.events import rules
from hiwar.events.actions.events import Wall, add_event
from hiwar.events.models import Attendance, Event, Room
from hiwar.events.queries import search_documents
from hiwar.events.queries.attendance_imports import ATTENDANCE, Look, room_name
from hiwar.places.queries import the_calendar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.common.imports import Plan, Source
    from hiwar.common.models import ImportRun
    from hiwar.contacts.models import Person
    from hiwar.contacts.queries.files import Reading
    from hiwar.events.queries.attendance_imports import ActivityRow

MORNING = time(10)
# The youngest age of each band; whoever is older than the last one belongs to it.
FROM = ((60, "60+"), (40, "40-59"), (30, "30-39"), (25, "25-29"), (20, "20-24"), (18, "18-19"),
        (15, "15-17"), (0, "0-14"))  # fmt: skip


class SheetInUse(Refused):
    """Something hangs on what the list brought in."""

    code = "sheet_in_use"
    message = _(
        "Something was added since to an activity or a person of this list: a note, an invitation, "
        "minutes or somebody who checked in. Take that out first; nothing was undone."
    )


@transaction.atomic
def apply_lists(*, source: Source, plan: Plan) -> dict[str, Any]:
    """Write both lists: activities become events, rows attendances of people.

    People are made or found as ``contacts`` does it; pairs that may be one are left to decide.
    """
    looked = plan.data
    assert isinstance(looked, Look)  # noqa: S101 -- as plan_lists made it
    run = source.run
    calendar = the_calendar()
    zone = calendar.time_zone if calendar else settings.TIME_ZONE
    starts = time.fromisoformat(run.options["starts"]) if run.options.get("starts") else MORNING
    for row in looked.activities:
        _make_activity(source, row, starts, zone)
    return {"people": _make_attendances(source, looked) if looked.codes else None}


@transaction.atomic
def undo_lists(*, run: ImportRun, journal: Mapping[str, Any], **_step: object) -> None:
    """Take back activities, attendances and people of lists; raises ``SheetInUse``."""
    Attendance.objects.filter(import_run=run).delete()
    events = Event.objects.filter(import_run=run)
    if _has_more(events):
        raise SheetInUse
    keys = list(events.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            Event.objects.filter(pk__in=keys).delete()
            if journal["people"] is not None:
                imports.remove_rows(run=run, journal=journal["people"])
    except (ProtectedError, imports.InUse) as used:
        raise SheetInUse from used
    remove_records(search_documents.KIND, keys)


@transaction.atomic
def record_export(*, actor: User, kind: str, activities: int, now: datetime) -> None:
    """Write down that figures of attendance left the house as a file; raises ``NotAllowed``."""
    if not rules.can_see_attendance(actor):
        raise NotAllowed
    changed = {"kind": ["", kind], "activities": [0, activities]}
    audit(actor, "events.attendance.export", actor, at=now, changed=changed)


def _make_activity(source: Source, row: ActivityRow, starts: time, zone: str) -> None:
    length = timedelta(minutes=round(60 * float(row.hours)))
    kind = Event.Kind(row.kind)
    own = {language_of_text(row.title): row.title}
    event = add_event(
        actor=source.actor,
        kind=kind,
        title=own if row.title else titles_of_kind(kind, row.code),
        wall=Wall.lasting(row.day, row.starts or starts, zone, length),
        code=row.code,
        more={
            "state": Event.State.HELD,
            "held_at": source.now,
            "is_archive": True,
            "place_id": row.place or None,
            "donors": list(row.donors),
            "import_run": source.run,
        },
        now=source.now,
    )
    room_kind = Room.Kind.WOMEN_ONLY if row.is_women_only else Room.Kind.MIXED
    Room.objects.create(event=event, position=1, code="1", label=room_name(), kind=room_kind)


def titles_of_kind(kind: Event.Kind, code: str) -> dict[str, str]:
    """Return the kind of an activity and its code, as a title in each language."""
    titles = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            titles[language] = f"{kind.label} {code}"
    return titles


def _make_attendances(source: Source, looked: Look) -> dict[str, list[str]]:
    file, reading, run = source.files[ATTENDANCE], looked.reading, source.run
    assert reading is not None  # noqa: S101 -- there are codes of rows that were read
    journal = imports.write_rows(
        actor=source.actor,
        run=run,
        reading=_only(reading, looked.codes),
        file_name=file.name,
        now=source.now,
    )
    people = people_of_rows(run)
    by_line = {row.line: row for row in reading.rows}
    events = {
        event.code: event for event in Event.objects.filter(code__in=set(looked.codes.values()))
    }
    rooms = _rooms(events)
    at = next((key for key, name in file.mapping.items() if name == "disability"), None)
    said = {line: cells[int(at)].strip() if at else "" for line, cells in file.rows}
    Attendance.objects.bulk_create(
        [
            Attendance(
                event=events[code],
                room=rooms[events[code].pk],
                person=people[line],
                name=" ".join(by_line[line].names.values())[:120],
                way=Attendance.Way.PAPER,
                sex=by_line[line].sex,
                age_band=age_band(people[line], events[code]),
                disability=by_line[line].disability or ("no" if said[line] else ""),
                place_id=by_line[line].place or None,
                sector=by_line[line].sector,
                key=uuid5(NAMESPACE_OID, f"{run.pk}:{line}"),
                arrived_at=events[code].starts_at,
                checked_in_by=source.actor,
                import_run=run,
            )
            for line, code in sorted(looked.codes.items())
        ],
        batch_size=500,
    )
    return journal


def _only(reading: Reading, codes: Mapping[int, str]) -> Reading:
    """Leave out rows that do not come in: the second of somebody at one activity."""
    groups = (
        (tuple(line for line in lines if line in codes), key) for lines, key in reading.groups
    )
    kept = {f"{ROW}{line}" for line in codes}
    pairs = (
        pair
        for pair in reading.pairs
        if all(key in kept or not key.startswith(ROW) for key in (pair.first, pair.second))
    )
    return replace(
        reading,
        rows=tuple(row for row in reading.rows if row.line in codes),
        groups=tuple((lines, key) for lines, key in groups if lines),
        pairs=tuple(pairs),
    )


def _rooms(events: Mapping[str, Event]) -> dict[Any, Room]:
    """Return the first room of each event; one that has none gets one."""
    rooms: dict[Any, Room] = {}
    for room in Room.objects.filter(event__in=events.values()).order_by("-position", "pk"):
        rooms[room.event_id] = room
    for event in events.values():
        if event.pk not in rooms:
            rooms[event.pk] = Room.objects.create(
                event=event, position=1, code="1", label=room_name()
            )
    return rooms


def age_band(person: Person, event: Event) -> str:
    """Return the atomic band of the age somebody reaches in the year of an event."""
    if not person.birth_year:
        return ""
    age = event.starts_on.year - person.birth_year
    return next((band for least, band in FROM if age >= least), "")


def _has_more(events: QuerySet[Event]) -> bool:
    """Return whether somebody worked on with the events since."""
    parts = ("attendances", "invitations", "speeches", "notes", "follow_ups", "minutes",
             "conclusions", "questions")  # fmt: skip
    more = Q()
    for part in parts:
        more |= Q(**{f"{part}__isnull": False})
    return events.filter(more | Q(continued_by__isnull=False)).exists()
