"""Forums at the desk: their line in the menu, what waits on the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.accounts.models import User
from hiwar.common.navigation import Due, Entry
from hiwar.forums import rules
from hiwar.forums.models import Forum
from hiwar.forums.queries.forums import forums_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MOST = 12


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_forums(request.user) and bool(request.session.get("factor"))


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield forums that wait for the approval of whoever asks, and decisions of their own."""
    user = request.user
    if not isinstance(user, User) or not rules.can_see_forums(user):
        return
    waiting = forums_for(user).filter(state=Forum.State.PLANNED, decision_on__isnull=False)
    if rules.can_approve_forums(user):
        for forum in waiting.exclude(owner=user)[:MOST]:
            url = reverse("forums:forum", args=[forum.code])
            yield Due(str(forum), _("A forum waits for approval"), url)
    own = forums_for(user).filter(state=Forum.State.APPROVED, owner=user)
    for forum in own.filter(decision_on__isnull=False)[:MOST]:
        url = reverse("forums:forum", args=[forum.code])
        yield Due(str(forum), _("Decision on a forum"), url, on=forum.decision_on)


MENU = (Entry(42, gettext_lazy("Policy forums"), "strategy", "forums:list", _may_see),)
