"""What events hold on a person of the register and on an invitee, and how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import can_erase_people
from hiwar.common.dates import start_of_day
from hiwar.common.models import PrivateLink
from hiwar.common.personal.actions import empty_runs
from hiwar.common.personal.holdings import Holding, Subject
from hiwar.events.models import (
    Attendance,
    EventRole,
    FollowUp,
    Invitation,
    InvitationMessage,
    SpeakerConsent,
    Speech,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.common.personal.holdings import Traces

INVITEE = "events.invitation"
TABLES = (
    "events.Invitation", "events.InvitationMessage", "events.Attendance", "events.Speech",
    "events.Note", "events.SpeakerConsent", "events.EventRole", "events.FollowUp",
    "common.PrivateLink",
    "common.ImportRun",
)  # fmt: skip


def _records(invitation: Invitation, traces: Traces) -> list[Invitation]:
    """Return every invitation of somebody who is not in the register: the same address."""
    same = [invitation]
    if invitation.email:
        others = Invitation.objects.filter(email__iexact=invitation.email, person=None)
        same += others.exclude(pk=invitation.pk).order_by("pk")
    for record in same:
        traces.know(record.name, record.email, str(record.pk), record.pk.hex)
    return same


def _known_by(text: str) -> QuerySet[Invitation]:
    known = Q(email__iexact=text) | Q(name__iexact=text)
    return Invitation.objects.filter(known, person=None).select_related("event").order_by("pk")


def _may(user: Somebody, invitation: Invitation | None) -> bool:
    if not can_erase_people(user):
        return False
    # Somebody of the register is erased there, with all the house holds.
    return invitation is None or (
        invitation.person_id is None and is_readable_by(user, invitation.event)
    )


def _erase_invitees(traces: Traces) -> None:
    invitations = Invitation.objects.filter(pk__in=traces.keys)
    _take_names(traces, invitations.order_by("pk"))
    _drop_invitations(traces, invitations)


def _erase_people(traces: Traces) -> None:
    of_person = Q(person__in=traces.keys)
    for model in (Invitation, Attendance, EventRole):
        _take_names(traces, model.objects.filter(of_person).order_by("pk"))
    _drop_invitations(traces, Invitation.objects.filter(of_person))
    _bare(traces, Attendance.objects.filter(of_person))
    traces.drop(EventRole.objects.filter(of_person))


def _drop_invitations(traces: Traces, invitations: QuerySet[Invitation]) -> None:
    for name, email, instead in invitations.order_by("pk").values_list(
        "name", "email", "delegated_to"
    ):
        traces.know(name, email)
        traces.know_typed(instead)  # by whoever holds the link
    _bare(traces, Attendance.objects.filter(invitation__in=invitations))
    for message in InvitationMessage.objects.filter(invitation__in=invitations).order_by("pk"):
        traces.note(message)
    links = list(invitations.order_by("pk").values_list("private_link", flat=True))
    traces.drop(invitations)
    traces.drop(PrivateLink.objects.filter(pk__in=links))


def _take_names(traces: Traces, presences: QuerySet[Any]) -> None:
    """Leave what somebody undertook at events they came to, without their name."""
    events = list(presences.values_list("event", flat=True))
    traces.empty_names(FollowUp.objects.filter(event__in=events), "owner_name")


def _bare(traces: Traces, attendances: QuerySet[Attendance]) -> None:
    """Leave of attendance that one more was there: nothing about the person, no hour."""
    rows = list(attendances.order_by("pk"))
    keys = [row.pk for row in rows]
    empty_runs(traces, {row.import_run_id for row in rows if row.import_run_id})
    traces.know_typed(*(row.name for row in rows))
    traces.beside |= {row.reference for row in rows}
    traces.drop(SpeakerConsent.objects.filter(speaker__in=keys))
    traces.empty(Speech.objects.filter(attendance__in=keys), label="", sex="", attendance=None)
    for row in rows:
        row.notes.update(speaker=None)
        Attendance.objects.filter(pk=row.pk).update(
            invitation=None, person=None, name="", sex="", age_band="", disability="", place=None,
            sector="", may_contact=False, import_run=None,
            arrived_at=start_of_day(row.arrived_at),
        )  # fmt: skip
    traces.counts["events.Attendance"] += len(rows)


SUBJECT = Subject(
    code=INVITEE,
    label=_("somebody who was invited"),
    may=_may,
    name=str,
    records=_records,
    effects=(
        _("Every invitation to the same address goes, with its letters, answers and private link."),
        _("Attendance stays as one of so many people, with nothing said about them."),
        _("What was said stays in the minutes without a name."),
    ),
    look_up=lambda _user, text: _known_by(text),
    home=lambda invitation: reverse("events:invitations", args=[invitation.event_id]),
)
HOLDINGS = (
    Holding(INVITEE, "events", TABLES, _erase_invitees),
    Holding("contacts.person", "events", TABLES, _erase_people),
)
