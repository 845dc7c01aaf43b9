"""A small country: two districts of a region, a camp, and a calendar."""

from __future__ import annotations

from datetime import date, time

import factory
from factory.django import DjangoModelFactory

from hiwar.places.models import Calendar, Pause, Place, Season, WorkingHours


class PlaceFactory(DjangoModelFactory[Place]):
    class Meta:
        model = Place

    code = factory.Sequence(lambda n: f"X-{n}")
    level = "district"
    name = factory.LazyAttribute(lambda place: {"ar": f"لواء {place.code}", "en": place.code})


class CalendarFactory(DjangoModelFactory[Calendar]):
    class Meta:
        model = Calendar

    code = factory.Sequence(lambda n: f"calendar-{n}")
    name = {"ar": "تقويم", "en": "Calendar"}
    time_zone = "Asia/Hebron"
    weekend = [5, 6]


def furnished_calendar() -> Calendar:
    """Return a calendar with hours, a Friday pause, a fasting month, a feast and examinations."""
    calendar = CalendarFactory.create()
    WorkingHours.objects.create(calendar=calendar, opens=time(8), closes=time(15))
    WorkingHours.objects.create(
        calendar=calendar, season_kind="fasting", opens=time(9), closes=time(14)
    )
    Pause.objects.create(
        calendar=calendar,
        name={"ar": "صلاة الجمعة", "en": "Friday prayer"},
        weekday=5,
        starts=time(11, 30),
        ends=time(13, 30),
    )
    for name, kind, first, last, is_estimated in (
        ("Ramadan", "fasting", date(2027, 2, 8), date(2027, 3, 9), True),
        ("Feast", "holiday", date(2027, 3, 10), date(2027, 3, 12), True),
        ("Examinations", "busy", date(2027, 6, 5), date(2027, 6, 28), False),
    ):
        Season.objects.create(
            calendar=calendar, name={"en": name, "ar": name}, kind=kind,
            starts_on=first, ends_on=last, is_estimated=is_estimated,
        )  # fmt: skip
    return calendar
