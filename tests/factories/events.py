"""Events of a small house, their rooms and their people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import factory
from factory.django import DjangoModelFactory

from hiwar.common.links.actions import make_link
from hiwar.common.links.queries import token_of
from hiwar.events.models import AgendaItem, Event, Invitation, Room, Venue
from hiwar.events.models.invitations import make_code

MADE = datetime(2026, 11, 1, 9, tzinfo=UTC)


class VenueFactory(DjangoModelFactory[Venue]):
    class Meta:
        model = Venue

    code = factory.Sequence(lambda n: f"V-{n}")
    name = factory.LazyFunction(lambda: {"ar": "القاعة البلدية", "en": "Municipal hall"})


class EventFactory(DjangoModelFactory[Event]):
    class Meta:
        model = Event

    code = factory.Sequence(lambda n: f"E-{n}")
    kind = Event.Kind.SESSION
    title = factory.LazyFunction(lambda: {"ar": "جلسة حوار سياساتي", "en": "Dialogue session"})
    starts_on = date(2026, 12, 2)
    starts = time(10)
    ends_on = date(2026, 12, 2)
    ends = time(12, 30)
    zone = "Asia/Hebron"
    created_at = MADE
    modified_at = MADE

    @classmethod
    def _create(cls, model_class: type[Event], *args: object, **kwargs: object) -> Event:
        event = model_class(*args, **kwargs)
        event.derive_instants()
        event.save()
        return event


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    event = factory.SubFactory(EventFactory)
    position = factory.Sequence(lambda n: n)
    code = factory.Sequence(lambda n: f"R{n}")
    label = factory.LazyAttribute(lambda room: {"ar": f"قاعة {room.code}", "en": room.code})


class AgendaItemFactory(DjangoModelFactory[AgendaItem]):
    class Meta:
        model = AgendaItem

    event = factory.SubFactory(EventFactory)
    position = factory.Sequence(lambda n: n)
    minutes = 30
    title = factory.LazyFunction(lambda: {"ar": "نقاش", "en": "Discussion"})


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"مدعو {n}")
    private_link = factory.LazyFunction(
        lambda: make_link(purpose="events.invitation", now=MADE, is_sealed=True)[0]
    )
    code = factory.LazyFunction(make_code)
    added_at = MADE


def path_of(invitation: Invitation) -> str:
    """Return the path of an invitation's private link."""
    return f"/e/{token_of(invitation.private_link)}"
