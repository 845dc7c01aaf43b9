"""Who would be in two places at once."""

from __future__ import annotations

from django.db.models import Q

from hiwar.events.models import Event
from hiwar.visits.models import VisitItem

OFF = (Event.State.CANCELLED, Event.State.POSTPONED)


def clashes_of(item: VisitItem) -> list[VisitItem]:
    """Return the items at the same time at which the same people or colleagues speak.

    Items of other visits count as well: nobody is in two places, whoever is visiting.
    """
    if item.event.state in OFF:
        return []
    people = Q(speakers__in=item.speakers.values("pk")) | Q(staff__in=item.staff.values("pk"))
    items = VisitItem.objects.filter(
        people, event__starts_at__lt=item.event.ends_at, event__ends_at__gt=item.event.starts_at
    )
    items = items.exclude(event__state__in=OFF).exclude(pk=item.pk)
    return list(items.select_related("event").distinct().order_by("event__starts_at", "pk"))
