"""Travellers and programmes at the one desk of files: where they belong, what problems mean."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.common.imports import Home, Importer, Part
from hiwar.visits import rules
from hiwar.visits.actions import delegation_import as act
from hiwar.visits.queries.desk import visits_for
from hiwar.visits.queries.spreadsheets import (
    DELEGATION,
    PROGRAMME,
    TRAVELLERS,
    entries_of,
    heading_words,
    plan_spreadsheet,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest

    from hiwar.common.models import ImportRun
    from hiwar.visits.models import Visit

KIND = "visits.spreadsheet"
TRAVELLER_FIELDS = {
    "name": _("Name"),
    "other_name": _("Name in other letters"),
    "role": _("Function"),
    "party": _("Party or group"),
    "phone": _("Telephone"),
    "diet": _("Diet"),
    "needs": _("What they need"),
}
PROGRAMME_FIELDS = {
    "date": _("Day"),
    "start": _("Begins"),
    "end": _("Ends"),
    "title": _("Title"),
    "type": _("Kind"),
    "place": _("Place"),
    "host": _("Hosts, with ; between them"),
    "phone": _("Telephone"),
    "note": _("Note"),
}
LEFT_OUT = _("The row is left out.")


def _visit(user: Any, subject: UUID | None) -> Visit | None:
    return visits_for(user).filter(pk=subject).first() if subject else None


def _may(user: Any, subject: UUID | None) -> bool:
    if subject is None:
        return rules.can_run_visits(user)
    visit = _visit(user, subject)
    return visit is not None and rules.can_run_visit(user, visit)


def _home(user: Any, subject: UUID | None) -> Home:
    visit = _visit(user, subject)
    if visit is None:
        raise Http404
    return Home(str(visit.title), reverse("visits:visit", args=[visit.code]))


def _follow(request: HttpRequest, run: ImportRun) -> list[tuple[str, str]]:
    visit = _visit(request.user, run.subject)
    if visit is None:
        return []
    return [(gettext("Programme"), reverse("visits:programme", args=[visit.code]))]


def _words(part: str, _options: Mapping[str, str]) -> Any:
    return heading_words(part)


IMPORTER = Importer(
    kind=KIND,
    title=_("Travellers and programme from a spreadsheet"),
    parts=(
        Part(
            TRAVELLERS,
            _("Travellers"),
            words=partial(_words, TRAVELLERS),
            fields=lambda _options: TRAVELLER_FIELDS,
            shown=(_("Name"), _("Function"), _("Party or group")),
            help_text=_("XLSX or CSV, one row for each person."),
            is_required=False,
        ),
        Part(
            PROGRAMME,
            _("Programme"),
            words=partial(_words, PROGRAMME),
            fields=lambda _options: PROGRAMME_FIELDS,
            shown=(_("Title"), _("Day"), _("Time")),
            help_text=_("XLSX or CSV, one row for each meeting with its day, begin and end."),
            is_required=False,
        ),
        Part(
            DELEGATION,
            _("Delegation file"),
            words=lambda _options: {},
            fields=lambda _options: {},
            help_text=_("A JSON file with members and meetings, from another house."),
            is_required=False,
            entries=entries_of,
        ),
    ),
    may=_may,
    home=_home,
    plan=plan_spreadsheet,
    apply=act.apply_spreadsheet,
    undo=act.undo_spreadsheet,
    figures={"travellers": _("Travellers"), "items": _("Items"), "days": _("Days")},
    problems={
        "not_empty": (act.NotEmpty.message, _("Nothing of the file comes in.")),
        "name_missing": (_("There is no name in this row"), LEFT_OUT),
        "title_missing": (_("There is no title in this row"), LEFT_OUT),
        "day_unreadable": (_("This is no day"), LEFT_OUT),
        "hours_unreadable": (_("Begin and end are no hours, or the end is not after"), LEFT_OUT),
        "kind_unknown": (_("This kind is not known"), LEFT_OUT),
        "delegation": (_("In the file"), ""),
    },
    not_taken={"column": _("This column is not taken")},
    refusals=(act.NotEmpty, act.FileStopped, act.TooLateToUndo),
    follow=_follow,
    is_for_records=True,
)
