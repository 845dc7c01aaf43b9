"""Examples of addresses of events."""

from typing import Any

from django.utils import timezone

from factories.events import EventFactory, InvitationFactory
from hiwar.events.models import Event


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


EXAMPLES = {
    "events:calendar": invitation,
    "events:invitation": invitation,
    "events:letter": invitation,
    "events:publish": planned_event,
    "public_events:event": public_event,
    "events:hold": ready_event,
    "events:live": ready_event,
}
