"""What the desk's pages of an event share: finding it, its tabs, acting and saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.common.desk.pages import first_or_404, key_of
from hiwar.events import rules
from hiwar.events.exports.letters import when
from hiwar.events.models import Event
from hiwar.events.queries.events import events_for

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

S = Event.State
TONES: dict[str, str] = {
    S.PLANNED: "notice",
    S.READY: "primary",
    S.INVITED: "primary",
    S.CANCELLED: "danger",
    S.POSTPONED: "danger",
}


def event_or_404(request: HttpRequest, code: str) -> Event:
    """Return an event the user may read; what they may not read is not there."""
    events = events_for(request.user).select_related("venue", "series", "dossier", "owner")
    return first_or_404(events.filter(code=code))


def one_or_404(rows: QuerySet[Any], key: str) -> Any:
    """Return one of some records by its key in an address."""
    return first_or_404(rows.filter(pk=key_of(key)))


def page_of_event(request: HttpRequest, name: str, event: Event, **context: Any) -> HttpResponse:
    """Render a page of an event with its tabs; `tab` says which one is open."""
    frame = frame_of_event(request, event, context.pop("tab", ""))
    return render(request, f"events/desk/{name}.html", {**context, **frame, "title": event.title})


def frame_of_event(request: HttpRequest, event: Event, tab: str = "") -> dict[str, Any]:
    """Return what the frame of a page says of the event it belongs to."""
    home = reverse("events:event", args=[event.code])
    return {
        "event": event,
        "record": {"title": event.title, "url": home},
        "trail": [(_("Events"), reverse("events:list"))],
        "styles": ["events/events.css"],
        "eyebrow": event.get_kind_display(),
        "lead": when(event),
        "tabs": tabs(request, event, tab),
        "may_run": rules.can_run_event(request.user, event),
        "tone": TONES.get(event.state, ""),
    }


def tabs(request: HttpRequest, event: Event, current: str) -> list[dict[str, object]]:
    """Return the pages of an event that this person may open."""
    user = request.user
    runs = rules.can_run_event(user, event)
    offered = [
        ("overview", "event", pgettext("tab of an event", "Overview"), True),
        ("agenda", "agenda", _("Agenda"), True),
        ("rooms", "rooms", _("Rooms"), True),
        ("invitations", "invitations", _("Invitations"), rules.can_see_invitees(user, event)),
        ("console", "console", _("On the day"), rules.can_enter_console(user, event)),
        ("minutes", "minutes", _("Minutes"), runs),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"events:{name}", args=[event.code]),
            "current": key == current,
        }
        for key, name, label, is_open in offered
        if is_open
    ]  # fmt: skip
