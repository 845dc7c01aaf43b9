"""The screens of events, their line in the desk's menu, and what they owe the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common import dates
from hiwar.common.navigation import Due, Entry, Today
from hiwar.events import rules
from hiwar.events.exports.calendar import place_of
from hiwar.events.models import Event
from hiwar.events.queries.events import events_between
from hiwar.events.queries.proceedings import open_follow_ups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MOST = 12
GONE = (Event.State.CANCELLED, Event.State.POSTPONED)


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_events(request.user) and bool(request.session.get("factor"))


MENU = (Entry(30, gettext_lazy("Events"), "calendar", "events:list", _may_see),)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the actions that whoever asks has undertaken at events, the most urgent first."""
    user = request.user
    if not user.is_authenticated or not rules.can_see_events(user):
        return
    today = timezone.localdate()
    for follow_up in open_follow_ups(user)[:MOST]:
        facts = {"day": dates.day(follow_up.due_on), "what": follow_up.text}
        late = follow_up.due_on < today
        text = _("Overdue since %(day)s: %(what)s") if late else _("By %(day)s: %(what)s")
        url = reverse("events:minutes", args=[follow_up.event.code])
        yield Due(str(follow_up.event.title), text % facts, url, on=follow_up.due_on)


def today(request: HttpRequest) -> Iterator[Today]:
    """Yield today's events that whoever asks may read, each with its rule."""
    if not rules.can_see_events(request.user):
        return
    day = timezone.localdate()
    for event in events_between(request.user, day, day).exclude(state__in=GONE):
        yield Today(
            at=event.starts_at,
            ends=event.ends_at,
            title=str(event.title),
            where=place_of(event),
            url=reverse("events:event", args=[event.code]),
            brief=(str(event.get_attribution_display()),) if event.attribution else (),
            kind=str(event.get_kind_display()),
        )
