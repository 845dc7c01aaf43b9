from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from factories.places import furnished_calendar
from hiwar.places.queries import DaysOff, Extension, Interruption, deadline, reckon

# A weekend of Friday and Saturday; a feast that may move, a national day that does not.
OFF = DaysOff(
    frozenset([5, 6]),
    (
        (date(2027, 3, 10), date(2027, 3, 12), "Feast", True),
        (date(2027, 4, 1), date(2027, 4, 1), "National day", False),
    ),
)


def day(text: str) -> date:
    month, number = map(int, text.split("-"))
    return date(2027, month, number)


@pytest.mark.parametrize(
    ("start", "length", "unit", "rules", "expected"),
    [
        ("4-5", 10, "days", {}, "4-15"),  # Monday to Thursday week
        ("4-5", 12, "days", {}, "4-18"),  # the last day is a Saturday
        ("4-5", 12, "days", {"roll": "none"}, "4-17"),
        ("4-5", 12, "days", {"roll": "previous_working_day"}, "4-15"),
        ("4-5", 10, "days", {"start_rule": "same_day"}, "4-14"),
        ("4-5", 5, "working_days", {}, "4-12"),
        ("3-30", 3, "working_days", {}, "4-5"),  # over the national day and the weekend
        ("3-9", 1, "working_days", {}, "3-14"),  # over the feast, which ends on a Friday
        ("4-9", 1, "days", {"start_rule": "receipt"}, "4-12"),  # received on a Friday
        ("4-9", 1, "days", {"roll": "none"}, "4-10"),
        ("4-5", 2, "weeks", {}, "4-19"),
        ("1-31", 1, "months", {"roll": "none"}, "2-28"),
        ("1-30", 1, "months", {"roll": "none"}, "2-28"),
        ("2-28", 1, "months", {"roll": "none"}, "3-28"),
        ("4-5", 1, "months", {}, "5-5"),
        ("3-10", 2, "days", {}, "3-14"),  # ends inside the feast
    ],
)
def test_period_ends(start, length, unit, rules, expected):
    assert reckon(OFF, day(start), length, unit, **rules).day == day(expected)


def test_years_end_on_the_last_day_of_february():
    leap = reckon(OFF, date(2024, 2, 29), 1, "years", roll="none")
    assert leap.day == date(2025, 2, 28)


def test_derivation_names_every_skipped_day():
    ends = reckon(OFF, day("3-9"), 2, "working_days")
    assert [(str(step.day), step.kind, step.name, step.is_estimated) for step in ends.steps] == [
        ("2027-03-09", "event", "", False),
        ("2027-03-10", "first", "", False),
        ("2027-03-10", "holiday", "Feast", True),
        ("2027-03-11", "holiday", "Feast", True),
        ("2027-03-12", "holiday", "Feast", True),
        ("2027-03-13", "weekend", "", False),
        ("2027-03-15", "counted", "", False),
        ("2027-03-15", "end", "", False),
    ]
    assert ends.is_estimated
    assert not reckon(OFF, day("3-30"), 3, "working_days").is_estimated


def test_interruption_stops_the_clock():
    recess = [Interruption(day("4-10"), day("4-12"), "Recess")]
    ends = reckon(OFF, day("4-5"), 10, "days", interruptions=recess)
    assert ends.day == day("4-18")
    assert [step.name for step in ends.steps if step.kind == "interrupted"] == ["Recess"] * 3
    longer = reckon(OFF, day("4-5"), 1, "months", interruptions=recess, roll="none")
    assert longer.day == day("5-8")


def test_extension_keeps_the_old_day_in_sight():
    more = [Extension(5, "days", "At request"), Extension(1, "weeks", "Again")]
    ends = reckon(OFF, day("4-5"), 12, "days", extensions=more)
    # Counted on from Saturday the 17th, although the act could be done until Sunday.
    assert (ends.before, ends.day) == ((day("4-18"), day("4-22")), day("4-29"))
    assert [step.name for step in ends.steps if step.kind == "extended"] == ["At request", "Again"]


@pytest.mark.parametrize(
    ("length", "unit", "off"),
    [(0, "days", OFF), (-3, "months", OFF), (4000, "days", OFF), (11, "years", OFF),
     (1, "working_days", DaysOff(frozenset(range(1, 8)), ()))],
)  # fmt: skip
def test_period_that_cannot_be_reckoned_is_refused(length, unit, off):
    with pytest.raises(ValueError, match=r"reckoned|no end"):
        reckon(off, day("4-5"), length, unit)


@pytest.mark.django_db
def test_calendar_gives_its_weekend_and_holidays(django_assert_num_queries):
    calendar = furnished_calendar()
    with translation.override("en"), django_assert_num_queries(1):
        ends = deadline(calendar, day("3-9"), 1, "working_days")
    assert ends.day == day("3-14")
    assert {step.name for step in ends.steps if step.kind == "holiday"} == {"Feast"}
