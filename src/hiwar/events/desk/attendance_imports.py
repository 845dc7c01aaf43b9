"""How lists of activities and attendance come in: their columns, and how a page tells of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.common import dates
from hiwar.common.desk.fields import time_field
from hiwar.common.imports import Importer, Part, Told, at_page, whoever
from hiwar.contacts.desk.imports import CHANGES, NOT_TAKEN
from hiwar.contacts.forms import field_names
from hiwar.contacts.queries import sheets as people
from hiwar.contacts.queries.register import open_pairs
from hiwar.events import rules
from hiwar.events.actions import attendance_imports as act
from hiwar.events.queries.attendance_imports import (
    ACTIVITIES,
    ATTENDANCE,
    WARNINGS,
    heading_words,
    lacks_columns,
    names_of_seasons,
    plan_lists,
)

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest

    from hiwar.common.imports import Problem
    from hiwar.common.models import ImportRun

KIND = "events.attendance"
COLUMNS = {
    "activity": _("code of the activity"),
    "kind": _("kind of activity"),
    "title": _("title"),
    "date": _("date"),
    "starts": _("begins at"),
    "hours": _("hours"),
    "place": _("place"),
    "women_only": _("for women only"),
    "donors": _("donors"),
}
LEFT_OUT = _("The row is left out.")
WITHOUT = _("The row comes in without it.")
KNOWN = _("Only to be known; the row comes in.")
# What is told of a row, and what becomes of it.
FAULTS = {
    "code_missing": (_("The activity has no code"), LEFT_OUT),
    "date_unreadable": (_("This is no date"), LEFT_OUT),
    "activity_there": (_("An event has this code already"), LEFT_OUT),
    "activity_twice": (_("This activity stands here twice"), LEFT_OUT),
    "activity_unknown": (_("No activity has this code"), LEFT_OUT),
    "person_twice": (_("The same person at the same activity again"), LEFT_OUT),
    "name_missing": (_("There is no name in this row"), LEFT_OUT),
    "kind_unknown": (_("This kind is not known"), _("It comes in as a meeting.")),
    "hours_unreadable": (_("These are no hours"), _("It comes in with one hour.")),
    "place_unknown": (_("This place is not known"), WITHOUT),
    "phone_unreadable": (_("This is no telephone number"), WITHOUT),
    "phone_missing": (_("Rows without a telephone"), WITHOUT),
    "email_unreadable": (_("This is no e-mail address"), WITHOUT),
    "year_unreadable": (_("This is no year"), WITHOUT),
    "sex_unreadable": (_("This cannot be read"), WITHOUT),
    "weekend": (_("On the weekend"), KNOWN),
    "fasting": (_("In the month of fasting"), KNOWN),
    "holiday": (_("On a holiday"), KNOWN),
    "busy": (_("In a busy season"), KNOWN),
}
FIGURES = {
    "activities": _("Activities"),
    "attendances": _("Attendances"),
    "forms": _("Names as written"),
    "people": _("Different people"),
    "to_decide": _("Pairs for you to decide"),
    "without_phone": _("Rows without a telephone"),
}


def _tell(problem: Problem) -> Told:
    what, happens = FAULTS.get(problem.code, (problem.code, ""))
    name = names_of_seasons([problem.detail]).get(problem.detail, "") if problem.detail else ""
    value = problem.value
    if problem.code in WARNINGS and value:
        value = dates.day(date.fromisoformat(value))
    return Told(what, happens, " · ".join(filter(None, [name, value])))


def _options() -> dict[str, forms.Field]:
    starts = time_field(
        _("Activities begin at"),
        required=False,
        help_text=_("For activities whose row says no hour. 10:00 where this is empty."),
    )
    return {"starts": starts}


def _follow(request: HttpRequest, _run: ImportRun) -> list[tuple[str, str]]:
    listed = [(gettext("Attendance in figures"), reverse("events:attendance"))]
    if open_pairs(request.user).exists():
        listed.append((gettext("Decide who is one person"), reverse("contacts:duplicates")))
    return listed


IMPORTER = Importer(
    kind=KIND,
    title=_("Lists from the field"),
    parts=(
        Part(
            ACTIVITIES,
            _("List of activities"),
            words=lambda _options: heading_words(),
            fields=lambda _options: COLUMNS,
            shown=(_("Code"), _("Title"), _("Day"), _("Hours")),
            help_text=_("XLSX or CSV, one activity in each row: a code and a date at least."),
            is_required=False,
        ),
        Part(
            ATTENDANCE,
            _("Attendance sheet"),
            words=lambda _options: people.heading_words(),
            fields=lambda _options: field_names(),
            several=people.SEVERAL,
            shown=(_("Name"), _("Activity"), _("How to reach them")),
            help_text=_(
                "One row for each person at each activity: the code of the activity, a name."
            ),
            is_required=False,
        ),
    ),
    may=whoever(rules.can_import_attendance),
    home=at_page(_("Events"), "events:list"),
    plan=plan_lists,
    apply=act.apply_lists,
    undo=act.undo_lists,
    figures=FIGURES,
    not_taken=NOT_TAKEN,
    changes=CHANGES,
    refusals=(act.SheetInUse,),
    tell=_tell,
    lacks=lacks_columns,
    needs_columns=_(
        "Say which columns hold the code and the date of each activity, and in the list of "
        "attendance the activity and the name."
    ),
    options=_options,
    follow=_follow,
    limits=people.LIMITS,
)
