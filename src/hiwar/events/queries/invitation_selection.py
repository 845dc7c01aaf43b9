"""Selecting people by what they attended, and whom of a segment an event may invite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hiwar.common import dates
from hiwar.contacts.models import Person
from hiwar.contacts.queries import points_for
from hiwar.contacts.queries.condition_kinds import INVITATION, agreed
from hiwar.contacts.queries.conditions import Kind, Met, Parameter
from hiwar.contacts.queries.segments import organisations_in, people_in
from hiwar.contacts.queries.vocabularies import texts
from hiwar.events import rules
from hiwar.events.models import Attendance, Series
from hiwar.events.queries.events import events_for

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody
    from hiwar.contacts.models import Organisation, Segment
    from hiwar.contacts.queries.conditions import Asked
    from hiwar.events.models import Event

EMAIL = "email"
# The latest events that can be chosen from; older ones belong to a series.
RECENT = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom of a segment an event may invite, and who is left out for which reason."""

    people: tuple[tuple[Person, str], ...]  # with the address they agreed to be written to at
    organisations: tuple[Organisation, ...]
    not_agreed: int
    invited: int

    @property
    def count(self) -> int:
        """How many would be put on the list."""
        return len(self.people) + len(self.organisations)


def proposal(user: User, event: Event, segment: Segment, day: date) -> Proposal:
    """Return whom of a segment an event may invite, as far as the user may read them.

    People are asked only if they agreed to invitations, on any channel; their e-mail address is
    taken only where they agreed to e-mail. Whoever is on the list already is not asked again.
    """
    if not rules.can_see_invitees(user, event):
        return Proposal((), (), 0, 0)
    on_list = event.invitations.order_by()
    people = people_in(user, segment, day)
    bodies = organisations_in(user, segment, day)
    there = Q(pk__in=on_list.exclude(person=None).values("person"))
    merged = on_list.exclude(person__merged_into=None).values("person__merged_into")
    there |= Q(pk__in=merged)
    there_bodies = on_list.exclude(organisation=None).values("organisation")
    said_yes = Q()
    for channel in texts("channels"):
        said_yes |= agreed(INVITATION, channel, day)
    waiting = people.exclude(there)
    chosen = list(waiting.filter(said_yes))
    keys = [person.pk for person in chosen]
    by_mail = set(
        Person.objects.filter(agreed(INVITATION, EMAIL, day), pk__in=keys).values_list(
            "pk", flat=True
        )
    )
    mails: dict[object, str] = {}
    for point in points_for(user).filter(kind="email", person__in=by_mail):
        mails.setdefault(point.person_id, point.value)
    return Proposal(
        people=tuple((person, mails.get(person.pk, "")) for person in chosen),
        organisations=tuple(bodies.exclude(pk__in=there_bodies)),
        not_agreed=waiting.count() - len(chosen),
        invited=people.filter(there).count() + bodies.filter(pk__in=there_bodies).count(),
    )


def _attended(asked: Asked) -> Met | None:
    return _was_there(asked, Q(event__in=[UUID(value) for value in asked.values["event"]]))


def _attended_series(asked: Asked) -> Met | None:
    return _was_there(asked, Q(event__series__in=[UUID(value) for value in asked.values["series"]]))


def _was_there(asked: Asked, which: Q) -> Met | None:
    """Return who was at events that the reader may read; who may not see attendance knows none."""
    if not rules.can_see_attendance(asked.user):
        return None
    there = Attendance.objects.filter(
        which, event__in=events_for(asked.user).order_by().values("pk")
    )
    by_name = asked.named_in(there, "person")
    by_invitation = asked.named_in(there.filter(person=None), "invitation__person")
    # Attendance stays with the record it was written for; after a merge that leads to another.
    before = asked.named_in(there, "person__merged_into")
    return Met(by_name | by_invitation | before)


def _events(user: Somebody) -> list[tuple[str, str]]:
    if not rules.can_see_attendance(user):
        return []
    events = events_for(user).order_by("-starts_at", "pk")[:RECENT]
    return [(str(event.pk), f"{dates.day(event.starts_on)} · {event}") for event in events]


def _named_events(user: Somebody, keys: Collection[str]) -> dict[str, str]:
    if not rules.can_see_attendance(user):
        return {}
    events = events_for(user).filter(pk__in=keys)
    return {str(event.pk): f"{dates.day(event.starts_on)} · {event}" for event in events}


def _series(user: Somebody) -> list[tuple[str, str]]:
    if not rules.can_see_attendance(user):
        return []
    series = Series.objects.filter(pk__in=events_for(user).order_by().values("series"))
    return [(str(series.pk), str(series)) for series in series.order_by("pk")]


KINDS = (
    Kind(
        "attended", _("Attended an event"), _("attended: %(what)s"), _("did not attend: %(what)s"),
        (Parameter("event", _("Events"), _events, _named_events),), _attended,
    ),
    Kind(
        "attended_series", _("Attended events of a series"), _("attended events of: %(what)s"),
        _("attended no event of: %(what)s"), (Parameter("series", _("Series"), _series),),
        _attended_series,
    ),
)  # fmt: skip
