"""Events as iCalendar (RFC 5545, 5546, 7986): files, feeds, invitations and their replies.

A feed has no attendees, and of an event that not all staff may read it says no more than its
kind and its time: a class is only a label, so the words themselves are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils import translation

from hiwar.accounts.queries import WIDE
from hiwar.common.models import Visibility
from hiwar.events.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.events.models import Invitation

PRODUCT = "-//Hiwar//Events//EN"
STATUS = {
    Event.State.PLANNED: "TENTATIVE",
    Event.State.POSTPONED: "TENTATIVE",
    Event.State.CANCELLED: "CANCELLED",
}
KEPT = timedelta(days=30)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a calendar program answered: to which invitation, and how."""

    uid: str
    attendee: str
    answer: str
    sequence: int
    stamp: datetime | None = None


def uid_of(event: Event) -> str:
    """Return the name of an event among all calendars: stable, and of no host."""
    return f"{event.pk}@events.hiwar"


def vevent(event: Event, *, is_tentative: bool | None = None) -> icalendar.Event:
    """Build the VEVENT of one event in the reader's language, without attendees.

    Raises nothing; ``is_tentative`` overrides what the state says, such as while a permit is
    pending. Confidential text (of an event not all staff may read) is left out.
    """
    vevent = icalendar.Event()
    is_wide = event.visibility in WIDE
    zone = ZoneInfo(event.zone)
    vevent.add("uid", uid_of(event))
    vevent.add("dtstamp", event.modified_at.astimezone(UTC))
    vevent.add("created", event.created_at.astimezone(UTC))
    vevent.add("last-modified", event.modified_at.astimezone(UTC))
    vevent.add("sequence", event.sequence)
    vevent.add("dtstart", event.starts_at.astimezone(zone))
    vevent.add("dtend", event.ends_at.astimezone(zone))
    vevent.add("summary", str(event.title) if is_wide else event.get_kind_display())
    state = Event.State(event.state)
    status = STATUS.get(state, "CONFIRMED")
    if is_tentative and status == "CONFIRMED":
        status = "TENTATIVE"
    vevent.add("status", status)
    vevent.add("class", "PUBLIC" if event.visibility == Visibility.PUBLIC else "CONFIDENTIAL")
    if is_wide:
        if place := place_of(event):
            vevent.add("location", place)
        if purpose := str(event.purpose):
            vevent.add("description", purpose)
    return vevent


def place_of(event: Event) -> str:
    """Return where an event is, in the reader's language, in one line."""
    parts = [str(event.where)] if event.where else []
    if event.venue_id and event.venue:
        parts += [str(event.venue.name), str(event.venue.address)]
    return ", ".join(part for part in parts if part)


def calendar_of(
    events: Iterable[Event], *, name: str = "", method: str = "PUBLISH"
) -> icalendar.Calendar:
    """Put events into one calendar, each zone described once and only for the years needed."""
    listed = list(events)
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", HOUR, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", HOUR)
    for event in listed:
        calendar.add_component(vevent(event))
    _describe_zones(calendar, listed)
    return calendar


def request_for(invitation: Invitation, *, organizer: str, method: str = "REQUEST") -> bytes:
    """Build what an invitation by mail carries: one event, its organizer, one attendee."""
    event = invitation.event
    language = invitation.language or settings.LANGUAGE_CODE
    with translation.override(language):
        calendar = calendar_of([event], method=method)
        component = calendar.walk("VEVENT")[0]
        component["summary"] = icalendar.vText(str(event.title))
        if (place := place_of(event)) and "location" not in component:
            component.add("location", place)
        _add_organizer(component, organizer)
        if invitation.email:
            _add_attendee(component, invitation)
        if method == "CANCEL":
            component["status"] = icalendar.vText("CANCELLED")
    return bytes(calendar.to_ical())


def for_invitee(invitation: Invitation) -> bytes:
    """Build the file an invitee keeps: the event alone, and nobody else."""
    calendar = calendar_of([invitation.event])
    component = calendar.walk("VEVENT")[0]
    component["summary"] = icalendar.vText(str(invitation.event.title))
    if place := place_of(invitation.event):
        component["location"] = icalendar.vText(place)
    return bytes(calendar.to_ical())


def read_replies(content: bytes) -> list[Reply]:
    """Read the answers in a calendar file (METHOD:REPLY); whatever is no answer is left out.

    Raises ``ValueError`` when the file is no calendar.
    """
    calendar = icalendar.Calendar.from_ical(content)
    if str(calendar.get("method", "")).upper() != "REPLY":
        return []
    replies = []
    for component in calendar.walk("VEVENT"):
        attendee = component.get("attendee")
        attendees = attendee if isinstance(attendee, list) else [attendee]
        replies += [
            Reply(
                uid=str(component.get("uid", "")),
                attendee=str(address).lower().removeprefix("mailto:"),
                answer=str(address.params.get("partstat", "NEEDS-ACTION")).upper(),
                sequence=int(component.get("sequence", 0)),
                stamp=_stamp(component),
            )
            for address in filter(None, attendees)
        ]
    return replies


def method_of(content: bytes) -> str:
    """Return what a calendar object is for: REPLY, COUNTER; raises ``ValueError`` as above."""
    return str(icalendar.Calendar.from_ical(content).get("method", "")).upper()


def _stamp(component: icalendar.Component) -> datetime | None:
    """Return when an answer was written, in universal time; None where it does not say."""
    value = getattr(component.get("dtstamp"), "dt", None)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def stays_in_feed(event: Event, now: datetime) -> bool:
    """Return whether a cancelled event is still told: for thirty days after its cancellation."""
    if event.state != Event.State.CANCELLED:
        return True
    told_since = event.cancelled_at or event.modified_at
    return now - told_since <= KEPT or event.starts_at > now


def _describe_zones(calendar: icalendar.Calendar, events: list[Event]) -> None:
    if not events:
        return
    # Whole years, so that a program that remembers a zone by its name remembers enough of it.
    first = min(event.starts_on for event in events).year - 1
    last = max(event.ends_on for event in events).year + 2
    calendar.add_missing_timezones(first_date=date(first, 1, 1), last_date=date(last, 1, 1))


def _add_organizer(component: icalendar.Component, address: str) -> None:
    organizer = icalendar.vCalAddress(f"mailto:{address}")
    component.add("organizer", organizer)


def _add_attendee(component: icalendar.Component, invitation: Invitation) -> None:
    attendee = icalendar.vCalAddress(f"mailto:{invitation.email}")
    attendee.params["cn"] = icalendar.vText(str(invitation))
    attendee.params["partstat"] = icalendar.vText("NEEDS-ACTION")
    attendee.params["rsvp"] = icalendar.vText("TRUE")
    attendee.params["role"] = icalendar.vText("REQ-PARTICIPANT")
    component.add("attendee", attendee, encode=False)
