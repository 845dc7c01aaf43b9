"""Which rule is in force, and who spoke under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from hiwar.events.models import Attendance, Event, Note, Speech

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.events.models import AgendaItem

A = Event.Attribution
STRICTNESS: dict[str, int] = {
    A.PUBLIC: 1,
    A.ON_RECORD: 2,
    A.BACKGROUND: 3,
    A.CHATHAM_HOUSE: 4,
    A.OFF_RECORD: 5,
}
# Under these nobody learns who was there or who said what.
UNATTRIBUTED = frozenset([A.UNSET, A.BACKGROUND, A.CHATHAM_HOUSE, A.OFF_RECORD])


def in_force(event: Event, item: AgendaItem | None = None) -> str:
    """Return the rule in force for an item: its own, else the event's."""
    return str((item.attribution if item else "") or event.attribution)


def strictest(event: Event) -> str:
    """Return the strictest rule at an event: it governs whether anybody was there at all."""
    codes: list[str] = [event.attribution]
    codes += event.agenda.values_list("attribution", flat=True)
    return str(max(codes, key=lambda code: STRICTNESS.get(code, 0)))


def rule_text(attribution: str) -> str:
    """Return what a rule means for whoever comes, in the reader's language."""
    meanings: dict[str, str] = {
        A.PUBLIC: _("What is said is public, with the name of who said it."),
        A.ON_RECORD: _("What is said may be quoted with the name of who said it."),
        A.BACKGROUND: _(
            "What is said may be used, described only as coming from a participant, without a name"
            " or an organisation."
        ),
        A.CHATHAM_HOUSE: _(
            "What is said may be used. Who said it, and who was there, may not be passed on."
        ),
        A.OFF_RECORD: _("What is said stays in the room. It is not used and not passed on."),
    }
    return meanings.get(attribution, "")


def speakers_of(event: Event, item: AgendaItem | None = None) -> QuerySet[Attendance]:
    """Return who spoke at an event, or under one item of it."""
    scope = Q(item=item.pk) if item else Q()
    spoken = Speech.objects.filter(scope, event=event, started_at__isnull=False)
    noted = Note.objects.filter(scope, event=event)
    keys = spoken.values("attendance_id").union(noted.values("speaker_id"))
    attendance_keys = {key["attendance_id"] for key in keys} - {None}
    return Attendance.objects.filter(pk__in=attendance_keys).order_by("arrived_at", "pk")


def has_unnamed_speech(event: Event, item: AgendaItem | None = None) -> bool:
    """Return whether somebody spoke who is linked to nobody on the list, and cannot be asked."""
    scope = Q(item=item.pk) if item else Q()
    speeches = Speech.objects.filter(scope, event=event, started_at__isnull=False, attendance=None)
    return speeches.exists()
