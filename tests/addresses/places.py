"""Examples of addresses of places and calendars."""

from datetime import time

from factories.places import CalendarFactory, PlaceFactory
from hiwar.places.models import Pause, Season


def place() -> dict[str, object]:
    return {"key": PlaceFactory.create().pk}


def calendar() -> dict[str, object]:
    return {"key": CalendarFactory.create().pk}


def season() -> dict[str, object]:
    owner = CalendarFactory.create()
    made = Season.objects.create(
        calendar=owner, name={"ar": "عيد", "en": "Feast"}, kind="holiday", starts_on="2027-03-10",
        ends_on="2027-03-12",
    )  # fmt: skip
    return {"key": made.pk}


def pause() -> dict[str, object]:
    owner = CalendarFactory.create()
    made = Pause.objects.create(
        calendar=owner, name={"ar": "صلاة", "en": "Prayer"}, weekday=5, starts=time(12),
        ends=time(13),
    )  # fmt: skip
    return {"key": made.pk}


EXAMPLES = {
    "places:place": place,
    "places:remove_place": place,
    "places:calendar": calendar,
    "places:edit_calendar": calendar,
    "places:new_season": calendar,
    "places:new_pause": calendar,
    "places:season": season,
    "places:remove_season": season,
    "places:remove_pause": pause,
}
