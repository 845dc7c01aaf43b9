"""The screens of events, their line in the desk's menu, and what they owe the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common import dates
from hiwar.common.navigation import Due, Entry
from hiwar.events import rules
from hiwar.events.queries.floor import open_follow_ups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MOST = 12


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_events(request.user) and bool(request.session.get("factor"))


MENU = (Entry(30, gettext_lazy("Events"), "calendar", "events:list", _may_see),)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the actions that whoever asks has undertaken at events, the most urgent first."""
    user = request.user
    if not user.is_authenticated or not rules.can_see_events(user):
        return
    today = timezone.localdate()
    for one in open_follow_ups(user)[:MOST]:
        told = {"day": dates.day(one.due_on), "what": one.text}
        late = one.due_on < today
        text = _("Overdue since %(day)s: %(what)s") if late else _("By %(day)s: %(what)s")
        url = reverse("events:minutes", args=[one.event.code])
        yield Due(str(one.event.title), text % told, url)
