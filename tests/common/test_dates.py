from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hiwar.common import dates


@pytest.mark.parametrize(
    ("language", "months", "digits", "written"),
    [
        ("ar", "levantine", "latin", "الاثنين، 23 تشرين الثاني 2026"),
        ("ar", "gregorian", "latin", "الاثنين، 23 نوفمبر 2026"),
        ("ar", "levantine", "arabic", "الاثنين، ٢٣ تشرين الثاني ٢٠٢٦"),
        ("en", "levantine", "arabic", "Monday, 23 November 2026"),
        ("fr", "levantine", "latin", "lundi 23 novembre 2026"),
    ],
)
def test_day_is_written_as_people_here_write_it(settings, language, months, digits, written):
    settings.MONTH_NAMES, settings.DIGITS = months, digits
    assert dates.day(date(2026, 11, 23), language).replace("\u200f", "") == written


def test_instant_is_told_in_the_installations_time_zone(settings):
    settings.TIME_ZONE = "Asia/Hebron"
    told = dates.instant(datetime(2026, 11, 23, 6, 5, tzinfo=UTC), "en")
    assert told == "23 November 2026 08:05"


@pytest.mark.parametrize(("language", "town"), [("ar", "رام الله"), ("en", "Ramallah")])
def test_times_carry_the_place_in_the_readers_language(settings, language, town):
    settings.PLACE = {"ar": "رام الله", "en": "Ramallah"}
    assert dates.place(language) == town


def test_place_is_named_by_the_time_zone_where_nothing_is_set(settings):
    settings.TIME_ZONE, settings.PLACE = "Asia/Hebron", {}
    assert dates.place("en") == "Hebron"


def test_a_day_of_a_column_stays_on_one_line():
    assert (
        dates.short_day(date(2026, 11, 30), "en") == "30\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2026"
    )
