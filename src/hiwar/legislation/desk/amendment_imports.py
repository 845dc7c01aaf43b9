"""How an edited table of proposals comes back: its columns, and how a page tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.imports import Home, Importer, Part
from hiwar.legislation import rules
from hiwar.legislation.actions import amendment_imports as act
from hiwar.legislation.actions import amendments
from hiwar.legislation.models import LawVersion
from hiwar.legislation.queries.amendment_table import HEADINGS, TABLE, lacks_columns, plan_table
from hiwar.legislation.queries.laws import laws_for, versions_for

if TYPE_CHECKING:
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.common.models import ImportRun

KIND = "legislation.amendments"
COLUMNS = {
    "number": _("Proposal"), "eid": pgettext_lazy("provision", "Address"), "article": _("Article"),
    "in_force": _("Text in force"), "draft": pgettext_lazy("column", "Draft"),
    "proposal": _("Our proposal"), "reason": _("Reason"), "mark": _("Mark"),
}  # fmt: skip
LEFT_OUT = _("The row is left out.")
PROBLEMS = {
    "unknown_number": (_("There is no proposal of this number"), LEFT_OUT),
    "twice": (_("This proposal stands in a row above already"), LEFT_OUT),
    "unknown_address": (_("The version has no provision at this address"), LEFT_OUT),
    "no_reason": (_("A new proposal has no reason"), LEFT_OUT),
    "not_a_draft": (_("This proposal is adopted or withdrawn"),
                    _("Open it again first. The row is left out.")),
    "changed_meanwhile": (_("This proposal was changed here since the table was made"),
                          _("The row is left out, and nothing of yours is lost.")),
    "draft_changed": (_("The text of the draft was changed in the table"),
                      _("It is not taken: the draft is what was brought in.")),
    "emptied": (_("A text was emptied in the table"), _("It stays as it is here.")),
}  # fmt: skip


def _subject(user: User, subject: UUID | None) -> LawVersion | None:
    if subject is None:
        return None
    version = LawVersion.objects.filter(pk=subject).select_related("law__dossier").first()
    if version is None or not laws_for(user).filter(pk=version.law_id).exists():
        return None
    readable = versions_for(user, version.law).filter(pk=version.pk).exists()
    return version if readable else None


def _may(user: User, subject: UUID | None) -> bool:
    if subject is None:
        return rules.can_edit_laws(user)
    version = _subject(user, subject)
    return version is not None and rules.can_edit_law(user, version.law)


def _home(user: User, subject: UUID | None) -> Home:
    version = _subject(user, subject)
    if version is None:
        raise Http404
    address = reverse("legislation:amendments", args=[version.law_id, version.pk])
    return Home(str(version), address)


def _lacks(run: ImportRun) -> bool:
    choices = run.choices.get(TABLE)
    return choices is not None and lacks_columns(choices["mapping"])


IMPORTER = Importer(
    kind=KIND,
    title=_("Edited table of proposals"),
    parts=(
        Part(
            TABLE,
            _("Edited table of proposals"),
            words=lambda _options: HEADINGS,
            fields=lambda _options: COLUMNS,
            shown=(_("Proposal"), _("Article"), _("Our proposal"), _("Reason")),
            help_text=_("XLSX or CSV as it went out from here, edited by others."),
        ),
    ),
    may=_may,
    home=_home,
    plan=plan_table,
    apply=act.apply_table,
    undo=act.undo_table,
    figures={
        "changed": _("Proposals that change"), "new": _("New proposals"),
        "same": _("Proposals that stay"),
    },
    problems=PROBLEMS,
    changes={"proposal": _("Our proposal"), "reason": _("Reason")},
    refusals=(
        act.TableInUse, amendments.NotADraft, amendments.NothingChanges, amendments.NoNewText,
        amendments.UnknownProvision,
    ),
    lacks=_lacks,
    needs_columns=_("Say which column holds our proposals, and which their numbers."),
    is_for_records=True,
)  # fmt: skip
