"""Questions on the day and about it: who is there, who speaks, what was written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Count, Q

from hiwar.common.crypto import DIGITS
from hiwar.contacts.models import Person
from hiwar.engine.inclusion.disclosure import suppress
from hiwar.events import rules
from hiwar.events.models import Attendance, FollowUp, Invitation, Note, Room, Speech
from hiwar.events.queries.attribution import UNATTRIBUTED, in_force
from hiwar.events.queries.programme import rooms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody
    from hiwar.events.models import Event

# They add up to 15-24, 15-29, 18-29 and 18 and over without anybody being asked again.
BANDS = ("0-14", "15-17", "18-19", "20-24", "25-29", "30-39", "40-59", "60+")
KNOWN_BANDS = frozenset(["", *BANDS])
SMALLEST_SHOWN = 5
WATCHED = timedelta(minutes=20)
SEXES = tuple(Person.Sex.values)


@dataclass(frozen=True, slots=True)
class RoomTotal:
    """How many people are in a room, and how many of them are women and men."""

    room: Room
    present: int
    women: int
    men: int
    may_open: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Speaking time, in seconds, and how much of it was women's."""

    seconds: int
    women: int

    @property
    def percent(self) -> float | None:
        """Women's share in percent; None when nobody has spoken."""
        return round(100 * self.women / self.seconds, 1) if self.seconds else None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as one person may read it: without the speaker unless they may know."""

    note: Note
    speaker: str
    rivals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of people by two things, None where a cell is hidden; totals last."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]


def room_totals(user: Somebody, event: Event) -> list[RoomTotal]:
    """Return the live totals of an event, room by room."""
    count = Count("pk")
    women = Count("pk", filter=Q(sex=Person.Sex.FEMALE))
    men = Count("pk", filter=Q(sex=Person.Sex.MALE))
    attendances = (
        event.attendances.order_by("room").values("room").annotate(n=count, w=women, m=men)
    )
    by = {row["room"]: row for row in attendances}
    none = {"n": 0, "w": 0, "m": 0}
    return [
        RoomTotal(
            room=room,
            present=by.get(room.pk, none)["n"],
            women=by.get(room.pk, none)["w"],
            men=by.get(room.pk, none)["m"],
            may_open=rules.can_check_in(user, room),
        )
        for room in rooms_of(event)
    ]


def attendance_of(user: Somebody, room: Room, words: str = "") -> QuerySet[Attendance]:
    """Return who is in a room, for who may see its list; nobody for others."""
    if not rules.can_check_in(user, room):
        return Attendance.objects.none()
    attendances = Attendance.objects.filter(room=room)
    for word in words.split():
        attendances = attendances.filter(name__icontains=word)
    return attendances.select_related("checked_in_by").order_by("-arrived_at", "pk")


def visible_attendance(user: Somebody, event: Event) -> QuerySet[Attendance]:
    """Return who is there in all rooms whose lists a user may see."""
    keys = [room.pk for room in rooms_of(event) if rules.can_check_in(user, room)]
    return Attendance.objects.filter(room__in=keys).order_by("arrived_at", "pk")


def expected(user: Somebody, room: Room, words: str = "") -> QuerySet[Invitation]:
    """Return the invitees who are not checked in yet, for who may check in to a room.

    In a room for women only, men are not offered.
    """
    if not rules.can_check_in(user, room):
        return Invitation.objects.none()
    invitations = room.event.invitations.filter(is_withdrawn=False, attendances=None)
    if room.kind == Room.Kind.WOMEN_ONLY:
        invitations = invitations.exclude(sex=Person.Sex.MALE)
    invitations = invitations.select_related("person", "post", "organisation")
    for word in words.split():
        invitations = invitations.filter(
            Q(name__icontains=word)
            | Q(delegated_to__icontains=word)
            | Q(person__shown_name__icontains=word)
            | Q(code__iexact=word)
        )
    return invitations.order_by("name", "added_at", "pk")


def invitation_by_code(event: Event, code: str) -> Invitation | None:
    """Return the invitation with a code, however it was typed."""
    typed = "".join(code.translate(DIGITS).upper().split()).replace("-", "")
    return event.invitations.filter(code=typed, is_withdrawn=False).first()


def queue(event: Event) -> list[Speech]:
    """Return who waits for the floor, in order."""
    waiting = event.speeches.filter(started_at=None, left_at=None)
    return list(waiting.select_related("room").order_by("queued_at", "pk"))


def on_the_floor(event: Event) -> Speech | None:
    """Return who speaks now."""
    speaking = event.speeches.filter(started_at__isnull=False, ended_at=None)
    return speaking.select_related("room").order_by("-started_at", "pk").first()


def finished_speeches(event: Event) -> list[Speech]:
    """Return the turns that were taken and ended."""
    speeches = event.speeches.exclude(seconds=None).select_related("room")
    return list(speeches.order_by("started_at", "pk"))


def share_of(speeches: Iterable[Speech]) -> Share:
    """Return the speaking time of some turns, and women's part of it."""
    spoken = [(speech.seconds or 0, speech.sex) for speech in speeches]
    women = sum(seconds for seconds, sex in spoken if sex == Person.Sex.FEMALE)
    return Share(sum(seconds for seconds, _sex in spoken), women)


def shares_by_room(event: Event) -> list[tuple[Room, Share]]:
    """Return the speaking time room by room."""
    spoken = finished_speeches(event)
    return [
        (room, share_of(speech for speech in spoken if speech.room_id == room.pk))
        for room in rooms_of(event)
    ]


def is_under_quota(speeches: Sequence[Speech], quota: int, now: datetime) -> bool:
    """Return whether women's share of all speech so far was under the quota for twenty minutes.

    It was, when it is under the quota now and was so at the end of every turn within the last
    twenty minutes and when they began; not before people have spoken for twenty minutes.
    """
    ended = sorted(
        (speech for speech in speeches if speech.started_at and speech.seconds is not None),
        key=lambda speech: speech.started_at,  # type: ignore[arg-type,return-value]  # filtered above
    )
    if not quota or not ended or ended[0].started_at > now - WATCHED:  # type: ignore[operator]
        return False
    since = now - WATCHED
    marks = [since, *(at for speech in ended if since < (at := _end_of(speech)) <= now), now]
    for mark in marks:
        share = share_of(speech for speech in ended if _end_of(speech) <= mark).percent
        if share is None or share >= quota:
            return False
    return True


def notes_of(user: Somebody, event: Event) -> list[NoteLine]:
    """Return the notes of an event in the order of the agenda, as a user may read them.

    Where the rule in force names nobody, the speaker is shown to named staff alone; of a room
    whose list is protected, to who may see that list. Notes for staff and what was said off the
    record need the same.
    """
    may_know = rules.can_see_speakers(user, event)
    may_open: dict[object, bool] = {}
    lines = []
    notes = event.notes.select_related("item", "speaker__room", "room", "author")
    for note in notes.order_by("item__position", "written_at", "pk"):
        rule = in_force(event, note.item)
        is_close = note.kind == Note.Kind.INTERNAL or rule == event.Attribution.OFF_RECORD
        if is_close and not may_know and note.author_id != user.pk:
            continue
        speaker = ""
        if note.speaker is not None and (may_know or rule not in UNATTRIBUTED):
            room = note.speaker.room
            if room.pk not in may_open:
                may_open[room.pk] = rules.can_check_in(user, room)
            if may_open[room.pk] or room.kind != Room.Kind.WOMEN_ONLY:
                speaker = note.speaker.name
        rivals = tuple(old["text"] for old in note.replaced if old.get("is_rival"))
        lines.append(NoteLine(note, speaker, rivals))
    return lines


def disaggregated(event: Event, field: str, labels: Sequence[tuple[str, str]]) -> Table:
    """Return attendance by one thing people said about themselves, crossed with sex.

    Cells of one to four people are hidden, and others that would give them away.
    """
    shown = [code for code in SEXES if code] + [""]
    codes = [code for code, _label in labels]
    counts = np.zeros((len(codes), len(shown)), np.int64)
    for value, sex in event.attendances.values_list(field, "sex"):
        key = str(value) if value is not None else ""
        if key in codes and sex in shown:
            counts[codes.index(key), shown.index(sex)] += 1
    result = suppress(counts, SMALLEST_SHOWN).shown()
    return Table(
        rows=tuple(label for _code, label in labels),
        columns=tuple(str(Person.Sex(code).label) for code in shown),
        cells=tuple(tuple(None if np.isnan(n) else int(n) for n in row) for row in result),
    )


def open_follow_ups(user: User, *, until: date | None = None) -> QuerySet[FollowUp]:
    """Return what a member of staff undertook and has not done, the most urgent first."""
    follow_ups = FollowUp.objects.filter(owner=user, done_at=None).select_related("event")
    if until:
        follow_ups = follow_ups.filter(due_on__lte=until)
    return follow_ups.order_by("due_on", "written_at", "pk")


def _end_of(speech: Speech) -> datetime:
    assert speech.started_at is not None  # noqa: S101 -- callers keep turns that were taken
    return speech.started_at + timedelta(seconds=speech.seconds or 0)
