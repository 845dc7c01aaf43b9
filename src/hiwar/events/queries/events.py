"""Questions about events: which there are for whom, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.accounts.queries import readable_by
from hiwar.common import dates
from hiwar.common.models import Visibility
from hiwar.dossiers.queries.dossiers import all_readable
from hiwar.events.models import Event, Venue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody


def events_for(user: Somebody) -> QuerySet[Event]:
    """Return the events a user may read, in the order of time."""
    return Event.objects.filter(readable_by(user, Event)).order_by("starts_at", "pk")


def search_events(
    user: Somebody,
    *,
    words: str = "",
    since: date | None = None,
    **narrowed: str,
) -> QuerySet[Event]:
    """Return the events a user may read whose title, purpose or place holds every word."""
    events = events_for(user).select_related("venue", "series", "dossier")
    for word in words.split():
        events = events.filter(
            Q(title__icontains=word)
            | Q(purpose__icontains=word)
            | Q(where__icontains=word)
            | Q(code__iexact=word)
        )
    if since:
        events = events.filter(ends_on__gte=since)
    return narrowed_events(events, **narrowed)


def narrowed_events(
    events: QuerySet[Event], *, dossier: str = "", kind: str = "", venue: str = ""
) -> QuerySet[Event]:
    """Return of some events those of a dossier (its code), of a kind, at a venue (its key)."""
    wanted = {"dossier__code": dossier, "kind": kind, "venue": venue}
    return events.filter(**{name: value for name, value in wanted.items() if value})


def narrowing_of(user: Somebody) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the dossiers and the venues of the events that a user may read."""
    events = events_for(user).order_by()
    dossiers = all_readable(user).filter(pk__in=events.values("dossier"))
    venues = Venue.objects.filter(pk__in=events.values("venue")).order_by("pk")
    return (
        [(dossier.code, str(dossier.title)) for dossier in dossiers],
        sorted(((str(venue.pk), str(venue)) for venue in venues), key=lambda option: option[1]),
    )


def events_between(user: Somebody, first: date, last: date) -> QuerySet[Event]:
    """Return the events a user may read that touch a stretch of days, by their wall time."""
    events = events_for(user).filter(starts_on__lte=last, ends_on__gte=first)
    return events.select_related("venue").order_by("starts_on", "starts", "pk")


def next_public_events(now: datetime, most: int = 3) -> QuerySet[Event]:
    """Return the next events that are published for everybody, the next one first."""
    gone = (Event.State.CANCELLED, Event.State.POSTPONED)
    events = Event.objects.filter(
        visibility=Visibility.PUBLIC, published_at__isnull=False, ends_on__gte=dates.local_day(now)
    ).exclude(state__in=gone)
    return events.select_related("venue").order_by("starts_at", "pk")[:most]


def clashes(
    event: Event, *, people: Iterable[object] = (), users: Iterable[object] = ()
) -> QuerySet[Event]:
    """Return other events at the same time that need the same venue, person or colleague."""
    same = Q(roles__user__in=list(users)) | Q(roles__person__in=list(people))
    same |= Q(rooms__facilitator__in=list(users))
    if event.venue_id:
        same |= Q(venue=event.venue_id) | Q(rooms__venue=event.venue_id)
    gone = (Event.State.CANCELLED, Event.State.POSTPONED)
    at_once = Event.objects.filter(starts_at__lt=event.ends_at, ends_at__gt=event.starts_at)
    events = at_once.filter(same).exclude(pk=event.pk).exclude(state__in=gone)
    return events.distinct().order_by("starts_at", "pk")


def free_code(day: date) -> str:
    """Return a code for an event of a day that no event has."""
    stem = f"{day:%y%m%d}"
    taken = set(Event.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, 10000) if (code := f"{stem}-{n}") not in taken)


def venues() -> QuerySet[Venue]:
    """Return the venues by code."""
    return Venue.objects.order_by("code", "pk")


def names_of_events(keys: Iterable[str]) -> dict[str, str]:
    """Return how events are called in the activity log: by code, since titles can be guarded."""
    return {str(event.pk): event.code for event in Event.objects.filter(pk__in=list(keys))}
