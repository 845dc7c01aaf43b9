"""Calendars: read by another parser, right at every change of the clock, silent on secrets."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import read_calendar
from factories.events import EventFactory, InvitationFactory
from hiwar.events.actions import events as act
from hiwar.events.exports import calendar as ical
from hiwar.events.models import Event

ZONES = ("Asia/Hebron", "Asia/Gaza", "Asia/Jerusalem", "Asia/Amman", "Europe/Brussels")
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def unsaved(zone: str, day: date, starts: time, *, hours: int = 2, **more: object) -> Event:
    begin = datetime.combine(day, starts)
    end = begin + timedelta(hours=hours)
    event = EventFactory.build(
        zone=zone, starts_on=day, starts=starts, ends_on=end.date(), ends=end.time(), **more
    )
    event.derive_instants()
    return event


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    starts=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
@settings(max_examples=60, deadline=None)
def test_times_survive_the_way_out_and_back(zone: str, day: date, starts: time) -> None:
    event = unsaved(zone, day, starts)
    content = bytes(ical.calendar_of([event]).to_ical())
    found = read_calendar(content).vevent
    assert found.dtstart.value.astimezone(UTC) == event.starts_at
    assert found.dtend.value.astimezone(UTC) == event.ends_at
    offset = found.dtstart.value.utcoffset()
    assert offset == event.starts_at.astimezone(ZoneInfo(zone)).utcoffset()
    wall = datetime.combine(day, starts)
    exists = event.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    assert not exists or found.dtstart.value.replace(tzinfo=None) == wall


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 4, 10), 2), (date(2024, 4, 21), 3)])
def test_the_clock_of_the_spring_of_2024(day: date, hours: int) -> None:
    event = unsaved("Asia/Hebron", day, time(10))
    found = read_calendar(bytes(ical.calendar_of([event]).to_ical())).vevent
    assert found.dtstart.value.utcoffset() == timedelta(hours=hours)


def test_lines_are_folded_zones_come_once_and_nobody_is_named() -> None:
    long = "نقاش طويل؛ مع فاصلة, وفاصلة منقوطة; وسطر\nجديد " * 12
    events = [
        unsaved(zone, date(2026, 3, 27 + n), time(9), title={"ar": long, "en": long})
        for n, zone in enumerate(("Asia/Hebron", "Asia/Hebron", "Asia/Amman"))
    ]
    content = bytes(ical.calendar_of(events, name="لقاءات").to_ical())
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
    assert content.count(b"BEGIN:VTIMEZONE") == 2
    assert b"ATTENDEE" not in content
    assert b"ORGANIZER" not in content
    listed = read_calendar(content).vevent_list
    assert [one.summary.value.strip() for one in listed] == [long.strip()] * 3


def test_what_not_all_staff_may_read_leaves_no_word_in_a_calendar() -> None:
    event = unsaved(
        "Asia/Hebron", date(2026, 12, 2), time(10), visibility="team",
        title={"ar": "كلمة السر", "en": "codeword"}, purpose={"en": "codeword"},
        where={"en": "codeword"}, safety_note={"en": "codeword"},
    )  # fmt: skip
    content = bytes(ical.calendar_of([event]).to_ical())
    assert b"codeword" not in content
    assert "كلمة" not in content.decode()
    assert b"CLASS:CONFIDENTIAL" in content


@pytest.mark.django_db
def test_an_invitation_asks_one_person_and_a_reply_is_read() -> None:
    event = EventFactory.create()
    invitation = InvitationFactory.create(event=event, email="guest@example.org", name="ضيفة")
    InvitationFactory.create(event=event, email="other@example.org")
    content = ical.request_for(invitation, organizer="house@example.org")
    text = content.decode().replace("\r\n ", "")
    assert "METHOD:REQUEST" in text
    assert "ORGANIZER:mailto:house@example.org" in text
    assert text.count("ATTENDEE") == 1
    assert "PARTSTAT=NEEDS-ACTION" in text
    assert "RSVP=TRUE" in text
    assert "other@example.org" not in text
    answer = text.replace("METHOD:REQUEST", "METHOD:REPLY").replace("NEEDS-ACTION", "ACCEPTED")
    (reply,) = ical.read_replies(answer.replace("\n", "\r\n").replace("\r\r", "\r").encode())
    asked = (ical.uid_of(event), "guest@example.org", "ACCEPTED", 0)
    assert (reply.uid, reply.attendee, reply.answer, reply.sequence) == asked
    assert reply.stamp == event.modified_at
    assert ical.read_replies(content) == []


@pytest.mark.django_db
def test_other_zone_data_moves_the_instant_and_not_the_wall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved = EventFactory.create(starts_on=date(2027, 3, 28), ends_on=date(2027, 3, 28))
    stays = EventFactory.create(starts_on=date(2027, 7, 1), ends_on=date(2027, 7, 1))
    past = EventFactory.create(starts_on=date(2026, 3, 29), ends_on=date(2026, 3, 29))
    before = moved.starts_at
    original = Event.derive_instants

    def later_summer(event: Event) -> None:
        """Read the time as if summer began two weeks later."""
        original(event)
        if date(2027, 3, 27) <= event.starts_on < date(2027, 4, 10):
            event.starts_at += timedelta(hours=1)
            event.ends_at += timedelta(hours=1)
        event.zone_version = "2027.9"

    monkeypatch.setattr(Event, "derive_instants", later_summer)
    assert [(one.pk, old) for one, old in act.recompute_instants(now=NOW)] == [(moved.pk, before)]
    for one in (moved, stays, past):
        one.refresh_from_db()
    assert (moved.starts, moved.starts_on) == (time(10), date(2027, 3, 28))
    assert moved.starts_at == before + timedelta(hours=1)
    assert (moved.sequence, stays.sequence, past.sequence) == (1, 0, 0)
    assert stays.zone_version == "2027.9"
    assert past.zone_version != "2027.9"
    assert act.recompute_instants(now=NOW) == []


@pytest.mark.django_db
def test_a_change_of_time_place_or_state_is_told_and_others_are_not() -> None:
    event = EventFactory.create()
    assert act.move_event(actor=None, event=event, starts=time(11), now=NOW)
    assert (event.starts, event.ends, event.sequence) == (time(11), time(13, 30), 1)
    assert event.modified_at == NOW
    assert act.update_event(actor=None, event=event, changes={"capacity": 40}, now=NOW)
    assert event.sequence == 1
    assert not act.update_event(actor=None, event=event, changes={"capacity": 40}, now=NOW)
    act.cancel_event(actor=None, event=event, now=NOW)
    act.cancel_event(actor=None, event=event, now=NOW)
    assert (event.state, event.sequence) == (Event.State.CANCELLED, 2)
    assert b"STATUS:CANCELLED" in bytes(ical.calendar_of([event]).to_ical())
    assert ical.stays_in_feed(event, NOW)
    assert not ical.stays_in_feed(event, event.starts_at + timedelta(days=40))
    held = EventFactory.create(state=Event.State.HELD)
    with pytest.raises(act.EventOver):
        act.cancel_event(actor=None, event=held, now=NOW)
