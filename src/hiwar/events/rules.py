"""Who may read, run, check in at, publish and look back on events.

An event is guarded: whoever may not read it may do nothing with it. The list of a room that is
for women only is for who leads that room, and for roles that carry ``events.see_attendance``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission
from hiwar.contacts.rules import can_import_contact
from hiwar.events.models import EventRole, Room

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.events.models import Event, Minutes

PERMISSIONS = {
    "events.see": _("Read events and their agendas"),
    "events.run": _("Plan events, invite people and write minutes"),
    "events.attend": _("Check people in"),
    "events.see_attendance": _("See who was in every room"),
    "events.see_internal_minutes": _("Open minutes for staff and who said what"),
    "events.publish": _("Publish events and minutes"),
    "events.import": _("Bring in lists of activities and of attendance"),
}


def can_see_events(user: Somebody) -> bool:
    """Return whether the user may read events at the desk."""
    return has_permission(user, "events.see")


def can_see_event(user: Somebody, event: Event) -> bool:
    """Return whether the user may read one event."""
    return can_see_events(user) and is_readable_by(user, event)


def can_run_events(user: Somebody) -> bool:
    """Return whether the user may plan events."""
    return has_permission(user, "events.run")


def can_run_event(user: Somebody, event: Event) -> bool:
    """Return whether the user may change one event, its agenda and its invitations."""
    return can_run_events(user) and is_readable_by(user, event)


def can_publish_event(user: Somebody, event: Event) -> bool:
    """Return whether the user may open an event or its minutes to everybody."""
    return has_permission(user, "events.publish") and is_readable_by(user, event)


def can_attend_events(user: Somebody) -> bool:
    """Return whether the user works at events on the day."""
    return has_permission(user, "events.attend")


def can_check_in(user: Somebody, room: Room) -> bool:
    """Return whether the user may check people in, and so see the list, in one room."""
    if not is_readable_by(user, room.event):
        return False
    if has_permission(user, "events.see_attendance"):
        return True
    if not has_permission(user, "events.attend"):
        return False
    is_open = room.kind != Room.Kind.WOMEN_ONLY
    return is_open or (user.is_authenticated and room.facilitator_id == user.pk)


def can_enter_console(user: Somebody, event: Event) -> bool:
    """Return whether the user may stand at the console: queue, notes and totals."""
    if not is_readable_by(user, event):
        return False
    return has_permission(user, "events.attend") or has_permission(user, "events.run")


def can_import_attendance(user: Somebody) -> bool:
    """Return whether the user may bring in lists of activities and of who attended them."""
    return has_permission(user, "events.import") and can_import_contact(user)


def can_see_attendance(user: Somebody) -> bool:
    """Return whether the user may see attendance over many events, in figures."""
    return can_see_events(user) and has_permission(user, "events.see_attendance")


def can_see_invitees(user: Somebody, event: Event) -> bool:
    """Return whether the user may see who is invited; the list is closed to everybody else."""
    return can_run_event(user, event)


def can_see_speakers(user: Somebody, event: Event) -> bool:
    """Return whether the user may see who said what: named staff, and the role for it."""
    if not user.is_authenticated or not is_readable_by(user, event):
        return False
    if has_permission(user, "events.see_internal_minutes") or event.owner_id == user.pk:
        return True
    takers = (EventRole.Code.CHAIR, EventRole.Code.NOTE_TAKER)
    return event.roles.filter(user=user.pk, code__in=takers).exists()


def can_open_internal_minutes(user: Somebody, event: Event) -> bool:
    """Return whether the user may open the minutes for staff."""
    allowed = has_permission(user, "events.see_internal_minutes")
    return allowed and is_readable_by(user, event)


def can_approve_minutes(user: Somebody, minutes: Minutes) -> bool:
    """Return whether the user may approve minutes: never who drafted them."""
    if not user.is_authenticated or user.pk == minutes.drafted_by_id:
        return False
    return can_open_internal_minutes(user, minutes.event) and can_run_event(user, minutes.event)
