"""Places and calendars at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.navigation import Entry, FirstStep
from hiwar.places import rules
from hiwar.places.models import Calendar, Place

if TYPE_CHECKING:
    from django.http import HttpRequest


def _may(request: HttpRequest) -> bool:
    return rules.can_change_places(request.user) and bool(request.session.get("factor"))


FIRST_STEPS = (
    FirstStep(
        30,
        _("Bring in the places"),
        _("A spreadsheet of districts and towns: people, events and tables stand on it."),
        "places:places",
        Place.objects.exists,
    ),
    FirstStep(
        40,
        _("Enter the calendar"),
        _("The weekend, the working hours and the holidays, so that nothing falls on a feast."),
        "places:calendars",
        Calendar.objects.exists,
    ),
)
MENU = (Entry(88, _("Places and calendars"), "place", "places:places", _may),)
