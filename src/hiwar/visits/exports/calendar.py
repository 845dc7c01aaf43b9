"""A programme as a calendar: per holder, and one for the public without private detail."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vText

from hiwar.accounts.queries import WIDE
from hiwar.events.exports.calendar import uid_of
from hiwar.events.models import Event as HiwarEvent
from hiwar.visits.models import Traveller, VisitItem
from hiwar.visits.queries.plans import items_of
from hiwar.visits.queries.routes import town_name

if TYPE_CHECKING:
    from hiwar.visits.models import Visit

NOTHING_SOONER = timedelta(hours=1)
PUBLIC = "public"
STATUS = {
    HiwarEvent.State.CANCELLED: "CANCELLED",
    HiwarEvent.State.POSTPONED: "CANCELLED",
}


def calendar_of(visit: Visit, *, variant: str, language: str) -> bytes:
    """Return the calendar of a visit for who reads one variant of it.

    Cancelled items stay with their status. The reason of a change, notes for staff, telephones and
    lodgings are in no calendar; the public one tells the titles and towns of public items alone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Hiwar//visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", visit.title.in_language(language))
    calendar.add("refresh-interval", NOTHING_SOONER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    items = items_of(visit)
    if variant == PUBLIC:
        items = [item for item in items if item.event.visibility in WIDE]
    for item in items:
        calendar.add_component(_event(visit, item, variant, language))
    for zone in sorted({item.event.zone for item in items}):
        calendar.add_component(_zone(zone, visit.starts_on.year))
    return bytes(calendar.to_ical())


@cache
def _zone(name: str, year: int) -> Timezone:
    return Timezone.from_tzid(name, first_date=date(year, 1, 1), last_date=date(year + 1, 12, 31))


def _event(visit: Visit, item: VisitItem, variant: str, language: str) -> Event:
    event = item.event
    zone = ZoneInfo(event.zone)
    entry = Event()
    entry.add("uid", uid_of(event))
    entry.add("dtstamp", event.modified_at.astimezone(UTC))
    entry.add("last-modified", event.modified_at.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", event.title.in_language(language))
    entry.add("location", _location(item, variant, language))
    entry.add("status", _status(item))
    if variant != PUBLIC:
        text = _description(item, variant, language)
        if text:
            entry.add("description", text)
    else:
        entry.add("class", vText("PUBLIC"))
    return entry


def _status(item: VisitItem) -> str:
    state = HiwarEvent.State(item.event.state)
    if state in STATUS:
        return STATUS[state]
    pending = {VisitItem.Status.IDEA, VisitItem.Status.REQUESTED}
    return "TENTATIVE" if item.status in pending else "CONFIRMED"


def _location(item: VisitItem, variant: str, language: str) -> str:
    event = item.event
    place: str = event.where.in_language(language)
    if variant == PUBLIC or event.form == HiwarEvent.Form.ONLINE:
        return town_name(event.where, language)
    if event.venue is not None and event.form != HiwarEvent.Form.ONLINE:
        return str(event.venue.name.in_language(language))
    return place


def _description(item: VisitItem, variant: str, language: str) -> str:
    lines = [organisation.name.in_language(language) for organisation in item.organisations.all()]
    if variant == Traveller.Variant.STAFF and item.phone:
        lines.append(item.phone)
    return "\n".join(lines)
