"""After a visit: undertakings, feedback, the report, the public page; and what visits add up to."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.events.models import Event
from hiwar.visits import rules
from hiwar.visits.actions import debrief as act
from hiwar.visits.actions import visits as steps
from hiwar.visits.desk.pages import form_of_visit, page_of_visit, visit_or_404
from hiwar.visits.forms import visits as forms
from hiwar.visits.queries.desk import answers_of, figures_of, stale_points, theme_report

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_visits)
def afterwards(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    feedback = visit.feedback.order_by("pk")
    return page_of_visit(
        request,
        "afterwards",
        visit,
        tab="afterwards",
        undertakings=visit.undertakings.select_related("owner", "item").order_by("due_on", "pk"),
        answers=answers_of(visit),
        words=[text for answer in feedback for text in (answer.best, answer.better) if text],
        today=timezone.localdate(),
    )


@needs(rules.can_run_visits)
def add_undertaking(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    form = forms.UndertakingForm(request.POST or None)
    if attempt_and_say(
        request,
        form,
        lambda: act.add_undertaking(
            actor=me(request), visit=visit, now=timezone.now(), **form.cleaned_data
        ),
        _("It is written down."),
    ):
        return redirect("visits:afterwards", code)
    return form_of_visit(
        request, form, visit, tab="afterwards", title=_("New undertaking"), verb=_("Save"),
        back=reverse("visits:afterwards", args=[code]),
    )  # fmt: skip


@needs(rules.can_see_visits)
@require_POST
def settle_undertaking(request: HttpRequest, code: str, key: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    undertaking = part_or_404(visit.undertakings.select_related("visit"), key)
    done_on = None if "undo" in request.POST else timezone.localdate()
    attempt(
        request,
        lambda: act.settle_undertaking(
            actor=me(request), undertaking=undertaking, done_on=done_on, now=timezone.now()
        ),
        _("It is kept."),
    )
    return redirect("visits:afterwards", code)


@needs(rules.can_publish_visits)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Show what becomes public, then make it so, or take it back."""
    visit = visit_or_404(request, code)
    form = forms.PublishForm(request.POST or None, initial={"summary": visit.summary})
    if "withdraw" in request.POST:
        attempt(
            request,
            lambda: steps.unpublish_visit(actor=me(request), visit=visit, now=timezone.now()),
            _("The public page is down."),
        )
        return redirect("visits:publish", code)
    if attempt_and_say(
        request,
        form,
        lambda: steps.publish_visit(
            actor=me(request), visit=visit, now=timezone.now(), **form.cleaned_data
        ),
        _("The fact of the visit is public."),
    ):
        return redirect("visits:publish", code)
    return form_of_visit(
        request, form, visit, tab="afterwards", title=_("Public page"), verb=_("Make it public"),
        back=reverse("visits:afterwards", args=[code]), template="visits/desk/publish.html",
        lead=_("The page shows who sent the delegation, the days, how many items of which kind, "
               "the themes, and this text. No names, no addresses, no reasons."),
    )  # fmt: skip


def _quarter(text: str, today: date) -> tuple[int, int]:
    year, _dash, quarter = text.partition("-")
    if re.fullmatch(r"(?:19|20|21)\d\d", year, re.ASCII) and quarter in {"1", "2", "3", "4"}:
        return int(year), int(quarter)
    return today.year, (today.month + 2) // 3


@needs(rules.can_see_visits)
def figures(request: HttpRequest) -> HttpResponse:
    """Show what the visits of a quarter add up to, and where a theme was raised."""
    year, quarter = _quarter(request.GET.get("quarter", ""), timezone.localdate())
    first = date(year, 3 * quarter - 2, 1)
    last = date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    end = date.fromordinal(last.toordinal() - 1)
    kinds = dict(Event.Kind.choices)
    counted = figures_of(request.user, first, end)
    context = {
        "first": first,
        "last": end,
        "name": f"{year}-{quarter}",
        "before": f"{year - (quarter == 1)}-{4 if quarter == 1 else quarter - 1}",
        "after": f"{year + (quarter == 4)}-{1 if quarter == 4 else quarter + 1}",
        "figures": counted,
        "kinds": [(kinds[kind], count) for kind, count in counted.kinds.items()],
        "themes": theme_report(request.user, first, end),
        "stale": stale_points(request.user, timezone.localdate()),
    }
    return render(request, "visits/desk/figures.html", context)
