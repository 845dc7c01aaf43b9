"""Questions about series: what is left open, who may be asked again, what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.events.queries.events import events_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.events.models import Event, OpenQuestion


def questions_left(event: Event) -> QuerySet[OpenQuestion]:
    """Return the questions an event leaves open, in order."""
    return event.questions.filter(answered_at=None).order_by("position", "pk")


def agreed_to_contact(event: Event) -> list[dict[str, object]]:
    """Return whom an event may ask again: who agreed, at the door or in the answer.

    Whoever was checked in without an invitation is asked again only as a person of the register.
    """
    agreed: list[dict[str, object]] = []
    seen: set[object] = set()
    invitations = event.invitations.filter(is_withdrawn=False).filter(
        Q(may_contact=True) | Q(attendances__may_contact=True)
    )
    for invitation in invitations.distinct().order_by("added_at", "pk"):
        if invitation.attendances.filter(may_contact=False).exists():
            continue  # the later word, given at the door, stands
        agreed.append(
            {
                "person": invitation.person,
                "post": invitation.post,
                "organisation": invitation.organisation,
                "name": invitation.name,
                "email": invitation.email,
                "language": invitation.language,
                "sex": invitation.sex,
            }
        )
        seen.add(invitation.person_id)
    there = event.attendances.filter(may_contact=True, invitation=None, person__isnull=False)
    for came in there.select_related("person").order_by("arrived_at", "pk"):
        if came.person_id not in seen:
            agreed.append({"person": came.person, "sex": came.sex})
            seen.add(came.person_id)
    return agreed


def history(user: Somebody, event: Event) -> list[Event]:
    """Return the other events of a series that a user may read, newest first."""
    if event.series_id is None:
        return []
    events = events_for(user).filter(series=event.series_id).exclude(pk=event.pk)
    return list(events.order_by("-starts_at", "pk"))
