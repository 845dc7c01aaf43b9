"""Lists of sources and of media items at the one desk of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.imports import Importer, Part, Problem, Told, at_page, whoever
from hiwar.evidence import rules
from hiwar.evidence.actions import lists as act
from hiwar.evidence.forms.library import readers
from hiwar.evidence.forms.media import MediaForm
from hiwar.evidence.forms.sources import SourceForm
from hiwar.evidence.models import MediaItem
from hiwar.evidence.queries.import_words import heading_words
from hiwar.evidence.queries.media_lists import MEDIA, lacks_needed, plan_media
from hiwar.evidence.queries.source_lists import (
    SOURCES,
    lacks_titles,
    plan_sources,
    rows_of_references,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


OF_SOURCES = "evidence.sources"
OF_MEDIA = "evidence.media"
LEFT_OUT = _("The row is left out.")
WITHOUT = _("It comes in without it.")
NEITHER = {"visibility", "dossier"}


def _fields(form: type[forms.Form]) -> dict[str, Any]:
    return {
        name: field.label for name, field in form.base_fields.items() if name not in NEITHER
    }  # fmt: skip


def _of_sources() -> Mapping[str, forms.Field]:
    return {
        "visibility": readers(),
        "again": forms.BooleanField(
            label=_("Also bring in what seems to be there already"), required=False,
            help_text=_("A source seems to be there where its DOI is, or its title with its year."),
        ),
    }  # fmt: skip


def _of_media() -> Mapping[str, forms.Field]:
    return {
        "visibility": readers(),
        "tone": forms.ChoiceField(
            label=_("Tone of rows that say none"), required=False,
            choices=[("", pgettext_lazy("tone", "leave these rows out")), *MediaItem.Tone.choices],
        ),
    }  # fmt: skip


def _tell(problem: Problem) -> Told:
    what, happens = PROBLEMS[problem.code]
    if problem.code == "there" and problem.is_notice:
        happens = _("It comes in once more, as you asked.")
    if problem.code == "too_long":
        fields = {**_fields(MediaForm), **_fields(SourceForm)}
        return Told(what, happens, f"{fields.get(problem.column, '')}: {problem.value}")
    return Told(what, happens, problem.value)


PROBLEMS = {
    "title_missing": (_("There is no title in this row"), LEFT_OUT),
    "headline_missing": (_("There is no headline in this row"), LEFT_OUT),
    "outlet_missing": (_("No medium is named in this row"), LEFT_OUT),
    "there": (_("This seems to be there already"), LEFT_OUT),
    "kind_unreadable": (_("This kind is not known"), _("It comes in as “other document”.")),
    "medium_unreadable": (_("This kind is not known"), _("It comes in as “other medium”.")),
    "issued_unreadable": (_("This is no year or day of the common calendar"), WITHOUT),
    "day_unreadable": (_("This is no day"), LEFT_OUT),
    "day_to_come": (_("This day is still to come"), LEFT_OUT),
    "doi_unreadable": (_("This is no DOI"), WITHOUT),
    "isbn_unreadable": (_("This is no ISBN"), WITHOUT),
    "url_unreadable": (_("This is no address"), WITHOUT),
    "reach_unreadable": (_("This is no number of people"), WITHOUT),
    "tone_unknown": (_("The row says no tone that is known"), LEFT_OUT),
    "tone_unreadable": (_("This tone is not known"), _("It comes in with the tone you chose.")),
    "cites_institution_unreadable": (_("This is neither yes nor no"), _("It comes in as “no”.")),
    "too_long": (_("This is longer than it may be"), _("It comes in cut, with a sign.")),
}
FIGURES = {
    "new": pgettext_lazy("rows of a list", "New"),
    "known": pgettext_lazy("rows of a list", "There already"),
    "left_out": pgettext_lazy("rows of a list", "Left out"),
}
NOT_TAKEN = {"column": _("This column is not taken")}

SOURCE_LISTS = Importer(
    kind=OF_SOURCES,
    title=_("Lists of sources"),
    parts=(
        Part(
            SOURCES,
            _("List of sources"),
            words=lambda _options: heading_words(SOURCES),
            fields=lambda _options: _fields(SourceForm),
            shown=(_("Title"), _("Authors"), _("Published"), _("Publisher")),
            help_text=_("RIS, BibTeX or CSL-JSON as reference managers export them; or XLSX or "
                        "CSV with a row for each source."),
            references=rows_of_references,
        ),
    ),
    may=whoever(rules.can_edit_evidence),
    home=at_page(_("Sources"), "evidence:sources"),
    plan=plan_sources,
    apply=act.apply_sources,
    undo=act.undo_sources,
    figures=FIGURES,
    problems=PROBLEMS,
    tell=_tell,
    not_taken=NOT_TAKEN,
    refusals=(act.ListInUse,),
    lacks=lacks_titles,
    needs_columns=_("Say which column holds the titles."),
    options=_of_sources,
)  # fmt: skip

MEDIA_LISTS = Importer(
    kind=OF_MEDIA,
    title=_("Lists of media items"),
    parts=(
        Part(
            MEDIA,
            _("List of media items"),
            words=lambda _options: heading_words(MEDIA),
            fields=lambda _options: _fields(MediaForm),
            shown=(_("Headline"), _("Medium"), _("Published on")),
            help_text=_("XLSX or CSV, a row for each item: day, medium and headline at least."),
        ),
    ),
    may=whoever(rules.can_edit_evidence),
    home=at_page(_("Media items"), "evidence:media"),
    plan=plan_media,
    apply=act.apply_media,
    undo=act.undo_media,
    figures=FIGURES,
    problems=PROBLEMS,
    tell=_tell,
    not_taken=NOT_TAKEN,
    refusals=(act.ListInUse,),
    lacks=lacks_needed,
    needs_columns=_("Say which columns hold the day, the medium and the headline."),
    options=_of_media,
)
IMPORTERS = (SOURCE_LISTS, MEDIA_LISTS)
