"""Visits at the desk: their line in the menu, and what they owe the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.navigation import Due, Entry
from hiwar.visits import rules
from hiwar.visits.models import Undertaking
from hiwar.visits.queries.desk import reports_due, visits_for

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
    for one in mine.select_related("visit").order_by("due_on", "pk"):
        url = reverse("visits:afterwards", args=[one.visit.code])
        yield Due(str(one.text), str(one.visit.title), url)
