from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from factories.places import CalendarFactory, PlaceFactory, furnished_calendar
from hiwar.places.queries import (
    season_warnings,
    the_calendar,
    time_warnings,
    unit_of,
    units_of_report,
)

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Hebron")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def meeting(day: int, hour: float, *, month: int = 4, hours: float = 1.5):
    start = datetime(2027, month, day, int(hour), int(hour % 1 * 60), tzinfo=ZONE)
    return start, datetime.fromtimestamp(start.timestamp() + hours * 3600, ZONE)


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        (meeting(5, 10), []),  # a Monday morning
        (meeting(5, 17), ["outside_hours"]),
        (meeting(5, 7), ["outside_hours"]),
        (meeting(3, 10), ["weekend"]),  # a Saturday
        (meeting(2, 12), ["pause", "weekend"]),  # a Friday at noon
        (meeting(2, 13.5), ["weekend"]),  # right after the prayer
        (meeting(2, 9, hours=2.5), ["weekend"]),  # until the prayer begins
        (meeting(2, 9, hours=2.6), ["pause", "weekend"]),
        (meeting(14, 10, month=2), ["fasting"]),  # a Sunday in the fasting month
        (meeting(14, 13, month=2), ["fasting", "outside_hours"]),
        (meeting(10, 10, month=3), ["holiday"]),
        (meeting(7, 10, month=6), ["busy"]),
    ],
)
def test_time_is_warned_about(when, codes):
    assert [one.code for one in time_warnings(furnished_calendar(), *when)] == codes


def test_fasting_month_proposes_its_hours_and_the_evening():
    [warning] = time_warnings(furnished_calendar(), *meeting(14, 10, month=2))
    assert "09:00" in warning.proposal
    assert "14:00" in warning.proposal
    assert "evening" in warning.proposal
    assert "calculated" in warning.message


def test_weekend_proposes_the_next_working_day():
    [warning] = time_warnings(furnished_calendar(), *meeting(3, 10))
    assert "Sunday, 4 April 2027" in warning.proposal


def test_hours_are_those_of_the_place_and_not_of_the_server():
    utc = ZoneInfo("UTC")
    starts = datetime(2027, 4, 2, 9, tzinfo=utc)  # noon in Hebron
    codes = [w.code for w in time_warnings(furnished_calendar(), starts, starts)]
    assert codes == ["pause", "weekend"]


def test_round_of_two_weeks_is_told_its_season_and_not_its_fridays():
    found = season_warnings(furnished_calendar(), date(2027, 2, 14), date(2027, 2, 28))
    assert [one.code for one in found] == ["fasting"]
    assert season_warnings(furnished_calendar(), date(2027, 4, 1), date(2027, 4, 30)) == []


def test_end_before_start_is_refused():
    starts, ends = meeting(5, 10)
    with pytest.raises(ValueError, match="before"):
        time_warnings(furnished_calendar(), ends, starts)


def test_units_of_report():
    country = PlaceFactory.create(code="C", level="country")
    north = PlaceFactory.create(code="N", parent=country)
    south = PlaceFactory.create(code="S", parent=country)
    camp = PlaceFactory.create(code="K", level="locality", kind="camp", parent=north)
    assert list(units_of_report()) == [north, south]
    assert unit_of() == {north.pk: north.pk, south.pk: south.pk, camp.pk: north.pk}


def test_the_house_has_the_calendar_of_its_own_clock(settings):
    settings.TIME_ZONE = "Asia/Hebron"
    assert the_calendar() is None
    first = CalendarFactory.create(code="a", time_zone="Asia/Gaza")
    assert the_calendar() == first
    own = CalendarFactory.create(code="b", time_zone="Asia/Hebron")
    assert the_calendar() == own
