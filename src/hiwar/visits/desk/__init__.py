"""Visits at the desk: their line in the menu, and what they owe the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.common import dates
from hiwar.common.navigation import Due, Entry, Moving, Today
from hiwar.common.templatetags.components import number
from hiwar.visits import rules
from hiwar.visits.models import Undertaking, Visit
from hiwar.visits.queries.desk import items_on, reports_due, visits_for, visits_in_motion
from hiwar.visits.queries.plans import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_visits(request.user) and bool(request.session.get("factor"))


MENU = (Entry(40, gettext_lazy("Visits"), "place", "visits:list", _may_see),)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the reports that are due, and one's own undertakings."""
    if not rules.can_see_visits(request.user):
        return
    today = timezone.localdate()
    if rules.can_run_visits(request.user):
        for visit in reports_due(request.user, today):
            url = reverse("visits:afterwards", args=[visit.code])
            yield Due(str(visit.title), _("The report of the visit is due"), url)
    mine = Undertaking.objects.filter(
        owner=request.user.pk, done_on=None, due_on__lte=today, visit__in=visits_for(request.user)
    )
    for undertaking in mine.select_related("visit").order_by("due_on", "pk"):
        url = reverse("visits:afterwards", args=[undertaking.visit.code])
        yield Due(str(undertaking.text), str(undertaking.visit.title), url)


def today(request: HttpRequest) -> Iterator[Today]:
    """Yield today's items of visits, each with whom it is with and what is ready if it fails."""
    if not rules.can_see_visits(request.user):
        return
    for item in items_on(request.user, timezone.localdate()):
        event = item.event
        hosts = [str(organisation.name) for organisation in item.organisations.all()]
        hosts += [str(post.title) for post in item.posts.all()]
        hosts_text = [_("With %(names)s") % {"names": " · ".join(hosts)}] if hosts else []
        if item.plan_b:
            hosts_text.append(_("Plan B: %(text)s") % {"text": str(item.plan_b).splitlines()[0]})
        yield Today(
            at=event.starts_at,
            ends=event.ends_at,
            title=str(event.title),
            where=str(event.where or (event.venue and event.venue.name) or ""),
            url=reverse("visits:item", args=[item.visit.code, key_of(event.code)]),
            brief=(str(item.visit.title), *hosts_text),
            kind=str(event.get_kind_display()),
            replaces=reverse("events:event", args=[event.code]),
        )


def moving(request: HttpRequest) -> Iterator[Moving]:
    """Yield the visits that are planned or under way: their days and items."""
    if not rules.can_see_visits(request.user):
        return
    for visit in visits_in_motion(request.user):
        items = visit.n_items  # type: ignore[attr-defined]  # counted by the query
        when = _("%(first)s to %(last)s") % {
            "first": dates.day(visit.starts_on),
            "last": dates.day(visit.ends_on),
        }
        counted = ngettext("%(n)s item", "%(n)s items", items) % {"n": number(items)}
        yield Moving(
            kind="visit",
            label=_("Visits in motion"),
            title=str(visit.title),
            text=f"{when} · {counted}",
            url=reverse("visits:visit", args=[visit.code]),
            state=str(visit.get_state_display()),
            tone="primary" if visit.state == Visit.State.UNDER_WAY else "",
        )
