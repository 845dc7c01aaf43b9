"""What of events is offered to full text, and to the timeline of a dossier.

Titles, purposes and places only: what was said, who came and what is done for safety is found
nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.common import dates
from hiwar.common.models import Visibility
from hiwar.common.search.sources import Document, Source, seen_among
from hiwar.dossiers.queries.extension_points import Facet, LinkedRecord, TimelineEntry
from hiwar.events import rules
from hiwar.events.models import Conclusion, Event
from hiwar.events.queries.events import events_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

KIND = "events.event"


def document_of(event: Event) -> Document:
    """Return what can be found of one event."""
    codes = {*event.title, *event.purpose, *event.where}
    body = {
        code: "\n".join(filter(None, (event.purpose.get(code, ""), event.where.get(code, ""))))
        for code in codes
    }
    body = {code: text for code, text in body.items() if text}
    return Document(event.pk, dict(event.title), body, event.visibility)


def _documents() -> Iterator[Document]:
    for event in Event.objects.order_by("pk").iterator(chunk_size=500):
        yield document_of(event)


def _at(key: UUID) -> str:
    code = Event.objects.filter(pk=key).values_list("code", flat=True).first()
    return reverse("events:event", args=[code]) if code else ""


SOURCES = (
    Source(
        KIND, _("Events"), _documents, seen_among(events_for, rules.can_see_events), _at, order=20
    ),
)


def timeline(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield the events of a dossier that a user may read, with what they agreed on."""
    if not rules.can_see_events(user):
        return
    events = events_for(user).filter(dossier=dossier).prefetch_related("conclusions")
    for event in events:
        points = [
            conclusion
            for conclusion in event.conclusions.all()
            if conclusion.kind == Conclusion.Kind.AGREED
        ]
        yield TimelineEntry(
            on=event.starts_on,
            kind="event",
            label=str(event.get_kind_display()),
            icon="calendar",
            title=str(event.title),
            url=reverse("events:event", args=[event.code]),
            text=" · ".join(str(conclusion.text) for conclusion in points),
            state=str(event.get_state_display()),
            tone="danger" if event.state == Event.State.CANCELLED else "",
            is_expected=event.held_at is None and event.state in _COMING,
        )


def public_facet(dossier: Dossier, language: str, _now: datetime) -> Iterator[Facet]:
    """Yield the events of a dossier that are published for everybody, oldest first."""
    events = Event.objects.filter(
        dossier=dossier, visibility=Visibility.PUBLIC, published_at__isnull=False
    )
    yield Facet(
        kind="event", label=str(_("Events")), icon="calendar",
        items=tuple(
            LinkedRecord(
                event.title.marked, reverse("public_events:event", args=[language, event.code]),
                str(event.get_state_display()) if event.state in _OFF else "", "danger",
                dates.day(event.starts_on),
            )
            for event in events.order_by("starts_on", "starts", "pk")
        ),
    )  # fmt: skip


_OFF = (Event.State.CANCELLED, Event.State.POSTPONED)
_COMING = (Event.State.PLANNED, Event.State.READY, Event.State.INVITED)
