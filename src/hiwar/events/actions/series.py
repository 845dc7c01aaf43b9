"""Series: the next event in one action, and events of the archive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.links.actions import make_link
from hiwar.events import rules
from hiwar.events.actions.events import Wall, make_event
from hiwar.events.models import (
    AgendaItem,
    Event,
    EventRole,
    Invitation,
    OpenQuestion,
    Preparation,
    Room,
    Series,
)
from hiwar.events.models.invitations import make_code
from hiwar.events.queries.invitations import BY_LINK, last_day_of_links
from hiwar.events.queries.series import agreed_to_contact, questions_left

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier
    from hiwar.events.actions.programme import Moment


@transaction.atomic
def open_series(
    *,
    actor: User | None,
    title: Mapping[str, str],
    now: datetime,
    dossier: Dossier | None = None,
) -> Series:
    """Begin a series; raises ``NotAllowed`` and ``ValidationError``."""
    if actor is not None and not rules.can_run_events(actor):
        raise NotAllowed
    series = Series(title=title, dossier=dossier)
    series.full_clean()
    series.save()
    audit(actor, "events.event.continue", series, at=now)
    return series


@transaction.atomic
def plan_next_event(*, actor: User, event: Event, moment: Moment, now: datetime) -> Event:
    """Plan the next event of a series: same programme, the questions left open, who agreed.

    Only those who agreed to be contacted are on its list, as drafts. The rule and the safety note
    are set anew. Raises ``NotAllowed`` and whatever ``create_event`` raises.
    """
    if not rules.can_run_event(actor, event):
        raise NotAllowed
    series = event.series or open_series(
        actor=actor, title=event.title, dossier=event.dossier, now=now
    )
    if event.series_id is None:
        event.series = series
        event.save(update_fields=["series"])
    length = _wall_length(event)
    following = make_event(
        actor=actor,
        kind=event.kind,
        title=event.title,
        wall=Wall.lasting(moment.day, moment.starts, moment.zone, length),
        now=now,
        more={
            "series": series,
            "continues": event,
            "dossier": event.dossier,
            "form": event.form,
            "purpose": event.purpose,
            "venue": event.venue,
            "place": event.place,
            "where": event.where,
            "capacity": event.capacity,
            "quota": event.quota,
            "visibility": event.visibility,
            "template": event.template,
            "is_demo": event.is_demo,
        },
    )
    following.readers.set(event.readers.all())
    _copy_programme(event, following)
    OpenQuestion.objects.bulk_create(
        OpenQuestion(event=following, text=question.text, position=number, carried_from=question)
        for number, question in enumerate(questions_left(event), start=1)
    )
    for who in agreed_to_contact(event):
        link, _token = make_link(
            purpose=BY_LINK, now=now, ends_on=last_day_of_links(following), is_sealed=True
        )
        Invitation.objects.create(
            event=following,
            private_link=link,
            code=make_code(),
            may_contact=True,
            added_at=now,
            **who,
        )
    audit(actor, "events.event.continue", event, at=now, changed={"next": following})
    return following


@transaction.atomic
def import_archive_event(
    *,
    actor: User | None,
    title: Mapping[str, str],
    wall: Wall,
    now: datetime,
    kind: str = Event.Kind.SESSION,
    more: Mapping[str, object] | None = None,
) -> Event:
    """Bring in an event that was held before this system; raises what ``create_event`` raises."""
    values = {"state": Event.State.HELD, "held_at": now, "is_archive": True, **(more or {})}
    event = make_event(actor=actor, kind=kind, title=title, wall=wall, now=now, more=values)
    audit(actor, "events.event.import_archive", event, at=now)
    return event


def _copy_programme(event: Event, following: Event) -> None:
    AgendaItem.objects.bulk_create(
        AgendaItem(
            event=following, position=item.position, minutes=item.minutes, title=item.title,
            purpose=item.purpose, role=item.role, owner=item.owner, attribution=item.attribution,
        )
        for item in event.agenda.order_by("position", "pk")
    )  # fmt: skip
    Room.objects.bulk_create(
        Room(
            event=following, position=room.position, code=room.code, label=room.label,
            kind=room.kind, place=room.place, venue=room.venue, facilitator=room.facilitator,
            capacity=room.capacity,
        )
        for room in event.rooms.order_by("position", "pk")
    )  # fmt: skip
    EventRole.objects.bulk_create(
        EventRole(event=following, code=role.code, user=role.user)
        for role in event.roles.order_by("pk")
    )
    Preparation.objects.bulk_create(
        Preparation(
            event=following,
            position=preparation.position,
            kind=preparation.kind,
            text=preparation.text,
        )
        for preparation in event.preparations.order_by("position", "pk")
    )


def _wall_length(event: Event) -> timedelta:
    first = datetime.combine(event.starts_on, event.starts)
    return datetime.combine(event.ends_on, event.ends) - first
