"""The morning page and the activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from hiwar.accounts import queries, rules
from hiwar.accounts.access import me, needs
from hiwar.accounts.forms import ActivityFilterForm
from hiwar.common import dates, navigation
from hiwar.common.queries import activities, audit_entries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RECENT = 8
PER_PAGE = 50


def morning(request: HttpRequest) -> HttpResponse:
    viewer = me(request)
    mine = audit_entries(actor=viewer.reference)
    entries = audit_entries() if rules.can_see_activity(viewer) else mine
    sees_factors = rules.can_see_second_factors(viewer)
    context = {
        "today": dates.day(timezone.now()),
        "clock": timezone.localtime(timezone.now()).strftime("%H:%M"),
        "place": dates.place(),
        "person": viewer,
        "due": navigation.due(request),
        "activities": activities(entries[:RECENT]),
        "sees_all": rules.can_see_activity(viewer),
        "unprotected": queries.staff_without_second_factor() if sees_factors else None,
        "codes_left": queries.second_factors(viewer).codes_left,
        "invitations": queries.open_invitations(timezone.now())
        if rules.can_invite_staff(viewer)
        else None,
    }
    return render(request, "accounts/morning.html", context)


@needs(rules.can_see_activity)
def activity(request: HttpRequest) -> HttpResponse:
    people = [(one.reference, str(one)) for one in queries.staff()]
    form = ActivityFilterForm(request.GET or None, people=people)
    wished = form.cleaned_data if form.is_valid() else {}
    entries = audit_entries(
        actor=wished.get("actor", ""),
        verb=wished.get("verb", ""),
        since=wished.get("since"),
        until=wished.get("until"),
    )
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "activities": activities(page.object_list),
        "previous": _address(request, page.previous_page_number()) if page.has_previous() else "",
        "next": _address(request, page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "accounts/activity.html", context)


def _address(request: HttpRequest, page: int) -> str:
    parameters = request.GET.copy()
    parameters["page"] = str(page)
    return f"?{parameters.urlencode()}"
