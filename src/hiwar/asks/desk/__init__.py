"""Asks at the desk: their line in the menu, and what waits on the morning page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.asks import rules
from hiwar.asks.models import Ask
from hiwar.asks.queries.plan import plans_at_rest
from hiwar.asks.queries.positions import asks_for, unseen
from hiwar.asks.queries.posts import addressees_for
from hiwar.asks.queries.reminders import letters_since, owed_answers
from hiwar.asks.queries.requests import courses_of, requests_for
from hiwar.asks.queries.standing import URGENT, standings_of
from hiwar.asks.queries.waiting import waiting_for
from hiwar.common.navigation import Due, Entry, Risk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from hiwar.accounts.models import User

MOST = 12
SOON = timedelta(days=7)


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_asks(request.user) and bool(request.session.get("factor"))


MENU = (Entry(45, gettext_lazy("Asks"), "ask", "asks:list", _may_see),)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the positions that organisations corrected themselves, until somebody looked."""
    user = request.user
    if not user.is_authenticated or not rules.can_edit_asks(user):
        return
    for position in unseen(user)[:MOST]:
        names = {
            "organisation": str(position.organisation),
            "stance": str(position.get_stance_display()),
        }
        text = _("%(organisation)s corrected its position: %(stance)s") % names
        yield Due(str(position.ask), text, reverse("asks:ask", args=[position.ask_id]))
    yield from _due_of_standings(user)
    yield from _due_of_verdicts(user)
    yield from _due_of_requests(user)
    yield from _due_of_answers(user)


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Yield one's own dossiers in advocacy whose plan asks nobody or has no step."""
    user = request.user
    if not user.is_authenticated or not rules.can_edit_asks(user):
        return
    for dossier, lacking in plans_at_rest(user)[:MOST]:
        yield Risk(str(dossier), lacking, reverse("asks:plan", args=[dossier.code]))


def _due_of_verdicts(user: User) -> Iterator[Due]:
    """Yield what waits for a second person or a decision: for the owner, and for who may do it."""
    rows = waiting_for(user, timezone.localdate())
    mine = [row for row in rows if row.is_for_me or row.ask.owner_id == user.pk]
    for row in mine[:MOST]:
        who = "" if row.is_for_me else _("somebody who was not involved")
        yield Due(row.title, row.label, row.url, row.on, who)


def _due_of_requests(user: User) -> Iterator[Due]:
    """Yield one's own information requests whose day is near or past without an answer."""
    today = timezone.localdate()
    courses = courses_of(requests_for(user).filter(owner=user), today)
    open_ones = [row for row in courses if row.answer is None and row.due is not None]
    near = [row for row in open_ones if row.due is not None and row.due.day <= today + SOON]
    for row in near[:MOST]:
        text = row.label if row.is_unanswered else _("an answer to a request is due")
        on = row.due.day if row.due is not None else None
        yield Due(str(row.request), text, reverse("asks:request", args=[row.request.pk]), on)


def _due_of_answers(user: User) -> Iterator[Due]:
    """Yield answers that are near on one's own asks, and reminders that were drafted for them."""
    owed = owed_answers(addressees_for(user).filter(ask__owner=user), timezone.localdate())
    letters = letters_since(owed)
    for row in owed[:MOST]:
        put, post = row.addressee, {"post": str(row.addressee.post)}
        if row.is_near:
            text = _("%(post)s: the answer is due") % post
            yield Due(str(put.ask), text, reverse("asks:ask", args=[put.ask_id]), row.due)
        for letter in letters[put.pk]:
            if letter.issued_at is None:
                text = _("%(post)s: a reminder is drafted; look at it and issue it") % post
                yield Due(str(put.ask), text, reverse("asks:letter", args=[letter.pk]))


def _due_of_standings(user: User) -> Iterator[Due]:
    """Yield late answers and promises of the asks of a user, and what waits for their approval."""
    asks = list(asks_for(user).exclude(state=Ask.State.DROPPED))
    standings = standings_of(user, asks, timezone.localdate())
    waiting = 0
    for ask in asks:
        standing = standings[ask.pk]
        is_mine = ask.owner_id == user.pk
        states = {addressee.state for addressee in standing.addressees}
        is_to_approve = bool(standing.rows) and "drafted" in states
        is_to_approve = is_to_approve and rules.can_approve_ask(user, ask)
        if is_to_approve or (is_mine and standing.state in URGENT):
            waiting += 1
            text = _("waits for your approval") if is_to_approve else standing.label
            yield Due(str(ask), text, reverse("asks:ask", args=[ask.pk]))
        if waiting >= MOST:
            return
