"""How files of people come in: what their columns are called, and how a page tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.common.imports import Importer, Part, at_page, whoever
from hiwar.contacts import rules
from hiwar.contacts.actions import imports
from hiwar.contacts.forms import field_names
from hiwar.contacts.queries.files import PEOPLE, lacks_names, plan_file
from hiwar.contacts.queries.register import open_pairs
from hiwar.contacts.queries.sheets import LIMITS, SEVERAL, heading_words
from hiwar.contacts.queries.vcards import CARD_HEADER, rows_of_cards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from hiwar.common.models import ImportRun
    from hiwar.common.tables import Card

KIND = "contacts.people"
PROBLEMS = {
    "name_missing": (_("There is no name in this row"), _("The row is left out.")),
    "name_again": (
        _("There is another name in the same letters"),
        _("The person comes in with the first one."),
    ),
    "phone_unreadable": (
        _("This is no telephone number"),
        _("The person comes in without it."),
    ),
    "email_unreadable": (
        _("This is no e-mail address"),
        _("The person comes in without it."),
    ),
    "year_unreadable": (_("This is no year"), _("The person comes in without it.")),
    "place_unknown": (_("This place is not known"), _("The person comes in without it.")),
    "sex_unreadable": (_("This cannot be read"), _("The person comes in without it.")),
}
FIGURES = {
    "rows": _("Rows in the file"),
    "loaded": _("Rows that come in"),
    "left_out": _("Rows left out"),
    "forms": _("Names as written"),
    "people": _("People"),
    "known": _("Of them in the register already"),
    "to_decide": _("Pairs for you to decide"),
    "without_phone": _("Rows without a telephone"),
}
NOT_TAKEN = {
    "column": _("This column is not taken"),
    "value": _("These words are not on the list of the register and are not taken"),
}
CHANGES = {
    "name": _("Name as written"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "post": _("Post"),
    "organisation": _("Organisation"),
    "note": _("Note"),
}
SHOWN = (_("Name"), _("How to reach them"), _("Post"), _("Year of birth"))


def _rows_of_cards(cards: Sequence[Card]) -> tuple[Sequence[str], list[tuple[int, Sequence[str]]]]:
    return CARD_HEADER, list(rows_of_cards(cards))


def _follow(request: HttpRequest, _run: ImportRun) -> list[tuple[str, str]]:
    if not rules.can_merge_person(request.user) or not open_pairs(request.user).exists():
        return []
    return [(gettext("Decide who is one person"), reverse("contacts:duplicates"))]


IMPORTER = Importer(
    kind=KIND,
    title=_("Files of people"),
    parts=(
        Part(
            PEOPLE,
            _("File"),
            words=lambda _options: heading_words(),
            fields=lambda _options: field_names(),
            several=SEVERAL,
            shown=SHOWN,
            help_text=_("XLSX, CSV or vCard, as it is. Nothing is saved before you have seen it."),
            cards=_rows_of_cards,
        ),
    ),
    may=whoever(rules.can_import_contact),
    home=at_page(_("People and organisations"), "contacts:people"),
    plan=plan_file,
    apply=imports.apply_file,
    undo=imports.remove_rows,
    figures=FIGURES,
    problems=PROBLEMS,
    not_taken=NOT_TAKEN,
    changes=CHANGES,
    refusals=(imports.InUse,),
    lacks=lacks_names,
    needs_columns=_("Say which column holds the names. Nothing can be brought in without it."),
    follow=_follow,
    limits=LIMITS,
)
