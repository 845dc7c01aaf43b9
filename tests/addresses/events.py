"""Examples of addresses of events."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories.accounts import UserFactory
from factories.events import (
    AgendaItemFactory,
    EventFactory,
    InvitationFactory,
    RoomFactory,
    path_of,
)
from hiwar.accounts.models import User
from hiwar.events.actions import feeds, minutes
from hiwar.events.models import Conclusion, Event, Minutes, Note


def invitation() -> dict[str, Any]:
    event = Event.objects.get(code="NAT-1")
    return {"code": event.code, "key": InvitationFactory.create(event=event).pk}


def planned_event() -> dict[str, Any]:
    return {"code": EventFactory.create().code}


def public_event() -> dict[str, Any]:
    event = EventFactory.create(visibility="public", published_at=timezone.now())
    return {"code": event.code}


def ready_event() -> dict[str, Any]:
    return {"code": "NAT-1"}


def link_of_an_invitee() -> dict[str, Any]:
    event = EventFactory.create(published_at=timezone.now())
    return {"token": path_of(InvitationFactory.create(event=event)).rpartition("/")[2]}


def followed_calendar() -> dict[str, Any]:
    actor = User.objects.filter(roles__code="director").earliest("pk")
    return {"token": feeds.make_feed(actor=actor, now=timezone.now())[1]}


def minutes_of(state: str = "draft") -> Minutes:
    """Return the minutes for everybody of an event that was held, as far as they are."""
    actor = User.objects.filter(roles__code="director").earliest("pk")
    now = timezone.now()
    day = (now - timedelta(days=2)).date()
    event = EventFactory.create(
        state="held", visibility="public", published_at=now, starts_on=day, ends_on=day
    )
    Note.objects.create(event=event, text="قيل كلام", language="ar", author=actor, written_at=now)
    written = minutes.draft_minutes(actor=actor, event=event, now=now)
    (public,) = (one for one in written if one.audience == "public")
    if state != "draft":
        colleague = UserFactory.create(roles=["director"])
        minutes.approve_minutes(actor=colleague, minutes=public, now=now)
        minutes.publish_minutes(actor=actor, minutes=public, now=now)
    return public


def drafted_minutes() -> dict[str, Any]:
    drafted = minutes_of()
    return {"code": drafted.event.code, "key": drafted.paragraphs.all()[0].pk}


def published_minutes() -> dict[str, Any]:
    return {"code": minutes_of("published").event.code}


def room() -> dict[str, Any]:
    made = RoomFactory.create()
    return {"code": made.event.code, "key": made.pk}


def item() -> dict[str, Any]:
    made = AgendaItemFactory.create()
    return {"code": made.event.code, "key": made.pk}


def conclusion() -> dict[str, Any]:
    point = Conclusion.objects.create(
        event=EventFactory.create(), kind="agreed", text={"en": "Agreed"}
    )
    return {"code": point.event.code, "key": point.pk}


EXAMPLES = {
    "events:item": item,
    "events:room": room,
    "events:next": planned_event,
    "events:paragraph": drafted_minutes,
    "events:conclusion": conclusion,
    "events:print_minutes": drafted_minutes,
    "public_events:feed": followed_calendar,
    "public_events:invitation": link_of_an_invitee,
    "public_events:invitation_file": link_of_an_invitee,
    "public_events:minutes": published_minutes,
    "events:calendar": invitation,
    "events:invitation": invitation,
    "events:letter": invitation,
    "events:publish": planned_event,
    "public_events:event": public_event,
    "events:hold": ready_event,
    "events:live": ready_event,
}
