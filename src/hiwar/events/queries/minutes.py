"""Questions about minutes: paragraphs by item, and what the public may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.models import Visibility
from hiwar.events.models import Conclusion, Event, Minutes, Paragraph

if TYPE_CHECKING:
    from hiwar.events.models import AgendaItem

PUBLIC = Minutes.Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class Section:
    """The paragraphs of one agenda item; without an item what belongs to none."""

    item: AgendaItem | None
    paragraphs: tuple[Paragraph, ...]


def sections(minutes: Minutes) -> list[Section]:
    """Return minutes grouped by agenda item, in the order of the agenda."""
    paragraphs = minutes.paragraphs.select_related("item").order_by("position", "pk")
    grouped: dict[object, list[Paragraph]] = {}
    for paragraph in paragraphs:
        grouped.setdefault(paragraph.item_id, []).append(paragraph)
    return [Section(rows[0].item, tuple(rows)) for rows in grouped.values()]


def public_minutes(event: Event) -> Minutes | None:
    """Return the published minutes of an event for everybody."""
    return event.minutes.filter(audience=PUBLIC, published_at__isnull=False).first()


def draft_of(event: Event, audience: str) -> Minutes | None:
    """Return the minutes of an event for an audience, in whatever state."""
    minutes = event.minutes.filter(audience=audience).select_related("drafted_by", "approved_by")
    return minutes.first()


def conclusions(event: Event) -> dict[str, list[Conclusion]]:
    """Return the three lists of an event."""
    lists: dict[str, list[Conclusion]] = {kind.value: [] for kind in Conclusion.Kind}
    for conclusion in event.conclusions.order_by("position", "pk"):
        lists[conclusion.kind].append(conclusion)
    return lists


def public_event(code: str) -> Event | None:
    """Return an event that is published for everybody, by its code."""
    events = Event.objects.filter(
        code=code, visibility=Visibility.PUBLIC, published_at__isnull=False
    )
    return events.select_related("venue", "series").first()
