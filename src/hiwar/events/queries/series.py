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
    found: list[dict[str, object]] = []
    seen: set[object] = set()
    told = event.invitations.filter(is_withdrawn=False).filter(
        Q(may_contact=True) | Q(attendances__may_contact=True)
    )
    for one in told.distinct().order_by("added_at", "pk"):
        if one.attendances.filter(may_contact=False).exists():
            continue  # the later word, given at the door, stands
        found.append(
            {
                "person": one.person,
                "post": one.post,
                "organisation": one.organisation,
                "name": one.name,
                "email": one.email,
                "language": one.language,
                "sex": one.sex,
            }
        )
        seen.add(one.person_id)
    there = event.attendances.filter(may_contact=True, invitation=None, person__isnull=False)
    for came in there.select_related("person").order_by("arrived_at", "pk"):
        if came.person_id not in seen:
            found.append({"person": came.person, "sex": came.sex})
            seen.add(came.person_id)
    return found


def history(user: Somebody, event: Event) -> list[Event]:
    """Return the other events of a series that a user may read, newest first."""
    if event.series_id is None:
        return []
    found = events_for(user).filter(series=event.series_id).exclude(pk=event.pk)
    return list(found.order_by("-starts_at", "pk"))
