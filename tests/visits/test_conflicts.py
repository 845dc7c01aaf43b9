"""What stands against a plan: each conflict in words, found where it is and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hiwar.visits.queries.conflicts import WEIGHTS, conflicts
from hiwar.visits.queries.plans import (
    Lodging,
    Party,
    PauseView,
    Plan,
    SeasonView,
    StepFree,
    StopView,
    Way,
)

HEBRON = ZoneInfo("Asia/Hebron")
FRIDAY_PAUSE = PauseView("Friday prayer", 5, time(11, 30), time(13, 30))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def at(day: int, clock: str) -> datetime:
    return datetime.combine(date(2027, 3, day), time.fromisoformat(clock), HEBRON)


def stop(key: str, day: int, starts: str, ends: str, **facts: object) -> StopView:
    known = {"town": "hebron", "town_name": "Hebron", "title": f"Item {key}", "kind": "meeting"}
    return StopView(key=key, starts=at(day, starts), ends=at(day, ends), **(known | facts))


def found(plan: Plan, code: str = "") -> list[str]:
    return [one.message for one in conflicts(plan) if not code or one.code == code]


WALK = stop("1", 25, "11:30", "13:00")
COOP = {"town": "village", "town_name": "the village", "way": Way("Hebron", 30, 55, 15)}


def test_a_gap_shorter_than_the_way_is_impossible_and_a_time_is_proposed():
    plan = Plan(stops=(WALK, stop("2", 25, "13:15", "14:15", **COOP)))
    (one,) = conflicts(plan)
    assert (one.code, one.key, one.weight) == ("gap", "2", "danger")
    assert one.message == (
        "No travel time from Hebron: 15 minutes are left, and the way takes 30, on a bad day 55."
    )
    assert one.proposal == "Begin at 13:45 or later."
    assert conflicts(Plan(stops=(WALK, stop("2", 25, "14:00", "15:00", **COOP)))) == []


def test_a_bad_day_is_told_apart_from_an_impossible_gap():
    plan = Plan(stops=(WALK, stop("2", 25, "13:40", "14:15", **COOP)))
    assert [(one.code, one.weight) for one in conflicts(plan)] == [("bad_day", "notice")]


def test_without_a_known_way_the_spare_minutes_of_the_visit_decide():
    far = {"town": "jericho", "town_name": "Jericho"}
    near, late = stop("2", 25, "13:15", "14:00", **far), stop("2", 25, "15:00", "16:00", **far)
    assert found(Plan(stops=(WALK, near), buffer=45), "gap") == [
        "No travel time from Hebron: it ends there at 13:00, and 15 minutes are left."
    ]
    assert [one.code for one in conflicts(Plan(stops=(WALK, late), buffer=45))] == ["no_way"]


def test_an_item_online_needs_no_way_and_the_next_one_comes_from_where_people_are():
    online = stop("2", 25, "13:05", "13:20", is_online=True, has_fallback=True, town="online")
    plan = Plan(stops=(WALK, online, stop("3", 25, "13:30", "14:30", **COOP)))
    assert [(one.key, one.code) for one in conflicts(plan)] == [("3", "gap")]
    assert "10 minutes are left" in found(plan)[0]


def test_items_of_two_days_need_no_way_between_them():
    assert conflicts(Plan(stops=(WALK, stop("2", 26, "08:00", "09:00", **COOP)))) == []


def test_overlap_is_said_before_a_missing_way():
    plan = Plan(stops=(WALK, stop("2", 25, "12:30", "14:00", **COOP)))
    assert [one.code for one in conflicts(plan)] == ["overlap"]


@pytest.mark.parametrize(
    ("starts", "ends", "clashes"),
    [("12:00", "13:00", True), ("10:00", "11:30", False), ("13:30", "14:30", False),
     ("10:00", "14:00", True)],
)  # fmt: skip
def test_the_prayer_of_friday_is_a_notice_with_both_ways_out(starts, ends, clashes):
    plan = Plan(stops=(stop("1", 26, starts, ends),), pauses=(FRIDAY_PAUSE,))
    told = [(one.message, one.proposal) for one in conflicts(plan)]
    words = ("Friday prayer, from 11:30 to 13:30.", "End by 11:30, or begin after 13:30.")
    assert told == ([words] if clashes else [])


def test_a_permit_is_missing_for_the_travellers_who_lack_it_on_that_day():
    way = replace(COOP["way"], permit="entry permit")
    granted = frozenset({
        ("entry permit", "Aron Feldt", None, None),
        ("entry permit", "Petra Onsager", date(2027, 3, 1), date(2027, 3, 24)),
    })  # fmt: skip
    party = Party(people=3, names=("Signe Lund", "Aron Feldt", "Petra Onsager"), permits=granted)
    later = stop("2", 25, "15:00", "16:00", **{**COOP, "way": way})
    (one,) = conflicts(Plan(stops=(WALK, later), party=party))
    assert one.code == "permit"
    assert one.message == "entry permit is missing for 2 travellers: Signe Lund; Petra Onsager."


def test_a_crossing_that_is_closed_on_the_way_stops_it():
    way = replace(COOP["way"], crossing="Valley road", opens=time(8), closes=time(14))
    early = stop("1", 25, "08:30", "09:00", **{**COOP, "way": way})
    (one,) = conflicts(Plan(stops=(early,)))
    assert one.message == "Valley road is open from 08:00 to 14:00."
    assert one.proposal == "Begin at 08:55 or later."


def test_a_venue_with_steps_is_unsuitable_and_the_nearest_without_are_proposed():
    steps = stop("1", 26, "10:00", "11:00", is_step_free=False, venue_name="Guest house",
                 venue_place="Bethlehem")  # fmt: skip
    venues = (
        StepFree("Hall", "Ramallah", 120), StepFree("Small room", "Bethlehem", 5),
        StepFree("School", "Bethlehem", 50),
    )  # fmt: skip
    plan = Plan(stops=(steps,), party=Party(people=9, step_free=1), venues=venues)
    (one,) = conflicts(plan)
    assert one.message == "Guest house is not step-free. 1 traveller needs step-free ways."
    assert one.proposal == "Step-free: School; Hall."
    assert conflicts(replace(plan, party=Party(people=9))) == []


def test_nights_with_steps_are_unsuitable_and_unchecked_ones_are_asked_about():
    lodgings = (Lodging("a", "Guest house", False), Lodging("b", "Hotel", None),
                Lodging("c", "Inn", True))  # fmt: skip
    told = conflicts(Plan(party=Party(people=9, step_free=2), lodgings=lodgings))
    assert [(one.key, one.weight) for one in told] == [("a", "danger"), ("b", "info")]


def test_more_people_than_may_come():
    nine = Party(people=9)
    walk = replace(WALK, most_people=10, colleagues=1)
    assert conflicts(Plan(stops=(walk,), party=nine)) == []
    (one,) = conflicts(Plan(stops=(replace(walk, colleagues=2),), party=nine))
    assert one.message == "11 people would come, and at most 10 may."
    full = replace(WALK, capacity=8, venue_name="Room")
    assert found(Plan(stops=(full,), party=nine)) == ["Room holds 8 people."]


def test_a_speaker_in_two_places_is_stopped_until_a_reason_is_kept():
    salma = frozenset({("user:1", "Salma")})
    one, two = replace(WALK, speakers=salma), stop("2", 25, "12:00", "12:30", speakers=salma)
    told = [c for c in conflicts(Plan(stops=(one, two))) if c.code == "speaker"]
    assert [(c.key, c.weight) for c in told] == [("2", "danger")]
    kept = replace(two, override="she opens both")
    told = [c for c in conflicts(Plan(stops=(one, kept))) if c.code == "speaker"]
    assert [c.weight for c in told] == ["info"]
    assert "she opens both" in told[0].message


def test_fasting_and_holidays_on_either_side():
    ramadan = SeasonView("Ramadan", "fasting", date(2027, 3, 1), date(2027, 3, 30),
                         closes=time(14))  # fmt: skip
    home = SeasonView("Maundy Thursday", "holiday", date(2027, 3, 25), date(2027, 3, 25), True)
    late = stop("1", 25, "15:00", "16:00")
    plan = Plan(stops=(late,), seasons=(ramadan, home))
    assert [(one.code, one.weight) for one in conflicts(plan)] == [
        ("fasting", "notice"), ("holiday", "info"),
    ]  # fmt: skip
    assert "at the delegation's home" in found(plan, "holiday")[0]


@pytest.mark.parametrize(
    ("hours", "sunset", "weight", "says", "never"),
    [
        (("09:00", "10:00"), "17:50", "info", "no coffee", "17:50"),
        (("15:00", "16:00"), "17:50", "notice", "reckoned for this day and place", "season's hour"),
        (("16:30", "17:30"), "17:50", "notice", "at home by then", "season's hour"),
        (("19:00", "20:00"), "17:50", "info", "after the meal", "season's hour"),
        (("15:00", "16:00"), "", "notice", "the season's hour", "reckoned"),
    ],
)
def test_fast_is_broken_at_the_sunset_of_day_and_place_or_at_the_hour_of_the_season(
    hours, sunset, weight, says, never
):
    ramadan = SeasonView("Ramadan", "fasting", date(2027, 3, 1), date(2027, 3, 30),
                         closes=time(14))  # fmt: skip
    at_sunset = time.fromisoformat(sunset) if sunset else None
    plan = Plan(stops=(stop("1", 25, *hours, sunset=at_sunset),), seasons=(ramadan,))
    (told,) = [one for one in conflicts(plan) if one.code == "fasting"]
    assert told.weight == weight
    assert says in told.message
    assert never not in told.message


def test_online_without_a_way_out_and_an_interpreter_who_is_not_found():
    online = stop("1", 25, "10:00", "11:00", is_online=True, needs_interpreter=True)
    assert [one.code for one in conflicts(Plan(stops=(online,)))] == ["interpreter", "no_fallback"]


def test_what_is_called_off_conflicts_with_nothing():
    off = stop("2", 25, "12:00", "14:00", is_off=True, most_people=1)
    assert conflicts(Plan(stops=(WALK, off), party=Party(people=9))) == []


@given(
    st.lists(
        st.tuples(st.integers(24, 28), st.integers(0, 22), st.integers(1, 90), st.booleans(),
                  st.sampled_from(["hebron", "jericho", ""])),
        max_size=8,
    )
)  # fmt: skip
def test_any_plan_is_read_and_told_in_the_order_of_its_stops(rows):
    stops = []
    for number, (day, hour, minutes, is_online, town) in enumerate(sorted(rows)):
        starts = at(day, f"{hour:02}:00")
        ends = datetime.fromtimestamp(starts.timestamp() + 60 * minutes, HEBRON)
        stops.append(
            StopView(str(number), "t", "meeting", starts, ends, town=town, is_online=is_online)
        )
    told = conflicts(Plan(stops=tuple(stops), pauses=(FRIDAY_PAUSE,)))
    assert [int(one.key) for one in told] == sorted(int(one.key) for one in told)
    assert all(one.weight in WEIGHTS and one.message for one in told)
