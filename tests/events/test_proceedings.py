"""On the day: check-in, one queue over rooms, notes that are neither lost nor doubled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from factories.events import EventFactory, InvitationFactory, RoomFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.events.actions import proceedings
from hiwar.events.models import Attendance, Event, Invitation, Note, Room, Speech
from hiwar.events.queries import proceedings as ask

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)


@pytest.fixture
def room(facilitator: User) -> Room:
    event = EventFactory.create(attribution=Event.Attribution.CHATHAM_HOUSE, quota=40)
    return RoomFactory.create(event=event, facilitator=facilitator)


def test_the_same_person_at_two_phones_is_there_once(facilitator: User, room: Room) -> None:
    invited = InvitationFactory.create(event=room.event, name="ليان", sex="female")
    key = uuid4()
    one = proceedings.check_in_by_code(
        actor=facilitator, room=room, code=invited.code.lower(), key=key, now=NOW
    )
    again = proceedings.check_in_by_code(
        actor=facilitator, room=room, code=invited.code, key=uuid4(), now=NOW
    )
    listed = proceedings.check_in(
        actor=facilitator, room=room, key=uuid4(), now=NOW, invitation=invited
    )
    same_key = proceedings.check_in(actor=facilitator, room=room, key=key, now=NOW, name="x")
    assert {one.pk, again.pk, listed.pk, same_key.pk} == {one.pk}
    invited.refresh_from_db()
    assert (one.name, one.sex, one.way) == ("ليان", "female", "code")
    assert invited.state == Invitation.State.ATTENDED
    with pytest.raises(proceedings.UnknownCode):
        proceedings.check_in_by_code(actor=facilitator, room=room, code="ZZZ", key=uuid4(), now=NOW)
    proceedings.take_back_check_in(actor=facilitator, attendance=one, now=NOW)
    assert not room.attendances.exists()


def test_a_chosen_name_stands_in_the_place_of_the_other(facilitator: User, room: Room) -> None:
    invited = InvitationFactory.create(event=room.event, name="ليان قاسم")
    there = proceedings.check_in_by_code(
        actor=facilitator, room=room, code=invited.code, key=uuid4(), now=NOW, name="زيتونة"
    )
    assert there.name == "زيتونة"


def test_the_list_of_a_room_for_women_is_for_who_leads_it(
    facilitator: User, dima: User, field: User, director: User, everybody: list[User]
) -> None:
    event = EventFactory.create()
    women = RoomFactory.create(event=event, kind=Room.Kind.WOMEN_ONLY, facilitator=dima)
    mixed = RoomFactory.create(event=event, facilitator=facilitator)
    proceedings.check_in(actor=dima, room=women, key=uuid4(), now=NOW, name="وردة", sex="female")
    InvitationFactory.create(event=event, name="رجل", sex="male")
    InvitationFactory.create(event=event, name="امرأة", sex="female")
    assert [str(one) for one in ask.attendance_of(dima, women)] == ["وردة"]
    assert ask.attendance_of(director, women).count() == 1
    for other in (facilitator, field):
        assert not ask.attendance_of(other, women).exists()
        assert not ask.expected(other, women).exists()
        assert not ask.visible_attendance(other, event).exists()
        with pytest.raises(NotAllowed):
            proceedings.check_in(actor=other, room=women, key=uuid4(), now=NOW, name="x")
        assert ask.attendance_of(other, mixed).count() == 0
    assert [one.present for one in ask.room_totals(facilitator, event)] == [1, 0]
    assert [one.name for one in ask.expected(dima, women)] == ["امرأة"]
    allowed = {"director", "programme_manager", "me_officer"}
    for user in everybody:
        code = user.email.partition("@")[0]
        assert ask.attendance_of(user, women).exists() == (code in allowed), code


def turn(actor: User, room: Room, sex: str, start: datetime, minutes: float) -> Speech:
    speech = proceedings.queue_speaker(
        actor=actor, room=room, key=uuid4(), now=start, label="متحدث", sex=sex
    )
    proceedings.start_speech(actor=actor, speech=speech, now=start)
    return proceedings.end_speech(
        actor=actor, speech=speech, now=start + timedelta(minutes=minutes)
    )


def test_one_queue_over_rooms_gives_the_floor_to_one(facilitator: User, room: Room) -> None:
    other = RoomFactory.create(event=room.event)
    keys = [uuid4() for _each in range(3)]
    rooms = (room, other, room)
    listed = [
        proceedings.queue_speaker(
            actor=facilitator, room=where, key=key, now=NOW + timedelta(seconds=n), label=str(n)
        )
        for n, (key, where) in enumerate(zip(keys, rooms, strict=True))
    ]
    again = proceedings.queue_speaker(actor=facilitator, room=room, key=keys[0], now=NOW, label="0")
    assert again.pk == listed[0].pk
    assert [one.label for one in ask.queue(room.event)] == ["0", "1", "2"]
    proceedings.start_speech(actor=facilitator, speech=listed[0], now=NOW)
    proceedings.leave_queue(actor=facilitator, speech=listed[2], now=NOW)
    proceedings.start_speech(actor=facilitator, speech=listed[1], now=NOW + timedelta(seconds=90))
    assert ask.queue(room.event) == []
    assert ask.on_the_floor(room.event) == listed[1]
    listed[0].refresh_from_db()
    assert listed[0].seconds == 90
    proceedings.end_speech(actor=facilitator, speech=listed[0], now=NOW + timedelta(hours=1))
    listed[0].refresh_from_db()
    assert listed[0].seconds == 90


def test_the_chair_is_told_after_twenty_minutes_under_the_quota(
    facilitator: User, room: Room
) -> None:
    event = room.event

    def is_told(minute: int) -> bool:
        now = NOW + timedelta(minutes=minute)
        return ask.is_under_quota(ask.finished_speeches(event), event.quota, now)

    turn(facilitator, room, "female", NOW, 4)
    turn(facilitator, room, "male", NOW + timedelta(minutes=4), 5)
    assert not is_told(10)
    turn(facilitator, room, "male", NOW + timedelta(minutes=9), 6)
    assert not is_told(30)
    assert is_told(40)
    turn(facilitator, room, "female", NOW + timedelta(minutes=40), 10)
    assert not is_told(51)
    assert ask.share_of(ask.finished_speeches(event)).percent == 56.0
    assert not ask.is_under_quota([], 40, NOW)


def test_a_note_sent_twice_is_one_and_two_wordings_are_both_kept(
    facilitator: User, director: User, room: Room
) -> None:
    event, key = room.event, uuid4()

    def write(actor: User, text: str, seen: str = "") -> Note:
        return proceedings.write_note(
            actor=actor, event=event, key=key, now=NOW,
            writing=proceedings.Writing(text, "ar", based_on=seen),
        )  # fmt: skip

    write(facilitator, "الأولى")
    write(facilitator, "الأولى")
    write(facilitator, "الثانية", "الأولى")
    write(director, "الثالثة", "الأولى")
    write(director, "الثالثة", "الأولى")
    (line,) = ask.notes_of(director, event)
    assert (line.note.text, line.rivals) == ("الثانية", ("الثالثة",))
    proceedings.choose_wording(actor=director, note=line.note, text="الثالثة", now=NOW)
    (line,) = ask.notes_of(director, event)
    assert (line.note.text, line.rivals) == ("الثالثة", ())
    with pytest.raises(proceedings.NothingWritten):
        write(facilitator, "   ")


def test_who_said_what_is_shown_to_named_staff_only(
    facilitator: User, field: User, director: User, room: Room
) -> None:
    event = room.event
    speaker = proceedings.check_in(actor=director, room=room, key=uuid4(), now=NOW, name="نبيل")
    for kind in (Note.Kind.SAID, Note.Kind.INTERNAL):
        proceedings.write_note(
            actor=director, event=event, key=uuid4(), now=NOW, speaker=speaker,
            writing=proceedings.Writing("قال", "ar", kind=kind),
        )  # fmt: skip
    assert [line.speaker for line in ask.notes_of(director, event)] == ["نبيل", "نبيل"]
    assert [line.speaker for line in ask.notes_of(field, event)] == [""]
    Event.objects.filter(pk=event.pk).update(attribution="on_record")
    event.refresh_from_db()
    assert [line.speaker for line in ask.notes_of(field, event)] == ["نبيل"]


def test_small_cells_are_hidden(director: User, room: Room) -> None:
    for n in range(20):
        proceedings.check_in(
            actor=director, room=room, key=uuid4(), now=NOW, name=str(n),
            sex="female" if n < 12 else "male", age_band="20-24" if n != 1 else "60+",
        )  # fmt: skip
    bands = [(code, code) for code in ask.BANDS]
    table = ask.disaggregated(room.event, "age_band", bands)
    elders = table.cells[ask.BANDS.index("60+")]
    assert elders[0] is None
    assert table.cells[ask.BANDS.index("20-24")][0] is None
    assert table.cells[-1][-1] == 20
    assert 1 not in {cell for row in table.cells for cell in row}
    with pytest.raises(proceedings.UnknownBand):
        proceedings.check_in(actor=director, room=room, key=uuid4(), now=NOW, age_band="18-29")


def test_actions_have_an_owner_and_a_day(facilitator: User, director: User, room: Room) -> None:
    key, due = uuid4(), date(2026, 12, 10)
    for _each in range(2):
        made = proceedings.add_follow_up(
            actor=facilitator, event=room.event, key=key, text="رسالة", due_on=due, now=NOW,
            owner=director,
        )  # fmt: skip
    assert list(ask.open_follow_ups(director)) == [made]
    with pytest.raises(NotAllowed):
        proceedings.finish_follow_up(actor=_stranger(), follow_up=made, now=NOW)
    proceedings.finish_follow_up(actor=director, follow_up=made, now=NOW)
    assert not ask.open_follow_ups(director).exists()


def _stranger() -> User:
    from factories.accounts import UserFactory

    return UserFactory.create(roles=[])


def test_who_checked_somebody_in_is_kept(director: User, room: Room) -> None:
    proceedings.check_in(actor=director, room=room, key=uuid4(), now=NOW, name="x")
    assert Attendance.objects.get().checked_in_by == director
