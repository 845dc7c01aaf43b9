"""The morning page and the activity log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts import queries, rules
from hiwar.accounts.access import me, needs
from hiwar.accounts.forms import ActivityFilterForm
from hiwar.common import dates, navigation
from hiwar.common.desk.lists import Listing, list_page
from hiwar.common.desk.pages import paged
from hiwar.common.queries import activities, audit_entries

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.models import User

RECENT = 8
PER_PAGE = 50


def morning(request: HttpRequest) -> HttpResponse:
    viewer = me(request)
    mine = audit_entries(actor=viewer.reference)
    entries = audit_entries() if rules.can_see_activity(viewer) else mine
    sees_factors = rules.can_see_second_factors(viewer)
    now = timezone.now()
    context = {
        "first_day": FirstDay.of(viewer),
        "today": dates.day(now),
        "clock": timezone.localtime(now).strftime("%H:%M"),
        "place": dates.place(),
        "person": viewer,
        "due": _sorted_due(navigation.due(request), timezone.localdate()),
        "meetings": [(line, _until(line)) for line in navigation.today(request)],
        "moving": _by_kind(navigation.moving(request)),
        "risks": navigation.risks(request),
        "activities": activities(entries[:RECENT]),
        "sees_all": rules.can_see_activity(viewer),
        "unprotected": queries.staff_without_second_factor() if sees_factors else None,
        "codes_left": queries.second_factors(viewer).codes_left,
        "invitations": queries.open_invitations(timezone.now())
        if rules.can_invite_staff(viewer)
        else None,
    }
    return render(request, "accounts/morning.html", context)


@dataclass(frozen=True, slots=True)
class FirstDay:
    """The path of an empty house: its steps, how many are done, and the one that comes next."""

    steps: list[tuple[navigation.FirstStep, bool]]

    @classmethod
    def of(cls, viewer: User) -> FirstDay | None:
        """Return the path while the last step is open, for those who may take all of it."""
        if not rules.can_change_institution(viewer):
            return None
        steps = navigation.first_steps()
        return cls(steps) if steps and not steps[-1][1] else None

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(is_done for _step, is_done in self.steps)

    @property
    def next(self) -> navigation.FirstStep | None:
        """The first step that is open, if any is."""
        return next((step for step, is_done in self.steps if not is_done), None)


@needs(rules.can_change_institution)
def first_day(request: HttpRequest) -> HttpResponse:
    """Show the path from an empty house to the first dialogue."""
    return render(request, "accounts/first_day.html", {
        "day": FirstDay(navigation.first_steps()),
    })  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueLines:
    """What is due, as the page lays it out: one's own by day, then who else answers for what."""

    overdue: list[navigation.Due]
    today: list[navigation.Due]
    soon: list[navigation.Due]
    others: list[tuple[navigation.Due, bool]]

    @property
    def has_mine(self) -> bool:
        """Whether anything waits for the reader."""
        return bool(self.overdue or self.today or self.soon)


def _sorted_due(lines: list[navigation.Due], today: date) -> DueLines:
    mine = sorted(
        (due_line for due_line in lines if due_line.is_mine),
        key=lambda due_line: due_line.on or today,
    )
    others = sorted(
        (due_line for due_line in lines if not due_line.is_mine),
        key=lambda due_line: due_line.on or today,
    )
    return DueLines(
        overdue=[due_line for due_line in mine if due_line.on is not None and due_line.on < today],
        today=[due_line for due_line in mine if due_line.on in {None, today}],
        soon=[due_line for due_line in mine if due_line.on is not None and due_line.on > today],
        others=[(due_line, due_line.on is not None and due_line.on < today) for due_line in others],
    )


def _until(line: navigation.Today) -> str:
    """Return the hours of a meeting on the clock of the installation."""
    first = timezone.localtime(line.at).strftime("%H:%M")
    return f"{first}\N{EN DASH}{timezone.localtime(line.ends):%H:%M}" if line.ends else first


def _by_kind(lines: list[navigation.Moving]) -> list[tuple[str, list[navigation.Moving]]]:
    lines_by_kind: dict[str, tuple[str, list[navigation.Moving]]] = {}
    for line in lines:
        lines_by_kind.setdefault(line.kind, (line.label, []))[1].append(line)
    return list(lines_by_kind.values())


@needs(rules.can_see_activity)
def activity(request: HttpRequest) -> HttpResponse:
    people = [(user.reference, str(user)) for user in queries.staff()]
    form = ActivityFilterForm(request.GET or None, people=people)
    wished = form.cleaned_data if form.is_valid() else {}
    entries = audit_entries(
        actor=wished.get("actor", ""),
        verb=wished.get("verb", ""),
        since=wished.get("since"),
        until=wished.get("until"),
    )
    page = paged(request, entries, PER_PAGE)
    listing = Listing(
        title=_("Activity"),
        url=reverse("accounts:activity"),
        everything=_("Show everything"),
        no_match=_("Nothing fits"),
        fewer=_("No entry matches what you asked for. Try a longer time."),
        none_yet=_("Nothing was done yet"),
    )
    return list_page(
        request,
        "accounts/activity.html",
        listing,
        page=page,
        rows=activities(page["page"].object_list),
        conditions=form,
        chosen={name: str(value) for name, value in wished.items() if value},
    )
