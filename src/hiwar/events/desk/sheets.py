"""Lists of activities and attendance that come in, and the figures over many events."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common import dates
from hiwar.common.desk.pages import attempt, attempt_with_form, key_of, paged
from hiwar.common.tables import file_response, read_upload, sentences
from hiwar.common.templatetags.components import number
from hiwar.contacts.queries.register import open_pairs
from hiwar.contacts.queries.sheets import LIMITS
from hiwar.events import rules
from hiwar.events.actions import sheets as act
from hiwar.events.exports import figures as files
from hiwar.events.forms.sheets import ColumnsForm, SelectionForm, SheetForm
from hiwar.events.models import AttendanceSheet
from hiwar.events.queries import figures as ask
from hiwar.events.queries.sheets import ACTIVITIES, ATTENDANCE, WARNINGS, names_of_seasons, sheets

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 100
LEFT_OUT = lazy("The row is left out.")
WITHOUT = lazy("The row comes in without it.")
KNOWN = lazy("Only to be known; the row comes in.")
# What is told of a row, and what becomes of it.
FAULTS = {
    "code_missing": (lazy("The activity has no code"), LEFT_OUT),
    "date_unreadable": (lazy("This is no date"), LEFT_OUT),
    "activity_there": (lazy("An event has this code already"), LEFT_OUT),
    "activity_twice": (lazy("This activity stands here twice"), LEFT_OUT),
    "activity_unknown": (lazy("No activity has this code"), LEFT_OUT),
    "person_twice": (lazy("The same person at the same activity again"), LEFT_OUT),
    "name_missing": (lazy("There is no name in this row"), LEFT_OUT),
    "kind_unknown": (lazy("This kind is not known"), lazy("It comes in as a meeting.")),
    "hours_unreadable": (lazy("These are no hours"), lazy("It comes in with one hour.")),
    "place_unknown": (lazy("This place is not known"), WITHOUT),
    "phone_unreadable": (lazy("This is no telephone number"), WITHOUT),
    "phone_missing": (lazy("Rows without a telephone"), WITHOUT),
    "email_unreadable": (lazy("This is no e-mail address"), WITHOUT),
    "year_unreadable": (lazy("This is no year"), WITHOUT),
    "sex_unreadable": (lazy("This cannot be read"), WITHOUT),
    "weekend": (lazy("On the weekend"), KNOWN),
    "fasting": (lazy("In the month of fasting"), KNOWN),
    "holiday": (lazy("On a holiday"), KNOWN),
    "busy": (lazy("In a busy season"), KNOWN),
}
FIGURES = {
    "activities": lazy("Activities"),
    "attendances": lazy("Attendances"),
    "forms": lazy("Names as written"),
    "people": lazy("Different people"),
    "to_decide": lazy("Pairs for you to decide"),
    "without_phone": lazy("Rows without a telephone"),
}


@needs(rules.can_import_attendance)
def list_sheets(request: HttpRequest) -> HttpResponse:
    """List what was brought in, and take new lists."""
    is_sent = request.method == "POST"
    form = SheetForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    attendance_sheets: list[AttendanceSheet] = []
    if form.is_valid() and attempt_with_form(
        form, lambda: attendance_sheets.append(_prepare(request, form))
    ):
        return redirect("events:sheet", attendance_sheets[0].pk)
    context = {"form": form, **paged(request, sheets())}
    return render(request, "events/desk/sheets.html", context)


def _prepare(request: HttpRequest, form: SheetForm) -> AttendanceSheet:
    sent = {part: form.cleaned_data[part] for part in (ACTIVITIES, ATTENDANCE)}
    return act.prepare_sheet(
        actor=me(request),
        # Read before the transaction of the action, and apart from this process.
        files={part: read_upload(file.read(LIMITS.size + 1), file.name or "", LIMITS)
               for part, file in sent.items() if file},
        starts=form.cleaned_data["starts"],
        now=timezone.now(),
    )  # fmt: skip


@needs(rules.can_import_attendance)
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a list would do, or did: problems first."""
    attendance_sheet = get_object_or_404(AttendanceSheet, pk=key_of(key))
    columns = []
    if attendance_sheet.state == AttendanceSheet.State.PREVIEW:
        for part, title in ((ACTIVITIES, _("List of activities")),
                            (ATTENDANCE, _("Attendance sheet"))):  # fmt: skip
            if not (facts := getattr(attendance_sheet, part)):
                continue
            sent = request.POST if request.POST.get("part") == part else None
            form = ColumnsForm(part, facts, sent)
            if form.is_valid() and attempt(
                request,
                lambda form=form, part=part: act.change_columns(  # type: ignore[misc]
                    actor=me(request), sheet=attendance_sheet, part=part, mapping=form.mapping(),
                    now=timezone.now(),
                ),
                _("The list was looked at again."),
            ):  # fmt: skip
                return redirect("events:sheet", attendance_sheet.pk)
            columns.append((part, title, form))
    kinds = attendance_sheet.counts.get("problems", {})
    seasons = names_of_seasons({name.split(":")[2] for name in kinds if name.count(":") == 2})
    context = {
        "sheet": attendance_sheet,
        "columns": columns,
        "read": [
            text
            for part_facts in (attendance_sheet.activities, attendance_sheet.attendance)
            for text in sentences(part_facts.get("read", {}))
        ],
        "is_whole": act.has_columns(attendance_sheet),
        "problems": [_told(problem, seasons) for problem in attendance_sheet.problems[:SHOWN]],
        "more": len(attendance_sheet.problems) > SHOWN,
        "kinds": [(*_kind(name, seasons), count) for name, count in kinds.items()],
        "figures": [
            {"label": str(label), "value": number(attendance_sheet.counts.get(name, 0))}
            for name, label in FIGURES.items()
        ],
        "events": attendance_sheet.events.order_by("starts_at", "pk"),
        "left": open_pairs(me(request)).count(),
    }  # fmt: skip
    return render(request, "events/desk/sheet.html", context)


def _kind(name: str, seasons: dict[str, str]) -> tuple[object, str]:
    """Return what is counted together in words, and the name of the season."""
    _part, code, *season = name.split(":")
    return FAULTS.get(code, (code,))[0], seasons.get(season[0], "") if season else ""


def _told(problem: dict[str, Any], seasons: dict[str, str]) -> dict[str, Any]:
    what, happens = FAULTS.get(problem["code"], (problem["code"], ""))
    where = _("activities") if problem["part"] == ACTIVITIES else _("attendance")
    name = seasons.get(problem.get("season", ""), "")
    value = problem["value"]
    if problem["code"] in WARNINGS:
        value = dates.day(date.fromisoformat(value))
    return {
        **problem,
        "value": value,
        "name": name,
        "what": what,
        "happens": happens,
        "where": where,
    }


@require_POST
@needs(rules.can_import_attendance)
def confirm_sheet(request: HttpRequest, key: str) -> HttpResponse:
    attendance_sheet = get_object_or_404(AttendanceSheet, pk=key_of(key))
    attempt(
        request,
        lambda: act.confirm_sheet(actor=me(request), sheet=attendance_sheet, now=timezone.now()),
        _("The list was brought in. It can be undone as one step."),
    )
    return redirect("events:sheet", attendance_sheet.pk)


@require_POST
@needs(rules.can_import_attendance)
def discard_sheet(request: HttpRequest, key: str) -> HttpResponse:
    attendance_sheet = get_object_or_404(AttendanceSheet, pk=key_of(key))
    if attempt(
        request,
        lambda: act.discard_sheet(actor=me(request), sheet=attendance_sheet),
        _("The list was thrown away. Nothing was saved."),
    ):
        return redirect("events:sheets")
    return redirect("events:sheet", attendance_sheet.pk)


@require_POST
@needs(rules.can_import_attendance)
def undo_sheet(request: HttpRequest, key: str) -> HttpResponse:
    attendance_sheet = get_object_or_404(AttendanceSheet, pk=key_of(key))
    attempt(
        request,
        lambda: act.undo_sheet(actor=me(request), sheet=attendance_sheet, now=timezone.now()),
        _("The list was undone: its activities, attendances and people are gone."),
    )
    return redirect("events:sheet", attendance_sheet.pk)


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
