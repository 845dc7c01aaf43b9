"""Questions about invitations; only who runs an event may ask who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count

from hiwar.common.models import PrivateLink
from hiwar.events import rules
from hiwar.events.models import CalendarFeed, Event, Invitation, InvitationMessage

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody

S = Invitation.State
COMING = frozenset([S.ACCEPTED, S.DELEGATED])
BY_LINK, CALENDAR = "events.invitation", "events.calendar"
# What was said and decided can be looked up by the same link for a while.
LINK_OUTLIVES = timedelta(days=30)
REMINDED_BEFORE = timedelta(days=3)
THANKED_AFTER = timedelta(hours=12)
THANKED_UNTIL = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Answers:
    """How an invitation has been answered, in numbers of people."""

    invited: int
    coming: int
    tentative: int
    declined: int
    waiting: int
    silent: int
    places_left: int | None


def invitees(user: Somebody, event: Event) -> QuerySet[Invitation]:
    """Return who is invited, for who may know it; nobody for others."""
    if not rules.can_see_invitees(user, event):
        return Invitation.objects.none()
    invitations = event.invitations.select_related("person", "post__organisation", "organisation")
    return invitations.order_by("is_withdrawn", "added_at", "pk")


def outbox(user: Somebody, event: Event) -> QuerySet[InvitationMessage]:
    """Return what waits in the outbox for the invitees of an event."""
    if not rules.can_see_invitees(user, event):
        return InvitationMessage.objects.none()
    invitation_messages = InvitationMessage.objects.filter(invitation__event=event).select_related(
        "invitation"
    )
    return invitation_messages.order_by("-made_at", "pk")


def taken_places(event: Event, *, without: Invitation | None = None) -> int:
    """Return how many people have a place, those who come along included."""
    invitations = event.invitations.filter(state__in=COMING, is_withdrawn=False)
    if without is not None:
        invitations = invitations.exclude(pk=without.pk)
    return invitations.count() + invitations.exclude(plus_one="").count()


def answers(event: Event) -> Answers:
    """Return how the invitations of an event have been answered."""
    counted = event.invitations.filter(is_withdrawn=False).values("state").order_by("state")
    by = dict(counted.annotate(n=Count("pk")).values_list("state", "n"))
    taken = taken_places(event)
    return Answers(
        invited=sum(by.values()),
        coming=taken,
        tentative=by.get(S.TENTATIVE, 0),
        declined=by.get(S.DECLINED, 0),
        waiting=by.get(S.WAITLISTED, 0),
        silent=sum(by.get(state, 0) for state in (S.DRAFT, S.SAVE_THE_DATE, S.INVITED)),
        places_left=None if event.capacity is None else max(event.capacity - taken, 0),
    )


def invitation_behind(link: PrivateLink) -> Invitation | None:
    """Return the invitation a private link opens: not withdrawn, of an event that is published."""
    invitations = Invitation.objects.select_related(
        "event__venue", "person", "post", "organisation", "private_link"
    )
    return invitations.filter(
        private_link=link, is_withdrawn=False, event__published_at__isnull=False
    ).first()


def last_day_of_links(event: Event) -> date:
    """Return the last day on which the invitations to an event open."""
    return event.ends_on + LINK_OUTLIVES


def links_of(
    events: Event | QuerySet[Event], invitation: Invitation | None = None
) -> QuerySet[PrivateLink]:
    """Return the private links of an event's or several events' invitees, or of one of them."""
    many = Event.objects.filter(pk=events.pk) if isinstance(events, Event) else events
    invitations = Invitation.objects.filter(event__in=many.order_by())
    if invitation is not None:
        invitations = invitations.filter(pk=invitation.pk)
    return PrivateLink.objects.filter(pk__in=invitations.values("private_link"))


def feed_behind(link: PrivateLink) -> CalendarFeed | None:
    """Return the feed behind a private address, unless its owner has left."""
    feeds = CalendarFeed.objects.select_related("user")
    return feeds.filter(private_link=link, user__is_active=True).first()


def feeds_of(user: Somebody) -> QuerySet[CalendarFeed]:
    """Return the private addresses of a user that still work."""
    feeds = CalendarFeed.objects.filter(user=user.pk, private_link__withdrawn_at=None)
    return feeds.order_by("-made_at", "pk")


def owed_letters(now: datetime) -> tuple[QuerySet[Invitation], QuerySet[Invitation]]:
    """Return who is to be reminded of an event that is near, and who is to be thanked after one."""
    asked = (S.INVITED, S.SAVE_THE_DATE, S.ACCEPTED, S.TENTATIVE, S.DELEGATED)
    live = Invitation.objects.filter(is_withdrawn=False, event__published_at__isnull=False)
    live = live.exclude(event__state=Event.State.CANCELLED)
    before = live.filter(
        state__in=asked,
        reminded_at=None,
        event__starts_at__gt=now,
        event__starts_at__lte=now + REMINDED_BEFORE,
    )
    after = live.filter(
        state__in=(S.ATTENDED, S.ACCEPTED, S.DELEGATED),
        thanked_at=None,
        event__ends_at__lte=now - THANKED_AFTER,
        event__ends_at__gt=now - THANKED_UNTIL,
    )
    return before, after
