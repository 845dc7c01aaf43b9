"""Places and calendars at the desk: entered, brought in from a list, given out, taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories import imports
from factories.accounts import UserFactory, sign_in_fully
from factories.contacts import PersonFactory
from factories.places import CalendarFactory, PlaceFactory
from hiwar.places.models import Calendar, Place, Season
from hiwar.places.queries import units_of_report

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.common.models import ImportRun

pytestmark = pytest.mark.django_db
# Rows before what they belong to, a place known already, three that make no sense.
LIST = """name_ar,name_en,parent,level,type,code
بيت تجريبي,Trial House,Upper Valley,locality,village,
الوادي الأعلى,Upper Valley,TR,قضاء,,TR-U
بلد تجريبي,Trialland,,country,,TR
الوادي الأسفل,Lower Valley,TR,district,,TR-L
ضائع,Lost,Nowhere,locality,,
تابع الضائع,Below Lost,ضائع,locality,,
,,TR,district,,TR-X
مكرر,Twice,TR,district,,TR-L
"""


def desk(*, language: str = "en") -> Client:
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def at(name: str, *parts: object) -> str:
    return reverse(f"places:{name}", args=parts)


def bring_in(client: Client, text: str) -> ImportRun:
    _answer, run = imports.send(client, "places.places", places=("places.csv", text.encode()))
    assert run is not None
    imports.work(timezone.now())
    run.refresh_from_db()
    return run


def test_a_list_in_any_order_becomes_a_tree_and_is_taken_back(roles: object) -> None:
    client = desk()
    run = bring_in(client, LIST)
    assert run.counts["new"] == 4
    assert run.counts["problems"] == {
        "parent_unknown": 1, "parent_left_out": 1, "name_missing": 1, "code_twice": 1,
    }  # fmt: skip
    client.post(imports.at("confirm_import", run))
    imports.work(timezone.now())
    tree = {place.code: (place.parent and place.parent.code) for place in Place.objects.all()}
    assert tree == {"TR": None, "TR-U": "TR", "TR-L": "TR", "TR-U-1": "TR-U"}
    house = Place.objects.get(code="TR-U-1")
    assert (house.kind, str(house.name["ar"])) == ("rural", "بيت تجريبي")
    assert Place.objects.get(code="TR-U").level == "district", "a word of the list is a level"
    assert [place.code for place in units_of_report()] == ["TR-L", "TR-U"]

    again = bring_in(client, client.get(at("places_file")).content.decode("utf-8-sig"))
    assert (again.counts["new"], again.counts["known"]) == (0, 4), "what goes out comes in"

    PersonFactory.create(place=house)
    client.post(imports.at("undo_import", run))
    imports.work(timezone.now())
    assert Place.objects.count() == 4, "somebody lives there by now"


def test_places_are_entered_changed_and_removed(roles: object) -> None:
    client = desk()
    region = PlaceFactory.create(code="R-1", name={"ar": "الشمال", "en": "North"})
    values = {"name_ar": "الجليل", "name_en": "Galilee", "parent": "north", "level": "district",
              "kind": "", "code": "R-1-1", "note": ""}  # fmt: skip
    client.post(at("new_place"), values)
    place = Place.objects.get(code="R-1-1")
    assert place.parent == region
    page = client.get(at("places") + "?q=الجليل").content.decode()
    assert "Galilee" in page
    assert "North" not in re.sub(r"<nav.*?</nav>", "", page, flags=re.S)

    circle = client.post(at("place", region.pk), values | {"code": "R-1", "parent": "R-1-1"})
    assert "A place cannot belong to itself" in circle.content.decode()
    nobody = client.post(at("new_place"), values | {"code": "R-2", "parent": "Atlantis"})
    assert "No place has this name or code" in nobody.content.decode()
    PlaceFactory.create(code="R-9", name={"en": "North"})
    unclear = client.post(at("new_place"), values | {"code": "R-3", "parent": "North"})
    assert "R-1, R-9" in unclear.content.decode()
    twice = client.post(at("new_place"), values)
    assert twice.status_code == 200
    assert Place.objects.filter(code="R-1-1").count() == 1

    client.post(at("remove_place", region.pk))
    assert Place.objects.filter(pk=region.pk).exists(), "a place stands below it"
    client.post(at("remove_place", place.pk))
    assert not Place.objects.filter(pk=place.pk).exists()


def test_a_calendar_has_its_week_and_its_year(roles: object) -> None:
    client = desk()
    week = {"name_ar": "تقويم البيت", "name_en": "House calendar", "code": "house",
            "weekend": [6, 7], "time_zone": "Europe/Paris",
            "opens": "09:00", "closes": "17:00"}  # fmt: skip
    refused = client.post(at("new_calendar"), week | {"closes": "08:00"})
    assert "Work ends after it begins" in refused.content.decode()
    client.post(at("new_calendar"), week)
    calendar = Calendar.objects.get()
    assert (calendar.weekend, calendar.working_hours.get().closes.hour) == ([6, 7], 17)

    feast = {"name_ar": "عيد", "name_en": "Feast", "kind": "holiday", "starts_on": "2027-05-01",
             "ends_on": "2027-04-30"}  # fmt: skip
    refused = client.post(at("new_season", calendar.pk), feast)
    assert "The last day is not before the first" in refused.content.decode()
    client.post(at("new_season", calendar.pk), feast | {"ends_on": "2027-05-02"})
    season = Season.objects.get()
    client.post(at("season", season.pk), feast | {"ends_on": "2027-05-03", "is_estimated": "on"})
    season.refresh_from_db()
    assert (season.ends_on.day, season.is_estimated) == (3, True)
    pause = {"name_ar": "صلاة", "name_en": "Prayer", "weekday": "5", "starts": "12:00",
             "ends": "13:00"}  # fmt: skip
    client.post(at("new_pause", calendar.pk), pause)
    page = client.get(at("calendar", calendar.pk)).content.decode()
    assert all(word in page for word in ("Feast", "Prayer", "Saturday", "09:00", "may move"))
    client.post(at("remove_season", season.pk))
    client.post(at("remove_pause", calendar.pauses.get().pk))
    assert not calendar.seasons.exists()
    assert not calendar.pauses.exists()


def test_who_may_not_change_the_institution_enters_no_places(facilitator: User) -> None:
    client = Client()
    sign_in_fully(client, facilitator)
    calendar = CalendarFactory.create()
    assert client.get(at("places")).status_code == 403
    assert client.post(at("new_season", calendar.pk), {}).status_code == 403
    assert client.get(reverse("accounts:import_files", args=["places.places"])).status_code == 403
