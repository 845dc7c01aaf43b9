"""Clocks, calendars and feeds: wall time stays, instants follow the zone, an outsider reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import read_calendar
from hiwar.visits.actions.programme import ItemChange, change_programme
from hiwar.visits.actions.stops import StopChange
from hiwar.visits.exports.calendar import PUBLIC, calendar_of
from hiwar.visits.models import VisitItem
from hiwar.visits.queries.programme import programme_of
from hiwar.visits.queries.times import clock_at, clock_changes, differs, sunset_on

ZONES = ("Asia/Hebron", "Asia/Gaza", "Asia/Jerusalem", "Asia/Amman", "Europe/Brussels")
SECRETS = ("Zaytun", "+970", "+46", "Working lunch", "road closed", "Hala Samir", "Onsager")


def events_of(content: bytes) -> dict[str, object]:
    return {one.uid.value: one for one in read_calendar(content).vevent_list}


def test_clock_changes_of_the_visit():
    first, last = date(2027, 3, 24), date(2027, 3, 28)
    (here,) = clock_changes("Asia/Hebron", first, last)
    assert (here.day, here.at, here.minutes) == (date(2027, 3, 27), time(2), 60)
    (home,) = clock_changes("Europe/Stockholm", first, last)
    assert (home.day, home.at, home.minutes) == (date(2027, 3, 28), time(2), 60)
    assert clock_changes("Asia/Amman", first, last) == []
    assert clock_changes("", first, last) == []


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2024, 1, 1), date(2028, 12, 30)),
    home=st.sampled_from(ZONES),
)
def test_changes_are_exactly_where_the_offset_moves(zone, day, home):
    begins = datetime.combine(day, time(), ZoneInfo(zone))
    ends = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    moved = ends.utcoffset() - begins.utcoffset()
    found = clock_changes(zone, day, day)
    assert [one.minutes for one in found] == ([moved.total_seconds() / 60] if moved else [])
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    assert differs(zone, home, noon) == (clock_at(zone, noon) != clock_at(home, noon))


@pytest.mark.django_db
def test_feed_has_the_right_offset_on_each_day_for_an_independent_reader(visit):
    events = events_of(calendar_of(visit, variant="member", language="en"))
    assert len(events) == 14
    offsets = {}
    for one in events.values():
        start = one.dtstart.value
        offsets.setdefault(start.date(), set()).add(start.utcoffset())
    two, three = timedelta(hours=2), timedelta(hours=3)
    assert offsets == {
        date(2027, 3, 24): {two}, date(2027, 3, 25): {two}, date(2027, 3, 26): {two},
        date(2027, 3, 27): {three}, date(2027, 3, 28): {three},
    }  # fmt: skip
    at_home = sorted(one.dtstart.value.astimezone(ZoneInfo("Europe/Stockholm")).strftime("%d %H:%M")
                     for one in events.values())  # fmt: skip
    assert (at_home[0], at_home[9], at_home[-1]) == ("24 08:00", "27 07:30", "28 10:00")


@pytest.mark.django_db
def test_programme_shows_both_clocks_where_they_differ(visit):
    days = programme_of(visit)
    assert [(day.offset, day.home_offset) for day in days] == [
        ("+02:00", "+01:00"), ("+02:00", "+01:00"), ("+02:00", "+01:00"), ("+03:00", "+01:00"),
        ("+03:00", "+02:00"),
    ]  # fmt: skip
    assert [entry.home_starts for entry in days[3].entries] == ["07:30", "10:30", "14:00"]
    visit.home_zone = "Asia/Gaza"
    assert not any(entry.home_starts for day in programme_of(visit) for entry in day.entries)


@pytest.mark.django_db
def test_change_raises_the_sequence_and_a_cancelled_item_stays(visit, staff):
    now = datetime(2027, 3, 25, 17, 5, tzinfo=UTC)
    first, second = VisitItem.objects.order_by("event__starts_at")[:2]
    changes = [
        ItemChange(item=first, stop=StopChange(form="online")),
        ItemChange(item=second, is_cancelled=True),
    ]
    before = events_of(calendar_of(visit, variant="staff", language="en"))
    change_programme(actor=staff["IR"], visit=visit, changes=changes, reason="road closed", now=now)
    after = events_of(calendar_of(visit, variant="staff", language="en"))
    assert before.keys() == after.keys()
    told = {uid: int(one.sequence.value) - int(before[uid].sequence.value)
            for uid, one in after.items()}  # fmt: skip
    assert sorted(told.values()) == [0] * 12 + [1, 1]
    cancelled = [one for one in after.values() if one.status.value == "CANCELLED"]
    assert [one.summary.value for one in cancelled] == [second.event.title.in_language("en")]


@pytest.mark.django_db
@pytest.mark.parametrize("variant", ["member", "press", PUBLIC])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_feeds_leak_nothing(visit, staff, variant, language):
    item = VisitItem.objects.order_by("event__starts_at").first()
    change_programme(actor=staff["IR"], visit=visit, reason="road closed",
                     changes=[ItemChange(item=item, stop=StopChange(starts=time(9, 15)))],
                     now=datetime(2027, 3, 20, tzinfo=UTC))  # fmt: skip
    text = calendar_of(visit, variant=variant, language=language).decode().replace("\r\n ", "")
    assert [secret for secret in SECRETS if secret in text] == []
    if variant == PUBLIC:
        assert "Host " not in text
        assert "Bustan" not in text


@pytest.mark.django_db
def test_public_feed_leaves_out_what_is_for_named_colleagues(visit):
    item = VisitItem.objects.order_by("event__starts_at").first()
    item.event.visibility = "team"
    item.event.save()
    assert len(events_of(calendar_of(visit, variant=PUBLIC, language="en"))) == 13


# Sunsets as others print them: https://github.com/hebcal/hebcal-es6,
# src/zmanim.spec.js (sea level, after NOAA's tables), read from the file; seconds are cut there.
PRINTED = [
    (41.85003, -87.65005, "America/Chicago", date(2020, 6, 5), "20:22"),
    (32.08088, 34.78057, "Asia/Jerusalem", date(2021, 3, 6), "17:42"),
    (42.35843, -71.05977, "America/New_York", date(2022, 3, 12), "17:47"),
    (42.35843, -71.05977, "America/New_York", date(2022, 3, 13), "18:48"),
    (39.73915, -104.9847, "America/Denver", date(2020, 6, 5), "20:25"),
]


@pytest.mark.parametrize(("latitude", "longitude", "zone", "day", "printed"), PRINTED)
def test_sunset_is_within_a_minute_of_what_others_print(latitude, longitude, zone, day, printed):
    at = sunset_on(day, latitude=latitude, longitude=longitude, zone=zone)
    assert at is not None
    hour, minute = map(int, printed.split(":"))
    assert abs(60 * at.hour + at.minute - 60 * hour - minute) <= 1


def test_where_the_sun_does_not_set_no_hour_is_named():
    assert sunset_on(date(2027, 6, 21), latitude=70.0, longitude=25.0, zone="UTC") is None
