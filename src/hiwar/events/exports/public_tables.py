"""What events lend to the open data: events for everybody, and what public minutes conclude."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Visibility
from hiwar.common.navigation import PageSource, PublicPage, paths_of
from hiwar.common.tables.lending import (
    DOSSIER,
    KEY,
    PAGE,
    TITLE,
    Column,
    Holds,
    PublicTable,
    Theme,
    page_address,
)
from hiwar.dossiers.queries.public import public_codes
from hiwar.events.models import Conclusion, Event, Minutes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet


def _public_events() -> QuerySet[Event]:
    events = Event.objects.filter(visibility=Visibility.PUBLIC, published_at__isnull=False)
    return events.order_by("starts_at", "pk")


def _minutes() -> Exists:
    minutes = Minutes.objects.filter(
        event=OuterRef("pk"), audience=Minutes.Audience.PUBLIC, published_at__isnull=False
    )
    return Exists(minutes)


def events(_now: datetime) -> Iterator[list[object]]:
    """Yield the events that are published for everybody, in the order of time."""
    codes = public_codes()
    with_minutes = set(_public_events().filter(_minutes()).order_by().values_list("pk", flat=True))
    for event in _public_events().select_related("venue"):
        yield [
            event.code, event.title, event.purpose, event.kind, event.form,
            # The stages of our own work behind an event are nobody's business.
            event.state if event.state in (Event.State.CANCELLED, Event.State.POSTPONED) else "",
            event.starts_at, event.ends_at, event.zone, event.where,
            event.venue.name if event.venue else None, event.pk in with_minutes,
            codes.get(event.dossier_id) if event.dossier_id else None,
            page_address("public_events:event", event.code),
        ]  # fmt: skip


def conclusions(_now: datetime) -> Iterator[list[object]]:
    """Yield what public minutes say was agreed, not agreed, and left to be studied."""
    concluded = _public_events().filter(_minutes()).order_by().values("pk")
    listed = Conclusion.objects.filter(event__in=concluded)
    for conclusion in listed.select_related("event").order_by(
        "event__starts_at", "event", "position", "pk"
    ):
        yield [
            conclusion.pk, conclusion.event.code, conclusion.kind, conclusion.text,
            page_address("public_events:minutes", conclusion.event.code),
        ]  # fmt: skip


def event_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield the events for everybody, as feeds and the map of the site tell of them."""
    codes = public_codes()
    for event in _public_events():
        yield PublicPage(
            str(event.pk), event.title, paths_of("public_events:event", event.code),
            event.published_at, event.published_at, summary=event.purpose,
            dossier=codes.get(event.dossier_id, "") if event.dossier_id else "",
        )  # fmt: skip


PUBLIC_PAGES = PageSource("events", 40, _("Events"), event_pages)

PUBLIC_TABLES = (
    PublicTable(
        "events", 40, _("Events"), _("The events that are published for everybody."),
        Theme.SOCIETY,
        (
            KEY, TITLE, Column("purpose", _("What it is for."), Holds.TEXTS),
            Column("kind", _("Kind, as a code.")),
            Column("form", _("In person, online or both, as a code.")),
            Column("called_off", _("Whether it was cancelled or postponed, as a code; else "
                                   "empty.")),
            Column("starts_at", _("When it begins."), Holds.INSTANT),
            Column("ends_at", _("When it ends."), Holds.INSTANT),
            Column("time_zone", _("Time zone of the place.")),
            Column("where", _("Where it is, in words."), Holds.TEXTS),
            Column("venue", _("Name of the hall."), Holds.TEXTS),
            Column("has_minutes", _("Whether its minutes are published."), Holds.BOOLEAN),
            DOSSIER, PAGE,
        ),
        events,
    ),
    PublicTable(
        "event-conclusions", 41, _("Conclusions of events"),
        _("What was agreed, not agreed or left to be studied, as published minutes have it."),
        Theme.SOCIETY,
        (
            KEY, Column("event", _("Code of the event.")),
            Column("kind", _("Kind, as a code.")),
            Column("text", _("The point."), Holds.TEXTS), PAGE,
        ),
        conclusions,
    ),
)  # fmt: skip
