"""Questions about invitations; only who runs an event may ask who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from hiwar.events import rules
from hiwar.events.models import CalendarFeed, Event, Invitation, InvitationMessage

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody

S = Invitation.State
COMING = frozenset([S.ACCEPTED, S.DELEGATED])


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
    found = event.invitations.select_related("person", "post__organisation", "organisation")
    return found.order_by("is_withdrawn", "added_at", "pk")


def outbox(user: Somebody, event: Event) -> QuerySet[InvitationMessage]:
    """Return what waits in the outbox for the invitees of an event."""
    if not rules.can_see_invitees(user, event):
        return InvitationMessage.objects.none()
    found = InvitationMessage.objects.filter(invitation__event=event).select_related("invitation")
    return found.order_by("-made_at", "pk")


def taken_places(event: Event, *, without: Invitation | None = None) -> int:
    """Return how many people have a place, those who come along included."""
    found = event.invitations.filter(state__in=COMING, is_withdrawn=False)
    if without is not None:
        found = found.exclude(pk=without.pk)
    return found.count() + found.exclude(plus_one="").count()


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


def invitation_of(secret: str) -> Invitation | None:
    """Return the invitation a private link opens, unless it was withdrawn."""
    found = Invitation.objects.select_related("event__venue", "person", "post", "organisation")
    return found.filter(secret=secret, is_withdrawn=False).first()


def feed_of(secret: str) -> CalendarFeed | None:
    """Return the feed behind a private address, unless it was withdrawn."""
    found = CalendarFeed.objects.select_related("user")
    return found.filter(secret=secret, revoked_at=None, user__is_active=True).first()


def feeds_of(user: Somebody) -> QuerySet[CalendarFeed]:
    """Return the private addresses of a user that still work."""
    return CalendarFeed.objects.filter(user=user.pk, revoked_at=None).order_by("-made_at", "pk")
