"""How files of addresses come in: their columns, and how a page tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.channels import rules
from hiwar.channels.actions import list_imports as act
from hiwar.channels.queries.list_imports import (
    LIST,
    batch_of,
    heading_words,
    is_waiting_to_leave,
    lacks_columns,
    plan_list,
)
from hiwar.common.imports import Importer, Part, at_page, whoever

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.common.models import ImportRun

KIND = "channels.subscribers"
COLUMNS = {
    "address": _("e-mail address"), "evidence": _("evidence of consent"),
    "language": _("language"),
}  # fmt: skip
LEFT_OUT = _("The row is left out.")
PROBLEMS = {
    "address_unreadable": (_("This is no e-mail address"), LEFT_OUT),
    "evidence_missing": (_("Nothing shows that this person agreed"), LEFT_OUT),
    "silent": (_("This address wants nothing from us"), LEFT_OUT),
    "there": (_("This address stands on the list, or left it"), LEFT_OUT),
}


def _follow(_request: HttpRequest, run: ImportRun) -> list[tuple[str, str]]:
    if not is_waiting_to_leave(run):
        return []
    page = reverse("channels:batch", args=[batch_of(run)])
    return [(gettext("Look at the letters that ask them, and let them leave"), page)]


IMPORTER = Importer(
    kind=KIND,
    title=_("Addresses for the newsletter"),
    parts=(
        Part(
            LIST,
            _("List of addresses"),
            words=lambda _options: heading_words(),
            fields=lambda _options: COLUMNS,
            shown=(_("E-mail address"), _("Language"), _("Evidence of consent")),
            help_text=_(
                "XLSX or CSV, one address in each row, and what shows that its owner agreed:"
                " where and when. Everybody is asked to confirm; nobody gets an issue before."
            ),
        ),
    ),
    may=whoever(rules.can_see_subscribers),
    home=at_page(_("Subscribers"), "channels:subscribers"),
    plan=plan_list,
    apply=act.apply_list,
    undo=act.undo_list,
    figures={"subscribers": _("to be asked")},
    problems=PROBLEMS,
    refusals=(act.ListInUse,),
    lacks=lacks_columns,
    needs_columns=_("Say which columns hold the addresses and the evidence of consent."),
    follow=_follow,
)
