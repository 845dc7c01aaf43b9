"""The section of events on the first page of the site: the next ones that everybody may attend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy

from hiwar.common.home_page import HomeItem, HomeSection
from hiwar.events.exports.calendar import place_of
from hiwar.events.exports.letters import when
from hiwar.events.queries.events import next_public_events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def next_events(language: str, now: datetime) -> Iterator[HomeItem]:
    """Yield the next events that are published for everybody, the next one first."""
    for event in next_public_events(now):
        yield HomeItem(
            title=event.title.marked,
            url=reverse("public_events:event", args=[language, event.code]),
            text=event.get_kind_display(),
            facts=tuple(fact for fact in (when(event), place_of(event)) if fact),
        )


EVENTS = HomeSection("events", 40, gettext_lazy("Next events"), next_events)
