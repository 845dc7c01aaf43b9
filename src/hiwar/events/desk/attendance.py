"""The figures of attendance over many events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number
from hiwar.events import rules
from hiwar.events.actions import attendance_imports as act
from hiwar.events.exports import figures as files
from hiwar.events.forms.figures import SelectionForm
from hiwar.events.queries import figures as ask

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_attendance)
def attendance(request: HttpRequest) -> HttpResponse:
    """Show how many came to many events; the same as a file on wish."""
    user = me(request)
    form = SelectionForm(
        request.GET or None, donors=ask.donors_of(user), series=ask.series_of(user)
    )
    is_wrong = form.is_bound and not form.is_valid()
    chosen = form.cleaned_data if form.is_bound and not is_wrong else {}
    wish = ask.Selection(**{name: value for name, value in chosen.items() if value})
    figures = ask.figures(user, wish)
    kind = request.GET.get("as", "")
    if kind in {"csv", "xlsx"} and not is_wrong:
        return _file(request, figures, kind)
    query = request.GET.copy()
    query.pop("as", None)
    return render(
        request,
        "events/desk/attendance.html",
        {
            "form": form,
            "found": figures,
            "is_wrong": is_wrong,
            "query": query.urlencode(),
            "may_import": rules.can_import_attendance(user),
            "key_figures": [
                {"label": _("Activities"), "value": number(figures.activities)},
                {"label": _("Attendances"), "value": number(figures.times)},
                {"label": _("Different people"), "value": number(figures.people)},
                {"label": _("Person-hours"), "value": number(figures.hours)},
            ],
        },
    )


def _file(request: HttpRequest, figures: ask.Figures, kind: str) -> HttpResponse:
    user, now = me(request), timezone.now()
    act.record_export(actor=user, kind=kind, activities=figures.activities, now=now)
    content = files.as_xlsx(figures) if kind == "xlsx" else files.as_csv(figures)
    return file_response(content, f"attendance-{timezone.localdate():%Y-%m-%d}.{kind}")
