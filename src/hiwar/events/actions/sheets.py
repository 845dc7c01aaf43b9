"""Lists of activities and attendance: looked at, confirmed in one step, undone in one step."""

from __future__ import annotations

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
from hiwar.common.search.indexing import remove_record
from hiwar.common.tables import FileEmpty, FileUnreadable, take
from hiwar.contacts.actions import imports
from hiwar.contacts.models import ColumnMapping, ContactFile
from hiwar.contacts.queries import sheets as reading
from hiwar.contacts.queries.files import people_of_rows
from hiwar.events import rules
from hiwar.events.actions.events import Wall, add_event
from hiwar.events.models import Attendance, AttendanceSheet, Event, Room
from hiwar.events.queries import search_documents
from hiwar.events.queries.sheets import (
    ACTIVITIES,
    ATTENDANCE,
    Look,
    heading_words,
    look,
    room_name,
)
from hiwar.places.queries import the_calendar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.tables import Upload
    from hiwar.contacts.models import Person
    from hiwar.events.queries.sheets import ActivityRow

MOST_FAULTS = 500
MORNING = time(10)
KEPT_FOR = timedelta(days=1)
# The youngest age of each band; whoever is older than the last one belongs to it.
FROM = ((60, "60+"), (40, "40-59"), (30, "30-39"), (25, "25-29"), (20, "20-24"), (18, "18-19"),
        (15, "15-17"), (0, "0-14"))  # fmt: skip


class NothingSent(Refused):
    """There is neither a list of activities nor one of attendance."""

    code = "nothing_sent"
    message = _("Choose a list of activities, a list of attendance, or both.")


class ColumnMissing(Refused):
    """No column stands for what a list cannot do without."""

    code = "column_missing"
    message = _(
        "Say which columns hold the code and the date of each activity, and in the list of "
        "attendance the activity and the name."
    )


class BroughtInAlready(Refused):
    """The same file was brought in and not undone."""

    code = "brought_in_already"
    message = _("This very file was brought in already. Undo that first if it has to come again.")


class WrongSheetState(Refused):
    """The list is not in a state that allows this."""

    code = "wrong_sheet_state"
    message = _("This list was brought in or undone already. Load the page again.")


class SheetInUse(Refused):
    """Something hangs on what the list brought in."""

    code = "sheet_in_use"
    message = _(
        "Something was added since to an activity or a person of this list: a note, an invitation, "
        "minutes or somebody who checked in. Take that out first; nothing was undone."
    )


@transaction.atomic
def prepare_sheet(
    *,
    actor: User,
    files: Mapping[str, Upload],
    now: datetime,
    starts: time | None = None,
) -> AttendanceSheet:
    """Look at a list of activities, one of attendance, or both; nothing else is saved.

    ``files`` holds what was read by ``ACTIVITIES`` and ``ATTENDANCE``. Activities without an
    hour begin at ``starts``. What nobody decided on within a day is destroyed. Raises
    ``NotAllowed``, ``NothingSent``, ``BroughtInAlready`` and ``FileEmpty``.
    """
    _need(actor)
    stale = AttendanceSheet.objects.filter(state=AttendanceSheet.State.PREVIEW)
    stale.filter(made_at__lt=now - KEPT_FOR).delete()
    parts = {part: _part(part, files[part]) for part in (ACTIVITIES, ATTENDANCE) if part in files}
    if not parts:
        raise NothingSent
    calendar = the_calendar()
    sheet = AttendanceSheet(
        **parts,
        starts=starts or MORNING,
        zone=calendar.time_zone if calendar else settings.TIME_ZONE,
        made_by=actor,
        made_at=now,
    )
    _keep(sheet, look(sheet, actor))
    sheet.save()
    marks = [part["sha256"] for part in parts.values()]
    audit(actor, "events.sheet.prepare", sheet, at=now, changed={"sha256": [[], marks]})
    return sheet


@transaction.atomic
def change_columns(
    *, actor: User, sheet: AttendanceSheet, part: str, mapping: Mapping[str, str], now: datetime
) -> AttendanceSheet:
    """Say what the columns of one list stand for, look again, and remember it.

    Raises ``NotAllowed`` and ``WrongSheetState``.
    """
    _need(actor)
    sheet = _locked(sheet, AttendanceSheet.State.PREVIEW)
    facts: dict[str, Any] = getattr(sheet, part)
    known = set(heading_words() if part == ACTIVITIES else reading.fields())
    facts["mapping"] = {
        at: name
        for at, name in mapping.items()
        if name in known and at.isdigit() and int(at) < len(facts["header"])
    }
    _keep(sheet, look(sheet, actor))
    sheet.save()
    _remember(sheet, now)
    return sheet


@transaction.atomic
def discard_sheet(*, actor: User, sheet: AttendanceSheet) -> None:
    """Throw a list away that was only looked at; raises ``NotAllowed`` and ``WrongSheetState``."""
    _need(actor)
    _locked(sheet, AttendanceSheet.State.PREVIEW).delete()


@transaction.atomic
def confirm_sheet(*, actor: User, sheet: AttendanceSheet, now: datetime) -> AttendanceSheet:
    """Bring both lists in: activities become events, rows attendances of people.

    People are made or found as ``contacts`` does it; pairs that may be one are left to decide.
    Raises ``NotAllowed``, ``WrongSheetState`` and ``ColumnMissing``.
    """
    _need(actor)
    sheet = _locked(sheet, AttendanceSheet.State.PREVIEW)
    if not has_columns(sheet):
        raise ColumnMissing
    for part in (ACTIVITIES, ATTENDANCE):
        _refuse_again(getattr(sheet, part).get("sha256", ""))
    outlook = look(sheet, actor)
    _keep(sheet, outlook)
    for row in outlook.activities:
        _make_activity(actor, sheet, row, now)
    if outlook.codes:
        _make_attendances(actor, sheet, outlook, now)
    for part in (ACTIVITIES, ATTENDANCE):
        getattr(sheet, part).pop("rows", None)
    sheet.state = AttendanceSheet.State.DONE
    sheet.save()
    _remember(sheet, now)
    counts = {name: [0, outlook.counts[name]] for name in ("activities", "attendances", "people")}
    audit(actor, "events.sheet.confirm", sheet, at=now, changed=counts)
    return sheet


@transaction.atomic
def undo_sheet(*, actor: User, sheet: AttendanceSheet, now: datetime) -> AttendanceSheet:
    """Take back activities, attendances and people of a list, as one step.

    Raises ``NotAllowed``, ``WrongSheetState`` and ``SheetInUse``.
    """
    _need(actor)
    sheet = _locked(sheet, AttendanceSheet.State.DONE)
    people = sheet.people
    taken = sheet.attendances.count(), sheet.events.count()
    sheet.attendances.all().delete()
    events = list(sheet.events.all())
    if _has_more(sheet):
        raise SheetInUse
    sheet.people = None
    sheet.state = AttendanceSheet.State.UNDONE
    sheet.save()
    try:
        with transaction.atomic():
            Event.objects.filter(pk__in=[event.pk for event in events]).delete()
            if people is not None:
                imports.undo_file(actor=actor, file=people, now=now)
    except (ProtectedError, imports.InUse) as used:
        raise SheetInUse from used
    for event in events:
        remove_record(search_documents.KIND, event.pk)
    audit(
        actor, "events.sheet.undo", sheet, at=now,
        changed={"attendances": [taken[0], 0], "activities": [taken[1], 0]},
    )  # fmt: skip
    return sheet


@transaction.atomic
def record_export(*, actor: User, kind: str, activities: int, now: datetime) -> None:
    """Write down that figures of attendance left the house as a file; raises ``NotAllowed``."""
    if not rules.can_see_attendance(actor):
        raise NotAllowed
    changed = {"kind": ["", kind], "activities": [0, activities]}
    audit(actor, "events.attendance.export", actor, at=now, changed=changed)


def has_columns(sheet: AttendanceSheet) -> bool:
    """Return whether the columns hold what the lists cannot do without."""
    activities = set(sheet.activities.get("mapping", {}).values())
    attendance = set(sheet.attendance.get("mapping", {}).values())
    good = not sheet.activities or {"activity", "date"} <= activities
    return good and (
        not sheet.attendance or ("activity" in attendance and bool(imports.NAMING & attendance))
    )


def _need(actor: User) -> None:
    if not rules.can_import_attendance(actor):
        raise NotAllowed


def _locked(sheet: AttendanceSheet, state: str) -> AttendanceSheet:
    locked = AttendanceSheet.objects.select_for_update().get(pk=sheet.pk)
    if locked.state != state:
        raise WrongSheetState
    return locked


def _part(part: str, upload: Upload) -> dict[str, Any]:
    """Take the rows of one list; its columns mean what the same headings meant before."""
    _refuse_again(upload.sha256)
    if upload.workbook is None:
        raise FileUnreadable
    words = heading_words() if part == ACTIVITIES else reading.heading_words()
    taken = take(upload, words)
    table = taken.table
    if not table.rows:
        raise FileEmpty
    remembered = ColumnMapping.objects.filter(headings=_key(part, table.header)).first()
    mapping = remembered.mapping if remembered else reading.proposed_mapping(table.header, words)
    return {
        "name": upload.name[:200] or "?",
        "sha256": upload.sha256,
        "header": list(table.header),
        "rows": [[line, list(cells)] for line, cells in table.rows],
        "mapping": mapping,
        "read": dict(taken.about),
    }


def _refuse_again(mark: str) -> None:
    same = Q(activities__sha256=mark) | Q(attendance__sha256=mark)
    done = AttendanceSheet.objects.filter(state=AttendanceSheet.State.DONE)
    if mark and done.filter(same).exists():
        raise BroughtInAlready


def _key(part: str, header: list[str] | tuple[str, ...]) -> str:
    return reading.key_of_header([f"{part}:", *header])


def _remember(sheet: AttendanceSheet, now: datetime) -> None:
    for part in (ACTIVITIES, ATTENDANCE):
        facts = getattr(sheet, part)
        if facts:
            ColumnMapping.objects.update_or_create(
                headings=_key(part, facts["header"]),
                defaults={"mapping": facts["mapping"], "used_at": now},
            )


def _keep(sheet: AttendanceSheet, outlook: Look) -> None:
    """Keep what the page of the list shows."""
    kinds: dict[str, int] = {}
    for fault in outlook.faults:
        kinds[fault.kind] = kinds.get(fault.kind, 0) + 1
    sheet.counts = {**outlook.counts, "problems": kinds}
    sheet.problems = [
        {"part": fault.part, "line": fault.line, "code": fault.code, "value": fault.value[:100],
         "blocks": fault.is_blocking, "season": fault.season}
        for fault in outlook.faults
        if fault.code != "phone_missing"
    ][:MOST_FAULTS]  # fmt: skip


def _make_activity(actor: User, sheet: AttendanceSheet, row: ActivityRow, now: datetime) -> None:
    length = timedelta(minutes=round(60 * float(row.hours)))
    kind = Event.Kind(row.kind)
    is_arabic = any("\u0600" <= letter <= "\u06ff" for letter in row.title)
    language = "ar" if is_arabic else "en"
    event = add_event(
        actor=actor,
        kind=kind,
        title={language: row.title} if row.title else titles_of_kind(kind, row.code),
        wall=Wall.lasting(row.day, row.starts or sheet.starts, sheet.zone, length),
        code=row.code,
        more={
            "state": Event.State.HELD,
            "held_at": now,
            "is_archive": True,
            "place_id": row.place or None,
            "donors": list(row.donors),
            "sheet": sheet,
        },
        now=now,
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


def _make_attendances(actor: User, sheet: AttendanceSheet, outlook: Look, now: datetime) -> None:
    attendance = sheet.attendance
    rows = [(line, cells) for line, cells in attendance["rows"] if line in outlook.codes]
    file: ContactFile = imports.bring_in_rows(
        actor=actor, header=attendance["header"], rows=rows, file_name=attendance["name"], now=now,
        mapping=attendance["mapping"],
    )  # fmt: skip
    sheet.people = file
    people = people_of_rows(file)
    assert outlook.reading is not None  # noqa: S101 -- there are codes of rows that were read
    by_line = {row.line: row for row in outlook.reading.rows}
    events = {
        event.code: event for event in Event.objects.filter(code__in=set(outlook.codes.values()))
    }
    rooms = _rooms(events)
    at = next((key for key, name in attendance["mapping"].items() if name == "disability"), None)
    said = {line: cells[int(at)].strip() if at else "" for line, cells in rows}
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
                key=uuid5(NAMESPACE_OID, f"{sheet.pk}:{line}"),
                arrived_at=events[code].starts_at,
                checked_in_by=actor,
                sheet=sheet,
            )
            for line, code in sorted(outlook.codes.items())
        ],
        batch_size=500,
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


def _has_more(sheet: AttendanceSheet) -> bool:
    """Return whether somebody worked on with the events since."""
    parts = ("attendances", "invitations", "speeches", "notes", "follow_ups", "minutes",
             "conclusions", "questions")  # fmt: skip
    more = Q()
    for part in parts:
        more |= Q(**{f"{part}__isnull": False})
    return sheet.events.filter(more | Q(continued_by__isnull=False)).exists()
